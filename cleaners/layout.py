"""The last step: folds the blank lines and trailing spaces that removals leave behind."""

import re
from collections.abc import Iterable, Iterator

from cleaners.ledger import edits_between
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document

_SPACE = re.compile(r"\s+")


def propose(document: Document) -> Iterable[Edit]:
    """Propose one blank line for several, none at either end, and no space at line ends.

    Looks at white space only, so that a text with names rewritten and one without are laid out alike. A line end
    at the very end of the text stays, and so does space at the beginning of a line.
    """
    return _folds(document.text)


def _folds(text: str) -> Iterator[Edit]:
    for space in _SPACE.finditer(text):
        start, last = space.start(), space.end() == len(text)
        end = space.end() if last else text.rfind("\n", start, space.end()) + 1
        count = text.count("\n", start, end)
        if start == 0:
            wanted = ""
        elif last:
            wanted = "\n" if count == 1 else ""
        else:
            wanted = "\n" * min(count, 2)
        if end > start:
            yield from edits_between(text[start:end], wanted, "layout:layout_blank/fold", start)


CLEANER = Cleaner("layout", "2026.11.1", propose)
