"""All cleaners, in the order in which they run."""

from cleaners import boilerplate, encoding, header, layout, lines, markup, memory, names, rights

CLEANERS = (
    encoding.CLEANER,
    markup.CLEANER,
    header.CLEANER,
    rights.CLEANER,
    boilerplate.CLEANER,
    lines.CLEANER,
    memory.CLEANER,
    names.CLEANER,
    layout.CLEANER,
)
