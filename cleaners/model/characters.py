"""Counts of classes of characters, line by line, over whole texts at once."""

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model.bounds import Bounds
from cleaners.word_numbers import code_points

Counted = NDArray[np.int64]

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
    """One column a line: `classes` has how many characters of each class (COUNTED of them).

    A word is a run of letters and digits; `capitals` counts the words that begin with a capital, `sentences` the stops
    and calls with a space behind; `ends` has the classes of the first and last character, a row a line.
    """

    classes: Counted
    words: Counted
    capitals: Counted
    sentences: Counted
    ends: Counted


def count(lines: Sequence[str], within: Bounds) -> Counts:
    """Count the characters of lines, none of them empty; the end of a line is a space, but for that of a text."""
    points = code_points("\n".join([*lines, ""]))
    classes = _classes().take(points, mode="clip")
    ends = np.cumsum(np.fromiter(map(len, lines), dtype=np.int64, count=len(lines)) + 1)
    last = within.starts + within.sizes - 1
    classes[ends[last] - 1] = _OTHER
    # a character by which a word begins or a sentence ends is counted in columns of its own
    wordly = (classes >= _UPPER) & (classes <= _DIGIT)
    told = wordly.copy()
    told[1:] &= ~wordly[:-1]
    told[:-1] |= ((classes[:-1] == _STOP) | (classes[:-1] == _CALL)) & (classes[1:] == _SPACE)
    column = classes + told.view(np.uint8) * np.uint8(COUNTED)
    starts = np.append(0, ends[:-1])
    row = np.repeat(np.arange(0, 2 * COUNTED * len(lines), 2 * COUNTED), ends - starts)
    row += column
    table = np.bincount(row, minlength=2 * COUNTED * len(lines)).reshape(len(lines), 2, COUNTED).T
    of_told = table[:, 1]
    every = table[:, 0] + of_told
    every[_OTHER, last] -= 1
    return Counts(
        every,
        of_told[_UPPER] + of_told[_LOWER] + of_told[_DIGIT],
        of_told[_UPPER],
        of_told[_STOP] + of_told[_CALL],
        np.stack([classes[starts], classes[ends - 2]], axis=1).astype(np.int64),
    )
