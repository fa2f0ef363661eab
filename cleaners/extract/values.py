"""Values of attributes and scripts, as one line of plain text."""

from cleaners.extract.lines import unescape
from cleaners.extract.tags import strip_tags

_INVISIBLE = "\u00ad\u200b\u200c\u200d"


def one_line(value: str | None, longest: int = 500) -> str | None:
    """Return a value as one line of text; None where it is empty, or too long to be what it is said to be."""
    if not value or len(value) > 10 * longest:
        return None
    text = unescape(value)
    if "<" in text:
        text = strip_tags(text)
    text = " ".join(text.split())
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c in _INVISIBLE)
    return text if text and len(text) <= longest else None
