"""The words of lines: which are known, which pairs and triples they form, and what kinds of words they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model.lexicon import BEGIN, END, GAP, KINDS, NUMBER, UNKNOWN, Ids, Lexicon, Marks, Split

Doubles = NDArray[np.float64]

HEAD, TAIL = 14, 6
_LONG = 400
_PAIR, _TRIPLE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some lines in their order: of which line each is, its hash, its number in a model, its characters.

    `counts` has how many words a line has; `starts` is where each word stands in `text`.
    """

    rows: Ids
    marks: Marks
    known: Ids
    lengths: Ids
    counts: Ids
    starts: Ids
    text: str

    def spelled(self) -> list[str]:
        """Return the different words."""
        first = np.unique(self.marks, return_index=True)[1]
        places = zip(self.starts[first].tolist(), self.lengths[first].tolist(), strict=True)
        return [self.text[start : start + length] for start, length in places]


def read(lines: Sequence[str], lexicon: Lexicon) -> Words:
    """Return the words of lines in lower case; of a line longer than 400 characters, those near its ends.

    >>> from cleaners.model.lexicon import lexicon
    >>> sorted(read(["Read more: 12 Things", "Read"], lexicon([], np.zeros(5, dtype=np.float32))).spelled())
    ['12', 'more', 'read', 'things']
    """
    # one by one: most lines are ASCII, whose case is folded fast
    text = "\n".join([(line if len(line) <= _LONG else f"{line[:260]} {line[-140:]}").lower() for line in lines])
    split = Split(text)
    above = np.searchsorted(split.starts, np.flatnonzero(split.points == ord("\n")))
    counts = np.diff(above, prepend=0, append=len(split.starts))
    marks = split.marks()
    known = lexicon.known(marks)
    known[(known == UNKNOWN) & split.begin_with_digit()] = NUMBER
    rows = np.repeat(np.arange(len(lines)), counts)
    return Words(rows, marks, known, split.lengths, counts, split.starts, text)


def ends(words: Words) -> tuple[Ids, Ids]:
    """Return (row, known number) of the words at the ends of lines, with marks for begin, end and what is left out."""
    n = words.counts
    sizes = np.minimum(n + 2, HEAD + TAIL + 3)
    starts = np.cumsum(sizes) - sizes
    sequence = np.full(int(sizes.sum()), GAP)
    sequence[starts], sequence[starts + sizes - 1] = BEGIN, END
    first = np.cumsum(n) - n
    place = np.arange(len(words.rows)) - first[words.rows]
    from_end = n[words.rows] - place
    stay = np.flatnonzero((place < HEAD) | (from_end <= TAIL))
    row, place = words.rows[stay], place[stay]
    # the last word stands before the mark for the end, however many are left out
    target = np.where(place < HEAD, place + 1, sizes[row] - 1 - from_end[stay]) + starts[row]
    sequence[target] = words.known[stay]
    return np.repeat(np.arange(len(n)), sizes), sequence


def grams(row: Ids, flat: Ids, bits: int, size: int) -> tuple[Ids, Ids]:
    """Return (row, feature) of all words, pairs and triples, in order of rows.

    A word's feature is its number; pairs and triples of known words are hashed into 2**bits features from `size` on.
    """
    sure = (flat != UNKNOWN) & (flat != GAP)
    stand = np.ones((len(flat), 3), dtype=np.bool_)
    stand[:2, 1:] = False
    # a mark for the begin ends no pair: it is the first of its row
    np.logical_and(sure[1:] & sure[:-1], flat[1:] != BEGIN, out=stand[1:, 1])
    np.logical_and(stand[2:, 1], stand[1:-1, 1], out=stand[2:, 2])
    wide = flat.astype(np.uint64)
    hashed = (wide[:-1] * _PAIR + wide[1:]) * _TRIPLE
    three = ((wide[:-2] * _TRIPLE + wide[1:-1]) * _PAIR + wide[2:]) * _TRIPLE
    features = np.empty((len(flat), 3), dtype=np.int64)
    features[:, 0] = flat
    mask = np.uint64((1 << bits) - 1)
    features[1:, 1] = (hashed ^ (hashed >> _SHIFT)) & mask
    features[2:, 2] = (three ^ (three >> _SHIFT)) & mask
    features[:, 1:] += size
    return np.repeat(row, np.count_nonzero(stand, axis=1)), features[stand]


def said(words: Words, lexicon: Lexicon) -> Doubles:
    """Return rows: shares of words of each kind and of unknown ones, mean rarity, length of the longest.

    The kinds: small words, words to readers, those of somebody who speaks of themselves, and parts of web addresses. A
    column is a line.
    """
    size, kinds = len(words.counts), len(KINDS)
    shares = with_bits(words.rows, lexicon.kinds[words.known] + ((words.known == UNKNOWN) << kinds), kinds + 1, size)
    rarity = np.bincount(words.rows, weights=lexicon.rarity[words.known], minlength=size)
    longest = np.zeros(size)
    some = np.flatnonzero(words.counts)
    if len(some):
        longest[some] = np.maximum.reduceat(words.lengths, (np.cumsum(words.counts) - words.counts)[some])
    least = np.maximum(1, words.counts)
    return np.vstack([shares / least, rarity / least, longest])


def with_bits(row: Ids, code: Ids, bits: int, size: int) -> Doubles:
    """Return how many of the codes that each row has have each bit: (bits, size).

    >>> with_bits(np.array([0, 0, 2]), np.array([0b01, 0b11, 0b10]), 2, 3).tolist()
    [[2.0, 0.0, 0.0], [1.0, 0.0, 1.0]]
    """
    table = np.bincount((row << bits) + code, minlength=size << bits).reshape(size, -1)
    has = np.arange(1 << bits) >> np.arange(bits)[:, None] & 1
    counts: Doubles = has.astype(np.float64) @ table.T.astype(np.float64)
    return counts
