"""Stretches of a text that are somebody else's words, or no words: quotations, and addresses."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

_QUOTE = re.compile("[“”„«»\"\n'‘’]")
_CLOSES = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’", "'": "'"}
_SINGLE = "'‘’"
_DEEPEST = 4
# Linear: neither side of the bar can pass a mark of its own kind.
_LONG_QUOTATION = re.compile("“[^“”]*”|«[^«»]*»")
_LONGEST_QUOTATION = 2000


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the quoted stretches, outermost only, in order; one that is never closed ends with its line.

    A single quotation mark that is never closed is an apostrophe.

    >>> [text[a:b] for text in ["He said: “We hold ‘Shushi’.” Yes, 'now'."] for a, b in quotations(text)]
    ['“We hold ‘Shushi’.”', "'now'"]
    """
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for match in _QUOTE.finditer(text + "\n"):
        mark, at = match.group(), match.start()
        if mark == "\n":
            first = next((start for opener, start in opened if opener not in _SINGLE), None)
            found += [(first, at)] if first is not None else []
            opened.clear()
            continue
        inside = at > 0 and text[at - 1].isalnum(), text[at + 1 : at + 2].isalnum()
        level = next((i for i in reversed(range(len(opened))) if mark in _CLOSES[opened[i][0]]), None)
        if level is not None and not (mark in _SINGLE and inside[1]):
            if all(opener in _SINGLE for opener, _ in opened[:level]):
                found.append((opened[level][1], at + 1))
            del opened[level:]
        elif mark in _CLOSES and len(opened) < _DEEPEST and (mark not in _SINGLE or inside == (False, True)):
            opened.append((mark, at))
    return found


def quoted_lines(text: str, lines: Sequence[tuple[int, int, str]]) -> frozenset[int]:
    """Return the lines, (start, end, words) each, that begin inside a quotation that runs over several of them.

    Only quotations between typographic marks count.
    """
    quoted: set[int] = set()
    goes_on = any(_goes_on(words, *marks) for marks in ("“”", "«»") if marks[0] in text for *_, words in lines)
    for quotation in _LONG_QUOTATION.finditer(text) if goes_on else ():
        if "\n" in quotation[0] and len(quotation[0]) <= _LONGEST_QUOTATION:
            first = bisect_right(lines, quotation.start(), key=itemgetter(0))
            quoted.update(range(first, bisect_left(lines, quotation.end(), key=itemgetter(0))))
    return frozenset(quoted)


def _goes_on(line: str, opening: str, closing: str) -> bool:
    """Tell whether the last mark in a line opens a quotation."""
    return opening in line and line.rfind(opening) > line.rfind(closing)


_WHITE = re.compile(r"\s")
_ADDRESS = re.compile(r"://|@|#\w|^\W*www\.|^\W*/\w|\w\.[a-z]")


def address_around(text: str, start: int, floor: int) -> tuple[int, bool]:
    """Return the end of the stretch without white space around `start`, from `floor` on, and if it is an address.

    An address is a URL, an e-mail address, a handle, a hashtag, a path or a file name.
    """
    space = _WHITE.search(text, start)
    end = space.start() if space else len(text)
    begin = max(text.rfind(mark, floor, start) + 1 for mark in " \n") or floor
    return end, _ADDRESS.search(text[begin:end]) is not None
