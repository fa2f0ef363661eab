"""The letters of a text, for telling whether two texts say the same."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_LETTERS = re.compile(r"[^\W_]+")
_SMALL = bytes(range(128)).lower() + bytes(range(128, 256))
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())


_BETWEEN = "\ua66e"
"""A letter that hardly any text has, to tell texts apart that are squeezed in one go."""


def squeeze_all(texts: list[str]) -> list[str]:
    """Return what `squeeze` makes of each text.

    >>> squeeze_all(["The ferry", "", "again!"])
    ['theferry', '', 'again']
    """
    joined = _BETWEEN.join(texts)
    if not texts or joined.count(_BETWEEN) >= len(texts):
        return list(map(squeeze, texts))
    return "".join(_LETTERS.findall(joined)).casefold().split(_BETWEEN)


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, in small letters.

    >>> squeeze("The ferry, again")
    'theferryagain'
    """
    if text.isascii():
        return text.encode().translate(_SMALL, _NO_ASCII_LETTER).decode()
    return "".join(_LETTERS.findall(text)).casefold()


_SIZES = (12, 6)
"""Characters at the ends of a text by which it is told that a longer one has it nowhere."""
_MANY = 1_000_000
"""Characters to be looked through, for all texts together, from which that is faster than to look for each."""
_BITS = 18


def are_in(texts: Sequence[str], whole: str) -> list[bool]:
    """Return whether each text is a part of a longer one.

    >>> are_in(["ferry", "harbour"], "theferryagain")
    [True, False]
    """
    if len(whole) * len(texts) < _MANY:
        return list(_in_order(texts, [True] * len(texts), whole))
    possible = np.ones(len(texts), dtype=np.bool_)
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    longest = np.iinfo(np.int64).max
    for size in _SIZES:
        some = np.flatnonzero((sizes >= size) & (sizes < longest)).tolist()
        longest = size
        if some:
            known = np.zeros(1 << _BITS, dtype=np.bool_)
            known[_runs(whole, size)] = True
            for ends in ([texts[n][:size] for n in some], [texts[n][-size:] for n in some]):
                possible[some] &= known[_runs("".join(ends), size)[::size]]
    return list(_in_order(texts, possible.tolist(), whole))


def _in_order(texts: Sequence[str], possible: Sequence[bool], whole: str) -> Iterator[bool]:
    """Yield whether each text is in the whole, looked for first after the one before it."""
    at = 0
    for text, may in zip(texts, possible, strict=True):
        place = whole.find(text, at) if may else -1
        if may and place < 0 < at:
            place = whole.find(text, 0, at + len(text))
        at = max(place, 0) or at
        yield place >= 0


def _runs(text: str, size: int) -> NDArray[np.uint32]:
    """Return a number of `_BITS` bits for each run of `size` characters, which is a power of two times three."""
    found = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    found = (found[:-2] * np.uint32(0x9E3779B1) + found[1:-1]) * np.uint32(0x85EBCA77) + found[2:]
    width = 3
    while width < size:
        found = found[:-width] * np.uint32(0xC2B2AE3D) + found[width:]
        width *= 2
    return (found * np.uint32(0x27D4EB2F)) >> np.uint32(32 - _BITS)
