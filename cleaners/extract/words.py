"""What single words say about a block: those its author named elements with, and those it is written with.

A word's score on elements (`signs`) and in short blocks (`texts`) is the share of blocks kept under it or with it, less
the share of all blocks, counted once a site. Beside an article (`nears`) it is the logarithm of how much more often the
word stands in blocks left out than in blocks kept. The tables hold only words that were seen on six sites or more.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

import numpy as np

from cleaners.extract.columns import Floats, Ints, Rows

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")
_BLOCK = "\0"
_PART_OR_MARK = re.compile(rf"{_BLOCK}|{_PART.pattern}")
_WORD = re.compile(rf"[a-z]++(?![^\x00-\x7f])|[^\W\d_]++|\d++|[©|@•→»{_BLOCK}]")
_LONGEST_NUMBER = 5
_BEGINNING, _SHORT_BEGINNING, _LONG = 250, 60, 600
"""Characters of a block whose words are looked at, those of a long one, and how long that is."""
_MOST_NAMES = 40
_REMEMBERED, _REMEMBERED_WORDS = 50_000, 200_000
"""Elements' names, and words of texts, that are looked up once."""
SHORT = 20
"""Words up to which a block's own words are looked at."""


@lru_cache(maxsize=50_000)
def sign_words(sign: str) -> tuple[str, ...]:
    """Return the words in an element's names, each once, in small letters.

    >>> sign_words("div relatedPosts post-list_2")
    ('div', 'related', 'posts', 'post', 'list')
    """
    return tuple(dict.fromkeys(map(str.lower, _PART.findall(sign)[:_MOST_NAMES])))


def text_words(texts: Iterable[str]) -> list[list[str]]:
    """Return the words of the beginning of each text in small letters.

    >>> text_words(["Updated 9 May 2024", "", "© The Ferry"])
    [['updated', '9', 'may', '2024'], [], ['©', 'the', 'ferry']]
    """
    words = _words(texts)
    starts = [place for place, word in enumerate(words) if word == _BLOCK]
    return [words[start + 1 : end] for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]


def _words(texts: Iterable[str]) -> list[str]:
    """Return the words of all texts in one row, a mark before those of each."""
    beginnings = [text[: _BEGINNING if len(text) < _LONG else _SHORT_BEGINNING] for text in texts]
    words: list[str] = _WORD.findall((_BLOCK + _BLOCK.join(beginnings)).lower())
    return words


def known_as(word: str) -> str:
    """Return what a word is called in the tables: a number by its length.

    >>> known_as("2024"), known_as("ferry")
    ('0000', 'ferry')
    """
    return "0" * min(len(word), _LONGEST_NUMBER) if word.isdigit() else word


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a page's blocks say: the words themselves, and scores of shape (blocks, 4)."""

    words: list[str]
    """Of all blocks in one row; before those of a block stands a mark."""
    starts: Ints
    """Where in the row the mark of each block is."""
    texts: Floats
    """Lowest, highest, mean and first score of a short block's words; zeros for a long one."""
    nears: Floats
    """Lowest and highest score, the sum over the root of the number of words, and the sum of the first three."""


class _Places(dict[str, int]):
    """The number of each known word, 0 for every other; those asked for are remembered."""

    def __missing__(self, word: str) -> int:
        place = self.get(known_as(word), 0) if "/" < word < ":" else 0
        if len(self) < _REMEMBERED_WORDS:
            self[word] = place
        return place


