"""The words of lines: which are known, which pairs and triples they form, and which the rest of the text has too."""

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
HEAD, TAIL = 14, 6
_LONG, _SHORT = 400, 3
# No code point from here on is a letter or digit.
_TABLE = 0x32400
_PAIR, _TRIPLE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)
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

    `marks` are those of the words, sorted, and `numbers` the words' numbers in that order. `rarity` is the share of
    sites that have it, as bits; `kinds` has a row for each of KINDS.
    """

    spelled: tuple[str, ...]
    marks: Marks
    numbers: Ids
    rarity: Floats
    kinds: NDArray[np.bool_]


def lexicon(spelled: Sequence[str], rarity: Floats) -> Lexicon:
    """Return the lexicon of these words, `rarity` being that of the five marks and then of the words."""
    nothing = ("",) * FIRST_WORD
    kinds = np.array([[word in kind for word in (*nothing, *spelled)] for kind in KINDS], dtype=np.bool_)
    marks = _Split("\n".join(spelled)).marks()
    order = np.argsort(marks)
    return Lexicon(tuple(spelled), marks[order], order + FIRST_WORD, rarity, kinds)


@functools.cache
def _wordly() -> NDArray[np.bool_]:
    """Return which code points words are made of: letters, digits and the underscore."""
    return np.array([sign.isalnum() or sign == "_" for sign in map(chr, range(_TABLE))], dtype=np.bool_)


class _Split:
    """Where the words of a text begin, how long they are, and its code points."""

    __slots__ = ("lengths", "points", "starts")

    def __init__(self, text: str) -> None:
        self.points = code_points(text)
        wordly = np.zeros(len(self.points) + 2, dtype=np.bool_)
        wordly[1:-1] = _wordly()[np.minimum(self.points, _TABLE - 1)]
        edges = np.flatnonzero(wordly[1:] != wordly[:-1])
        self.starts = edges[::2]
        self.lengths = edges[1::2] - self.starts

    def marks(self) -> Marks:
        """Return the number of each word, which stands for it."""
        return word_numbers(self.points, self.starts, self.starts + self.lengths)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some lines in their order: of which line each is, and its number among the different words.

    `marks` (sorted), `known`, `lengths` and `starts` have, for each of these, its hash, its number in a model, its
    characters, and where it stands in `text`; `counts` has how many words a line has.
    """

    rows: Ids
    numbers: Ids
    counts: Ids
    text: str
    marks: Marks
    known: Ids
    lengths: Ids
    starts: Ids

    def spelled(self) -> list[str]:
        """Return the different words, in order of their numbers."""
        places = zip(self.starts.tolist(), self.lengths.tolist(), strict=True)
        return [self.text[start : start + length] for start, length in places]


def read(lines: Sequence[str], lexicon: Lexicon) -> Words:
    """Return the words of lines in lower case; of a line longer than 400 characters, those near its ends.

    >>> sorted(read(["Read more: 12 Things", "Read"], lexicon([], np.zeros(5, dtype=np.float32))).spelled())
    ['12', 'more', 'read', 'things']
    """
    cut = [line if len(line) <= _LONG else f"{line[:260]} {line[-140:]}" for line in lines]
    text = "\n".join(cut).lower()
    split = _Split(text)
    above = np.searchsorted(split.starts, np.flatnonzero(split.points == ord("\n")))
    counts = np.diff(above, prepend=0, append=len(split.starts))
    marks, first, numbers = _different(split.marks())
    starts = split.starts[first]
    known = _known(marks, lexicon)
    for number in np.flatnonzero(known == UNKNOWN).tolist():
        if text[starts[number]].isdigit():
            known[number] = NUMBER
    rows = np.repeat(np.arange(len(lines)), counts)
    return Words(rows, numbers, counts, text, marks, known, split.lengths[first], starts)


def _different(marks: Marks) -> tuple[Marks, Ids, Ids]:
    """Return the different marks, sorted, a place for each, and for each of all marks its number among them."""
    order = np.argsort(marks)
    ranked = marks[order]
    is_new = np.append(True, ranked[1:] != ranked[:-1])[: len(ranked)]
    numbers = np.empty(len(marks), dtype=np.int64)
    numbers[order] = np.cumsum(is_new) - 1
    return ranked[is_new], order[is_new], numbers


def _among(few: Marks, ranked: Marks) -> NDArray[np.bool_]:
    """Return which of the ranked marks are among a few."""
    found = np.zeros(len(ranked), dtype=np.bool_)
    if len(ranked):
        places = np.minimum(np.searchsorted(ranked, few), len(ranked) - 1)
        found[places[ranked[places] == few]] = True
    return found


def _known(marks: Marks, lexicon: Lexicon) -> Ids:
    """Return the number in a model of each word."""
    if not len(lexicon.marks):
        return np.full(len(marks), UNKNOWN)
    places = np.minimum(np.searchsorted(lexicon.marks, marks), len(lexicon.marks) - 1)
    return np.where(lexicon.marks[places] == marks, lexicon.numbers[places], UNKNOWN)


