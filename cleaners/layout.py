"""The last step: folds the blank lines and trailing spaces that removals leave behind."""

import re
from collections.abc import Iterable, Iterator

from cleaners.ledger import edits_between
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document

_LINE_END = re.compile(r"\n\s*")
_FOLDED = frozenset({"\n", "\n\n"})


def propose(document: Document) -> Iterable[Edit]:
    """Propose one blank line for several, none at either end, and no space at line ends.

    Looks at white space only, so that a text with names rewritten and one without are laid out alike. A line end
    at the very end of the text stays, and so does space at the beginning of a line.
    """
    return _folds(document.text)


def _folds(text: str) -> Iterator[Edit]:
    for start, stop in _spaces(text):
        last = stop == len(text)
        end = stop if last else text.rfind("\n", start, stop) + 1
        count = text.count("\n", start, end)
        if start == 0:
            wanted = ""
        elif last:
            wanted = "\n" if count == 1 else ""
        else:
            wanted = "\n" * min(count, 2)
        if end > start:
            yield from edits_between(text[start:end], wanted, "layout:layout_blank/fold", start)


def _spaces(text: str) -> Iterator[tuple[int, int]]:
    """Yield where white space begins and ends that holds a line end or closes the text, and is not as it should be."""
    closing = len(text.rstrip())
    for found in _LINE_END.finditer(text, 0, closing):
        start, stop = found.span()
        while start and text[start - 1].isspace():
            start -= 1
        if start == 0 or text[start:stop] not in _FOLDED:
            yield start, stop
    if closing < len(text):
        yield closing, len(text)


CLEANER = Cleaner("layout", "2026.11.1", propose)
