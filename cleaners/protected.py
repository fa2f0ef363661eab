"""Stretches of a text in which no name is rewritten, or is none at all: quotations, and addresses."""

import re

_QUOTE = re.compile("[“”„«»\"\n'‘’]")
_CLOSES = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’", "'": "'"}
_SINGLE = "'‘’"
_DEEPEST = 4


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
