"""Counts of classes of characters, line by line, over a whole text at once."""

import functools
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_TABLE = 0x10000
_OTHER, _SPACE, _UPPER, _LOWER, _DIGIT = range(5)
_MARKS = (*(",", ".…。", "!?！？", '"“”„«»「」', "'’‘", ":;", "|/\\>›→", "-–—", "()[]", "@#&_=+", "•·●▪*", "€$£%"),)
COUNTED = _DIGIT + 1 + len(_MARKS)


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


def counts(lines: Sequence[str]) -> Floats:
    """Return one row a line: how many characters of each class (COUNTED of them), words, capitalised words.

    No line may be empty. A word is a run of letters and digits.
    """
    points = np.frombuffer("\n".join(lines).encode("utf-32-le", "replace"), dtype=np.uint32)
    classes = _classes()[np.minimum(points, _TABLE - 1)]
    starts = np.zeros(len(lines), dtype=np.int64)
    np.cumsum([len(line) + 1 for line in lines[:-1]], out=starts[1:])
    wordly = (classes >= _UPPER) & (classes <= _DIGIT)
    begins = wordly.copy()
    begins[1:] &= ~wordly[:-1]
    capital = begins & (classes == _UPPER)
    line_of = np.repeat(np.arange(len(lines)), [len(line) + 1 for line in lines])[: len(classes)]
    width = COUNTED
    table = np.bincount(line_of * width + classes, minlength=len(lines) * width).reshape(len(lines), width)
    words = np.bincount(line_of[begins], minlength=len(lines))
    capitals = np.bincount(line_of[capital], minlength=len(lines))
    return np.column_stack([table, words, capitals]).astype(np.float32)
