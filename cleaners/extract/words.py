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
from cleaners.extract.tokens import BLOCK, MARKS, Numbered, Tokens, tokens

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")
_PART_OR_MARK = re.compile(rf"{BLOCK}|{_PART.pattern}")
_WORD = re.compile(rf"[^\W\d_]++|\d++|[{MARKS}]")
_LONGEST_NUMBER = 5
_BEGINNING, _SHORT_BEGINNING, _LONG = 250, 60, 600
"""Characters of a block whose words are looked at, those of a long one, and how long that is."""
_MOST_NAMES = 40
_REMEMBERED = 50_000
"""Elements' names that are looked up once."""
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
    return [_WORD.findall(text.lower()) for text in beginnings(texts)]


def beginnings(texts: Iterable[str]) -> list[str]:
    """Return the part of each text whose words are looked at."""
    return [text[: _BEGINNING if len(text) < _LONG else _SHORT_BEGINNING] for text in texts]


def known_as(word: str) -> str:
    """Return what a word is called in the tables: a number by its length.

    >>> known_as("2024"), known_as("ferry")
    ('0000', 'ferry')
    """
    return "0" * min(len(word), _LONGEST_NUMBER) if word.isdigit() else word


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a page's blocks say: the words themselves, and scores of shape (blocks, 4)."""

    words: Tokens
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
    _marked: dict[str, float] = field(default_factory=dict)
    """The scores of `signs`, and one for the mark after a name."""
    _known: Numbered = field(init=False)
    _scores: Floats = field(init=False)
    _of_digits: Ints = field(init=False)
    """The place of a number by how many digits it has."""

    def __post_init__(self) -> None:
        """Give each word of texts a place; 0 is that of every other word."""
        self._marked = {**self.signs, BLOCK: 0.0}
        known = sorted(self.texts.keys() | self.nears.keys())
        self._known = Numbered(known)
        self._scores = np.array([(0.0, 0.0), *((self.texts.get(w, 0.0), self.nears.get(w, 0.0)) for w in known)])
        places = {word: place for place, word in enumerate(known, 1)}
        of_digits = [places.get(known_as("1" * count), 0) for count in range(1, _LONGEST_NUMBER + 1)]
        self._of_digits = np.array([0, *of_digits], dtype=np.int64)

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
        words = list(map(str.lower, _PART_OR_MARK.findall("".join(f"{name}{BLOCK}" for name in short))))
        found: dict[str, float] = {}
        for word, score in zip(words, map(self._marked.get, words), strict=True):
            if score is None:
                continue
            if word == BLOCK:
                yield found
                found = {}
            else:
                found[word] = score

    def said(self, texts: list[str], pages: Ints) -> Said:
        """Return what the words of texts say; there must be a text.

        `pages` says where in the texts those of each page begin, and where they end: pages are summed by themselves.
        """
        words = tokens(beginnings(texts))
        starts, count = words.starts, len(words.numbers)
        of_digits = self._of_digits[np.minimum(words.digits, _LONGEST_NUMBER)]
        places = np.where(words.digits > 0, of_digits, self._known.places(words.numbers))
        scores = self._scores[places]
        ends = np.append(starts[1:], count)
        sizes = ends - starts - 1
        low, high = np.minimum.reduceat(scores, starts), np.maximum.reduceat(scores, starts)
        rows = Rows(np.diff(np.append(starts, count)[pages]).tolist())
        sums, page = rows.cumulate(scores), rows.page[starts]
        before = sums[starts + page]
        total = sums[ends + page] - before
        first = sums[np.minimum(starts + 2, ends) + page] - before
        three = sums[np.minimum(starts + 4, ends) + page] - before
        size = np.maximum(sizes, 1)
        own = np.stack((low[:, 0], high[:, 0], total[:, 0] / size, first[:, 0]), axis=1)
        near = np.stack((low[:, 1], high[:, 1], total[:, 1] / np.sqrt(size), three[:, 1]), axis=1)
        return Said(words, np.where(sizes[:, None] <= SHORT, own, 0.0), near)


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