@dataclass(slots=True)
class WordTable:
    """Scores of words, and what was looked up before."""

    signs: dict[str, float]
    texts: dict[str, float]
    nears: dict[str, float]
    _seen: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    _names: dict[str, dict[str, float]] = field(default_factory=dict)
    _marked: dict[str, float] = field(default_factory=dict)
    """The scores of `signs`, and one for the mark after a name."""
    _places: _Places = field(default_factory=_Places)
    _scores: Floats = field(default_factory=lambda: np.zeros((1, 2)))

    def __post_init__(self) -> None:
        """Give each word of texts a number: 0 is every other word, the last is the mark before a block."""
        self._marked = {**self.signs, _BLOCK: 0.0}
        known = sorted(self.texts.keys() | self.nears.keys())
        self._places.update((word, place) for place, word in enumerate([*known, _BLOCK], 1))
        scored = ((self.texts.get(word, 0.0), self.nears.get(word, 0.0)) for word in known)
        self._scores = np.array([(0.0, 0.0), *scored, (0.0, 0.0)])

    def signs_of(self, signs: Iterable[str]) -> Floats:
        """Return the lowest, the highest and the sum of the scores of each element's names, shape (elements, 3)."""
        seen, wanted = self._seen, list(signs)
        if new := {sign for sign in wanted if sign not in seen}:
            if len(seen) > _REMEMBERED:
                seen.clear()
                new = set(wanted)
            self._learn(new)
        return np.array([seen[sign] for sign in wanted]).reshape(-1, 3)

    def _learn(self, signs: set[str]) -> None:
        parts = {sign: sign.split(maxsplit=_MOST_NAMES)[:_MOST_NAMES] for sign in signs}
        if len(self._names) > _REMEMBERED:
            self._names.clear()
        known, seen = self._names, self._seen
        fresh = [name for name in dict.fromkeys(chain.from_iterable(parts.values())) if name not in known]
        known.update(zip(fresh, self._named(fresh), strict=True))
        for sign, names in parts.items():
            found: dict[str, float] = {}
            for name in names:
                if of_name := known[name]:
                    found = found | of_name if found else of_name
            if len(found) > 1:
                scores = found.values()
                seen[sign] = min(scores), max(scores), sum(scores)
            else:
                score = next(iter(found.values()), 0.0)
                seen[sign] = score, score, score

    def _named(self, names: list[str]) -> Iterator[dict[str, float]]:
        """Yield for each name the scores of those of its words that have one."""
        short = (name if len(name) <= _MOST_NAMES else " ".join(_PART.findall(name)[:_MOST_NAMES]) for name in names)
        words = list(map(str.lower, _PART_OR_MARK.findall("".join(f"{name}{_BLOCK}" for name in short))))
        found: dict[str, float] = {}
        for word, score in zip(words, map(self._marked.get, words), strict=True):
            if score is None:
                continue
            if word == _BLOCK:
                yield found
                found = {}
            else:
                found[word] = score

    def said(self, texts: list[str], pages: Ints) -> Said:
        """Return what the words of texts say; there must be a text.

        `pages` says where in the texts those of each page begin, and where they end: pages are summed by themselves.
        """
        words = _words(texts)
        places = np.fromiter(map(self._places.__getitem__, words), dtype=np.int64, count=len(words))
        scores = self._scores[places]
        starts = np.flatnonzero(places == len(self._scores) - 1)
        ends = np.append(starts[1:], len(words))
        sizes = ends - starts - 1
        low, high = np.minimum.reduceat(scores, starts), np.maximum.reduceat(scores, starts)
        rows = Rows(np.diff(np.append(starts, len(words))[pages]).tolist())
        sums, page = rows.cumulate(scores), rows.page[starts]
        before = sums[starts + page]
        total = sums[ends + page] - before
        first = sums[np.minimum(starts + 2, ends) + page] - before
        three = sums[np.minimum(starts + 4, ends) + page] - before
        count = np.maximum(sizes, 1)
        own = np.stack((low[:, 0], high[:, 0], total[:, 0] / count, first[:, 0]), axis=1)
        near = np.stack((low[:, 1], high[:, 1], total[:, 1] / np.sqrt(count), three[:, 1]), axis=1)
        return Said(words, starts, np.where(sizes[:, None] <= SHORT, own, 0.0), near)


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
