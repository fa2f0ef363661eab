"""Counts of classes of characters, line by line, over a whole text at once."""

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_TABLE = 0x10000
_OTHER, _SPACE, _UPPER, _LOWER, _DIGIT, _STOP, _CALL = 0, 1, 2, 3, 4, 6, 8
_MARKS = (
    *(",", ".。", "…", "!?！？", '"“”„«»「」', "'’‘", ":;", "|/\\>›→", "-–—", "()[]"),
    *("@", "©®™", "#&_=+", "•·●▪*", "€$£%"),
)
COUNTED = _DIGIT + 1 + len(_MARKS)
UPPER, LOWER, DIGIT = _UPPER, _LOWER, _DIGIT
"""Columns of some classes."""


@functools.cache
def _classes() -> NDArray[np.uint8]:
    """Return the class of each code point below 0x10000."""
    table = np.zeros(_TABLE, dtype=np.uint8)
    by_category = {"Lu": _UPPER, "Lt": _UPPER, "Ll": _LOWER, "Lo": _LOWER, "Lm": _LOWER, "Nd": _DIGIT, "Zs": _SPACE}
    for point in range(_TABLE):
        table[point] = by_category.get(unicodedata.category(chr(point)), _OTHER)
    table[[9, 10, 13]] = _SPACE
    for number, marks in enumerate(_MARKS):
        table[[ord(mark) for mark in marks]] = _DIGIT + 1 + number
    return table


@dataclass(frozen=True, slots=True)
class Counts:
    """One row a line: `classes` has how many characters of each class (COUNTED of them).

    A word is a run of letters and digits; `capitals` counts the words that begin with a capital, `sentences` the stops
    and calls with a space behind; `ends` has the classes of the first and last character.
    """

    classes: Floats
    words: Floats
    capitals: Floats
    sentences: Floats
    ends: NDArray[np.int64]


def count(lines: Sequence[str]) -> Counts:
    """Count the characters of lines, none of them empty."""
    points = np.frombuffer("\n".join(lines).encode("utf-32-le", "replace"), dtype=np.uint32)
    classes = _classes()[np.minimum(points, _TABLE - 1)]
    sizes = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
    starts = np.cumsum(sizes + 1) - sizes - 1
    wordly = (classes >= _UPPER) & (classes <= _DIGIT)
    begins = wordly.copy()
    begins[1:] &= ~wordly[:-1]
    row = np.repeat(np.arange(0, len(lines) * COUNTED, COUNTED), sizes + 1)[: len(classes)]
    table = np.bincount(row + classes, minlength=len(lines) * COUNTED).reshape(len(lines), COUNTED)
    ended = np.zeros(len(classes), dtype=np.bool_)
    ended[:-1] = ((classes[:-1] == _STOP) | (classes[:-1] == _CALL)) & (classes[1:] == _SPACE)

    def per_line(flags: NDArray[np.bool_]) -> Floats:
        return np.add.reduceat(flags, starts, dtype=np.int64).astype(np.float32)

    return Counts(
        table.astype(np.float32),
        per_line(begins),
        per_line(begins & (classes == _UPPER)),
        per_line(ended),
        np.stack([classes[starts], classes[starts + sizes - 1]], axis=1).astype(np.int64),
    )
