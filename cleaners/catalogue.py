"""All cleaners, in the order in which they run."""

from cleaners import boilerplate, encoding, header, layout, markup, names, rights

CLEANERS = (
    encoding.CLEANER,
    markup.CLEANER,
    header.CLEANER,
    rights.CLEANER,
    boilerplate.CLEANER,
    names.CLEANER,
    layout.CLEANER,
)
