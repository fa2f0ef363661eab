"""The line model: what it sees in a text (words, layout, places), its trees, and its weights."""
