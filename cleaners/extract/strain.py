"""What is too much about a page for a tree builder: a guard against hostile pages, in linear time.

Tree builders and extractors are quadratic in some of them: in nesting depth, in cells of one table, in attributes of
one tag, in formatting that is never closed. Nearly every page is shown not to be too much by counts of its bytes; of
the others the tags are read one by one.
"""

import re

import numpy as np
from numpy.typing import NDArray

from cleaners.extract.tags import BLOCKS, CELLS, tags

MAX_CHARACTERS = 20_000_000
MAX_TAGS = 60_000
"""Of 1,457 pages measured none has more than 22,000; at this number the extractor needs about 5 seconds."""
MAX_CELLS = 10_000
"""The extractor is quadratic in table cells: 10,000 take 0.6 s, 20,000 take 2.3 s; measured pages have up to 950."""
MAX_ATTRIBUTES = 500
"""Per tag; tree builders are quadratic in them: of 40,000 lexbor needs 2.4 s."""
MAX_DEPTH = 1_000
"""A tree builder looks through the open elements again and again: at 40,000 lexbor needs 1.7 s."""
MAX_COPIES = 1_000_000
"""Of formatting elements: one that is left open is opened anew in every later paragraph (HTML standard 13.2.4.3)."""
_PLAIN_TAGS = 10_000
"""Up to this many no depth is too deep: lexbor needs 0.1 s for as many nested elements."""
_PLAIN_CHARACTERS = 60_000
"""Up to this many there is no room for attributes that would take longer than 0.3 s."""
_MOST_READ = 4
"""Times a page's length that is read of tags with a ">" in a value before all tags are read."""
_MOST_COMPARED = 200_000_000
"""Pairs of attributes that lexbor compares in 0.3 s."""

_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
        *("wbr",),
    )
)
# these end by themselves where the next of their kind begins, so that a row of them is no nesting
_SELF_ENDING = frozenset(
    ("p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup")
)
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"))
# of equal ones a tree builder repeats three; these differ, or may
_FORMATTED = re.compile(r"<(?=[bcefistuBCEFISTU])(?:[bisuBISU]|(?i:big|code|em|font|small|strike|strong|tt))[\s/]")
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"?|'[^']*'?)""")

_Bytes = NDArray[np.uint8]
_LESS, _GREATER, _SLASH, _EQUALS, _QUOTES = ord("<"), ord(">"), ord("/"), ord("="), (ord('"'), ord("'"))
_SPACES = bytes(range(0x09, 0x0E)) + bytes(range(0x1C, 0x21))


def _table(pairs: dict[str, bytes]) -> NDArray[np.bool_]:
    """Return which first bytes, small or capital, are followed by which second ones, shape (65536,)."""
    found = np.zeros((256, 256), dtype=np.bool_)
    for first, seconds in pairs.items():
        for code in (ord(first), ord(first.upper())):
            found[code, list(seconds)] = True
    return found.ravel()


_AFTER_NAME = _SPACES + b"/" + bytes(range(0x80, 0x100))
"""Bytes that white space, or a slash, may begin with."""
_BEGINS_FORMATTED = _table(
    {
        "b": _AFTER_NAME + b"iI",
        "i": _AFTER_NAME,
        "s": _AFTER_NAME + b"mMtT",
        "u": _AFTER_NAME,
        "c": b"oO",
        "e": b"mM",
        "f": b"oO",
        "t": b"tT",
    }
)
"""The first two bytes after the "<" of whatever `_FORMATTED` matches, and of some other tags."""
_SPACE, _ENDS_SPACE = np.zeros(256, dtype=np.bool_), np.zeros(256, dtype=np.bool_)
_SPACE[list(_SPACES)] = True
_ENDS_SPACE[[0xC2, 0x9A, 0x80, 0x81]] = True
"""Bytes before the last one of white space that is not ASCII."""
_MOST_SPACES = 9
"""Between "=" and a value, by `tags`."""


def strain(page: str, encoded: bytes) -> str | None:
    """Say what is too much about a page for a tree builder, or return None where nothing is; `encoded` is its UTF-8."""
    if len(page) > MAX_CHARACTERS:
        return f"longer than {MAX_CHARACTERS:,} characters"
    return None if _is_plain(page, encoded) else _strain(page)


def _is_plain(page: str, encoded: bytes) -> bool:
    """Return whether a page cannot be too much, by counts that cost a twentieth of reading its tags."""
    codes = np.frombuffer(encoded, dtype=np.uint8)
    begun = np.flatnonzero(codes[:-2] == _LESS)
    count = len(begun) + 2
    if count > _PLAIN_TAGS:
        return False
    if count * count > MAX_COPIES:
        pairs = codes[begun + 1].astype(np.intp) << 8 | codes[begun + 2]
        if (
            count * np.count_nonzero(_BEGINS_FORMATTED[pairs]) > MAX_COPIES
            and count * len(_FORMATTED.findall(page)) > MAX_COPIES
        ):
            return False
    return len(page) <= _PLAIN_CHARACTERS or not _may_crowd(page, codes, begun)


