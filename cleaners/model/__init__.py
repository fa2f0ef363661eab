"""The line model: what it sees in texts (words, layout, places), its networks, and its weights."""
