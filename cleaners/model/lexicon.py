"""The words that a model knows, and how words are told from each other: by numbers made of their code points."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.word_numbers import code_points, word_numbers

Ids = NDArray[np.int64]
Marks = NDArray[np.uint64]
Floats = NDArray[np.float32]

UNKNOWN, NUMBER, BEGIN, END, GAP = range(5)
FIRST_WORD = 5
# No code point from here on is a letter or digit.
_TABLE = 0x32400
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
# Small words of the languages that pages of our subject are in, the words with which a site speaks to its readers, and
# those with which one of them speaks of themselves.
_SMALL_WORDS = """
the of and to in a is that for on with as by at it was be are from this an or not has have had were but they his her he
she i der die das und den von zu mit ist im für auf nicht ein eine sich dem des es war sie er le la les et que en un une
du el los las y de una het een van в и на не что с по как из он она к у о за və bu bir ki ilə ve için և է որ են ու մի
"""
_ADDRESS_WORDS = """
you your our us we my me ihr ihre ihren sie uns unser unsere wir ваш вас вы наш нас мы siz sizin biz bizim ձեր մեր
"""
_OWN_WORDS = "i my me im ive ich mein meine mir я мне мой"
_WEB_WORDS = "http https www com"
KINDS = tuple(frozenset(kind.split()) for kind in (_SMALL_WORDS, _ADDRESS_WORDS, _OWN_WORDS, _WEB_WORDS))
"""Words that a model knows whatever it was trained on, by kind."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words a model knows, numbered from FIRST_WORD on; for each number, how rare it is and of what kinds.

    `rarity` is the share of sites that have it, as bits; `kinds` has 1 << n for the nth of KINDS. `marks` and `numbers`
    have a column for each bucket: those of the words that `_bucket` puts there, and then 0 (UNKNOWN).
    """

    spelled: tuple[str, ...]
    marks: Marks
    numbers: Ids
    rarity: Floats
    kinds: NDArray[np.uint8]

    def known(self, marks: Marks) -> Ids:
        """Return the number of each word."""
        bucket = _bucket(marks, self.marks.shape[1])
        known = np.full(len(marks), UNKNOWN)
        left = np.arange(len(marks))
        for stored, numbers in zip(self.marks, self.numbers, strict=True):
            asked = bucket[left]
            met = stored.take(asked)
            same = met == marks[left]
            known[left[same]] = numbers[asked[same]]
            left = left[~same & (met > 0)]
        return known


def lexicon(spelled: Sequence[str], rarity: Floats) -> Lexicon:
    """Return the lexicon of these words, `rarity` being that of the five marks and then of the words."""
    every = (*("",) * FIRST_WORD, *spelled)
    kinds = sum(np.array([word in kind for word in every], dtype=np.uint8) << at for at, kind in enumerate(KINDS))
    marks = Split("\n".join(spelled)).marks()
    size = 1 << max(1, (2 * len(marks)).bit_length())
    bucket = _bucket(marks, size)
    order = np.argsort(bucket, kind="stable")
    sizes = np.bincount(bucket, minlength=size)
    place = np.arange(len(marks)) - (np.cumsum(sizes) - sizes)[bucket[order]]
    shape = int(sizes.max()), size
    table, numbers = np.zeros(shape, dtype=np.uint64), np.full(shape, UNKNOWN)
    table[place, bucket[order]], numbers[place, bucket[order]] = marks[order], order + FIRST_WORD
    return Lexicon(tuple(spelled), table, numbers, rarity, np.asarray(kinds, dtype=np.uint8))


def _bucket(marks: Marks, size: int) -> Ids:
    """Return which of `size` (a power of 2) buckets each word is in."""
    return (marks * _SPREAD >> np.uint64(65 - size.bit_length())).astype(np.int64)


@functools.cache
def _signs() -> NDArray[np.uint8]:
    """Return 1 for code points that words are made of: letters and the underscore; 3 for digits, which are, too."""
    signs = map(chr, range(_TABLE))
    return np.array([(sign.isalnum() or sign == "_") + 2 * sign.isdigit() for sign in signs], dtype=np.uint8)


class Split:
    """Where the words of a text begin, how long they are, and its code points."""

    __slots__ = ("_signs", "lengths", "points", "starts")

    def __init__(self, text: str) -> None:
        self.points = code_points(text)
        # it begins and ends outside of words
        self._signs = np.zeros(len(self.points) + 2, dtype=np.uint8)
        _signs().take(self.points, mode="clip", out=self._signs[1:-1])
        wordly = self._signs.astype(np.bool_)
        edges = np.flatnonzero(wordly[1:] != wordly[:-1])
        self.starts = edges[::2]
        self.lengths = edges[1::2] - self.starts

    def marks(self) -> Marks:
        """Return the number of each word, which stands for it."""
        return word_numbers(self.points, self.starts, self.starts + self.lengths)

    def begin_with_digit(self) -> NDArray[np.bool_]:
        """Return which words do."""
        return self._signs[self.starts + 1] > 1
