"""What single words say about a block: those its author named elements with, and those it is written with.

A word's score on elements (`signs`) and in short blocks (`texts`) is the share of blocks kept under it or with it, less
the share of all blocks, counted once a site. Beside an article (`nears`) it is the logarithm of how much more often the
word stands in blocks left out than in blocks kept. The tables hold only words that were seen on six sites or more.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")
_BLOCK = "\0"
_WORD = re.compile(rf"[^\W\d_]+|\d+|[©|@•→»{_BLOCK}]")
_LONGEST_NUMBER = 5
_BEGINNING, _SHORT_BEGINNING, _LONG = 250, 60, 600
"""Characters of a block whose words are looked at, those of a long one, and how long that is."""
_MOST_NAMES = 40
_REMEMBERED = 50_000
SHORT = 20
"""Words up to which a block's own words are looked at."""


@lru_cache(maxsize=50_000)
def sign_words(sign: str) -> tuple[str, ...]:
    """Return the words in an element's names, each once, in small letters.

    >>> sign_words("div relatedPosts post-list_2")
    ('div', 'related', 'posts', 'post', 'list')
    """
    return tuple(dict.fromkeys(map(str.lower, _PART.findall(sign)[:40])))


def text_words(texts: Iterable[str]) -> list[list[str]]:
    """Return the words of the beginning of each text in small letters.

    >>> text_words(["Updated 9 May 2024", "", "© The Ferry"])
    [['updated', '9', 'may', '2024'], [], ['©', 'the', 'ferry']]
    """
    words, starts = _words(texts)
    return [words[start + 1 : end] for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]


def _words(texts: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return the words of all texts in one row, and where in it each text has its mark."""
    beginnings = [_BLOCK + text[: _BEGINNING if len(text) < _LONG else _SHORT_BEGINNING] for text in texts]
    words: list[str] = _WORD.findall("".join(beginnings).lower())
    return words, [place for place, word in enumerate(words) if word == _BLOCK]


def known_as(word: str) -> str:
    """Return what a word is called in the tables: a number by its length.

    >>> known_as("2024"), known_as("ferry")
    ('0000', 'ferry')
    """
    return "0" * min(len(word), _LONGEST_NUMBER) if word.isdigit() else word


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a page's blocks say: the words themselves, and scores of shape (blocks, 4)."""

    bags: list[list[str]]
    texts: Floats
    """Lowest, highest, mean and first score of a short block's words; zeros for a long one."""
    nears: Floats
    """Lowest and highest score, the sum over the root of the number of words, and the sum of the first three."""


@dataclass(slots=True)
class WordTable:
    """Scores of words, and what was looked up before."""

    signs: dict[str, float]
    texts: dict[str, float]
    nears: dict[str, float]
    _seen: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    _names: dict[str, dict[str, float]] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    _scores: Floats = field(default_factory=lambda: np.zeros((1, 2)))

    def __post_init__(self) -> None:
        """Give each word of texts a number; 0 is every other word."""
        known = sorted(self.texts.keys() | self.nears.keys())
        self._places = {word: place for place, word in enumerate(known, 1)}
        rows = [(0.0, 0.0), *((self.texts.get(word, 0.0), self.nears.get(word, 0.0)) for word in known)]
        self._scores = np.array(rows)

    def sign(self, sign: str) -> tuple[float, float, float]:
        """Return the lowest, the highest and the sum of the scores of an element's names."""
        if (known := self._seen.get(sign)) is None:
            found: dict[str, float] = {}
            for name in sign.split()[:_MOST_NAMES]:
                found.update(self._named(name))
            scores = found.values()
            known = (min(scores), max(scores), sum(scores)) if scores else (0.0, 0.0, 0.0)
            if len(self._seen) > _REMEMBERED:
                self._seen.clear()
            self._seen[sign] = known
        return known

    def _named(self, name: str) -> dict[str, float]:
        if (known := self._names.get(name)) is None:
            known = {word: self.signs[word] for word in sign_words(name) if word in self.signs}
            if len(self._names) > _REMEMBERED:
                self._names.clear()
            self._names[name] = known
        return known

    def said(self, texts: list[str]) -> Said:
        """Return what the words of texts say; there must be a text."""
        words, listed = _words(texts)
        get = self._places.get
        places = [get(word) or (get(known_as(word), 0) if "/" < word < ":" else 0) for word in words]
        scores = self._scores[np.array(places)]
        starts = np.array(listed)
        ends = np.append(starts[1:], len(words))
        sizes = ends - starts - 1
        low, high = np.minimum.reduceat(scores, starts), np.maximum.reduceat(scores, starts)
        sums = np.zeros((len(words) + 1, 2))
        np.cumsum(scores, axis=0, out=sums[1:])
        total = sums[ends] - sums[starts]
        first = sums[np.minimum(starts + 2, ends)] - sums[starts]
        three = sums[np.minimum(starts + 4, ends)] - sums[starts]
        count = np.maximum(sizes, 1)
        own = np.stack((low[:, 0], high[:, 0], total[:, 0] / count, first[:, 0]), axis=1)
        near = np.stack((low[:, 1], high[:, 1], total[:, 1] / np.sqrt(count), three[:, 1]), axis=1)
        bags = [words[start + 1 : end] for start, end in zip(listed, ends.tolist(), strict=True)]
        return Said(bags, np.where(sizes[:, None] <= SHORT, own, 0.0), near)


def lines_of(tables: WordTable) -> Iterable[str]:
    """Yield the tables as lines of text: table, word, score in thousandths."""
    for name, table in (("sign", tables.signs), ("text", tables.texts), ("near", tables.nears)):
        for word in sorted(table):
            yield f"{name}\t{word}\t{round(table[word] * 1000)}"


def read_table(lines: Iterable[str]) -> WordTable:
    """Return the tables that `lines_of` wrote."""
    tables: dict[str, dict[str, float]] = {"sign": {}, "text": {}, "near": {}}
    for line in lines:
        name, word, score = line.rstrip("\n").split("\t")
        tables[name][word] = int(score) / 1000
    return WordTable(tables["sign"], tables["text"], tables["near"])