def ends(words: Words) -> tuple[Ids, Ids]:
    """Return (row, known number) of the words at the ends of lines, with marks for begin, end and what is left out."""
    n = words.counts
    cut = n > HEAD + TAIL
    sizes = np.minimum(n, HEAD + TAIL) + cut + 2
    starts = np.cumsum(sizes) - sizes
    sequence = np.empty(int(sizes.sum()), dtype=np.int64)
    sequence[starts], sequence[starts + sizes - 1] = BEGIN, END
    sequence[(starts + HEAD + 1)[cut]] = GAP
    rows = words.rows
    place = np.arange(len(rows)) - (np.cumsum(n) - n)[rows]
    from_end = n[rows] - place
    is_cut = cut[rows]
    stays = ~is_cut | (place < HEAD) | (from_end <= TAIL)
    target = np.where(is_cut & (place >= HEAD), HEAD + TAIL + 2 - from_end, place + 1) + starts[rows]
    sequence[target[stays]] = words.known[words.numbers[stays]]
    return np.repeat(np.arange(len(n)), sizes), sequence


def grams(row: Ids, flat: Ids, bits: int, size: int) -> tuple[Ids, Ids]:
    """Return (row, feature) of all words, pairs and triples.

    A word's feature is its number; pairs and triples of known words are hashed into 2**bits features from `size` on.
    """
    sure = (flat != UNKNOWN) & (flat != GAP)
    paired = (row[1:] == row[:-1]) & sure[1:] & sure[:-1]
    pairs = np.flatnonzero(paired)
    triples = np.flatnonzero(paired[1:] & paired[:-1])
    wide = flat.astype(np.uint64)
    hashed = (wide[pairs] * _PAIR + wide[pairs + 1]) * _TRIPLE
    three = ((wide[triples] * _TRIPLE + wide[triples + 1]) * _PAIR + wide[triples + 2]) * _TRIPLE
    mask = np.uint64((1 << bits) - 1)
    features = [(h ^ (h >> _SHIFT)) & mask for h in (hashed, three)]
    return (
        np.concatenate([row, row[pairs], row[triples]]),
        np.concatenate([flat, *(f.astype(np.int64) + size for f in features)]),
    )


def said(words: Words, lexicon: Lexicon) -> Floats:
    """Return one row a line: shares of words of each kind and of unknown ones, mean rarity, length of the longest.

    The kinds: small words, words to readers, those of somebody who speaks of themselves, and parts of web addresses.
    """
    each = np.vstack([lexicon.kinds[:, words.known], words.known == UNKNOWN, lexicon.rarity[words.known]])
    each = each.astype(np.float64)[:, words.numbers]
    table = np.zeros((len(words.counts), len(each) + 1))
    some = words.counts > 0
    starts = (np.cumsum(words.counts) - words.counts)[some]
    if len(starts):
        table[some, :-1] = (np.add.reduceat(each, starts, axis=1) / words.counts[some]).T
        table[some, -1] = np.maximum.reduceat(words.lengths[words.numbers], starts)
    return table.astype(np.float32)


def overlap(words: Words, prose: NDArray[np.bool_], lexicon: Lexicon, url: str) -> Floats:
    """Return one row a line: how many longer words it has and what share of them stands elsewhere.

    The shares: in another line; in other prose; the same by rarity; in the prose above, and in that below; in the
    URL. What is about something else ("read also") shares few words with the article. -1 without longer words.
    """
    size, width = len(words.counts), len(words.marks) or 1
    longer = words.lengths[words.numbers] > _SHORT
    keys = np.sort(words.rows[longer] * width + words.numbers[longer])
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    row, word = np.divmod(keys, width)
    lines_with = np.bincount(word, minlength=width)
    prose_with = np.bincount(word[prose[row]], minlength=width)
    in_prose = prose_with[word] > prose[row]
    weight = lexicon.rarity[words.known[word]]
    places = np.flatnonzero(prose)
    after = np.searchsorted(places, np.arange(size), side="right")
    before = np.searchsorted(places, np.arange(size), side="left") - 1
    beside = [np.append(places, -1)[np.where(at < len(places), at, -1)] for at in (before, after)]
    in_url = _among(_Split(url.lower()).marks(), words.marks)
    count = np.bincount(row, minlength=size)
    least = np.maximum(1, count)

    def share(hits: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(row, weights=hits, minlength=size) / least

    def stands(at: Ids) -> NDArray[np.bool_]:
        wanted = at[row] * width + word
        where = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
        return (keys[where] == wanted) & (at[row] >= 0) if len(keys) else np.zeros(0, dtype=np.bool_)

    heavy = np.bincount(row, weights=weight, minlength=size)
    by_rarity = np.bincount(row, weights=weight * in_prose, minlength=size) / np.maximum(1e-6, heavy)
    shares = [
        share(lines_with[word] > 1),
        share(in_prose),
        by_rarity,
        share(stands(beside[0])),
        share(stands(beside[1])),
        share(in_url[word]),
        heavy / least,
    ]
    table = np.column_stack([count, np.where(count[:, None] > 0, np.column_stack(shares), -1.0)])
    return table.astype(np.float32)