def _may_crowd(page: str, codes: _Bytes, begun: NDArray[np.intp]) -> bool:
    """Return whether tags may have more attributes than a tree builder compares in 0.3 s.

    Of a tag with many either the first ">" is far from its beginning, or that ">" is part of a value in quotation
    marks: then the last such mark before it opens the value, for it stands after "=" or white space. What looks like
    that is looked at; most of it is no tag, but a drawing or a script.
    """
    begun = begun[(codes[begun + 1] | 0x20) - np.uint8(ord("a")) < 26]
    closes = np.flatnonzero(codes == _GREATER)
    ends = np.append(closes, len(codes))[np.searchsorted(closes, begun)]
    opened = np.zeros(len(begun), dtype=np.bool_)
    for mark in _QUOTES:
        marks = np.flatnonzero(codes == mark)
        if len(marks):
            last = marks[np.searchsorted(marks, ends) - 1]  # the very last one, and so no harm, where none is before
            some = np.flatnonzero((begun < last) & (last < ends))
            opened[some[_opens_value(codes, last[some] - 1)]] = True
    # of those with the same end no other than the first can be a tag
    far = (ends - begun > 2 * MAX_ATTRIBUTES) & (np.diff(ends, prepend=-1) > 0)
    compared = int(((ends[far] - begun[far]) ** 2).sum()) // 4  # as if each were a letter and a space
    if compared > _MOST_COMPARED // 2:
        compared = sum(_most_attributes(codes[a:b]) ** 2 for a, b in zip(begun[far], ends[far], strict=True))
    at = read = shift = 0
    for start in begun[opened].tolist():
        shift += int(np.count_nonzero(codes[at:start] & 0xC0 == 0x80))  # from bytes to characters
        at = start
        _, _, first, end = next(tags(page, start - shift))
        read += end - first
        compared += _most_attributes(np.frombuffer(page[first:end].encode(), dtype=np.uint8)) ** 2
        if compared > _MOST_COMPARED or read > _MOST_READ * len(page):
            return True
    return compared > _MOST_COMPARED


def _most_attributes(tag: _Bytes) -> int:
    """Return a number of attributes that a tag cannot have more of: each has white space, "=" or "/" before it."""
    space = tag <= ord(" ")
    parted = np.count_nonzero(space[1:] > space[:-1])
    return int(parted + np.count_nonzero(tag == _EQUALS) + np.count_nonzero(tag == _SLASH)) + 1


def _opens_value(codes: _Bytes, before: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return whether "=" is at each of the places, or white space after it."""
    code = codes[before]
    found: NDArray[np.bool_] = code == _EQUALS
    odd = np.flatnonzero((code <= ord(" ")) | (code >= 0x80))
    at = before[odd]
    found[odd] = (code[odd] >= 0x80) & _ENDS_SPACE[codes[at - 1]]
    for _ in range(_MOST_SPACES):
        at -= _SPACE[codes[at]]
    found[odd] |= (codes[at] == _EQUALS) | ((code[odd] < 0x80) & (codes[at] >= 0x80))
    return found


def _is_crowded(tag: str) -> bool:
    if len(tag) <= 2 * MAX_ATTRIBUTES:
        return False
    return len(_QUOTED.sub(" ", tag).replace("/", " ").split()) > MAX_ATTRIBUTES


def _strain(page: str) -> str | None:
    count = cells = copies = 0
    stack: list[str] = []
    open_count: dict[str, int] = {}
    formats: dict[str, int] = {}
    for name, closing, start, end in tags(page):
        count += 1
        if count > MAX_TAGS:
            return f"more than {MAX_TAGS:,} tags"
        if name in _FORMATTING and (closing or end - start > len(name) + 2):
            formats[name] = max(formats.get(name, 0) + (-1 if closing else 1), 0)
        if closing:
            _close(name, stack, open_count)
        if closing or not name:
            continue
        copies += sum(formats.values())
        if copies > MAX_COPIES:
            return f"formatting that is never closed and would be repeated more than {MAX_COPIES:,} times"
        if end - start > 2 * MAX_ATTRIBUTES and _is_crowded(page[start:end]):
            return f"more than {MAX_ATTRIBUTES:,} attributes in one tag"
        cells += name in CELLS
        if cells > MAX_CELLS:
            return f"more than {MAX_CELLS:,} table cells"
        # a slash ends no element of HTML, and is believed only where the name may be SVG's or the page's own
        ended = page[end - 2] == "/" and name not in BLOCKS and name not in _FORMATTING
        if name not in _VOID and name not in _SELF_ENDING and not ended:
            stack.append(name)
            open_count[name] = open_count.get(name, 0) + 1
            if len(stack) > MAX_DEPTH:
                return f"elements nested more than {MAX_DEPTH:,} deep"
    return None


def _close(name: str, stack: list[str], open_count: dict[str, int]) -> None:
    """Close the innermost element of that name, and all inside it; nothing where none is open."""
    if not open_count.get(name):
        return
    last = ""
    while last != name:
        last = stack.pop()
        open_count[last] -= 1
