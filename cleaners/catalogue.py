"""All cleaners, in the order in which they run."""

from cleaners import boilerplate, encoding, header, layout, lines, markup, memory, names, rights

CLEANERS = (
    encoding.CLEANER,
    markup.CLEANER,
    header.CLEANER,
    rights.CLEANER,
    boilerplate.CLEANER,
    memory.CLEANER,
    lines.CLEANER,
    names.CLEANER,
    layout.CLEANER,
)
