"""What single words say about a block: those its author named elements with, and those it is written with.

A word's score on elements (`signs`) and in short blocks (`texts`) is the share of blocks kept under it or with it, less
the share of all blocks, counted once a site. Beside an article (`nears`) it is the logarithm of how much more often the
word stands in blocks left out than in blocks kept. The tables hold only words that were seen on six sites or more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from cleaners.extract.columns import Floats, Ints, Rows
from cleaners.extract.tokens import MARKS, Numbered, Tokens, parts, tokens

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")
_WORD = re.compile(rf"[^\W\d_]++|\d++|[{MARKS}]")
_LONGEST_NUMBER = 5
_BEGINNING, _SHORT_BEGINNING, _LONG = 250, 60, 600
"""Characters of a block whose words are looked at, those of a long one, and how long that is."""
MOST_NAMES, _PLAIN = 40, 60
"""Names that are looked at of an element, and words of each; up to so many ASCII characters there are no more."""
_REMEMBERED = 50_000
SHORT = 20
"""Words up to which a block's own words are looked at."""


@lru_cache(maxsize=50_000)
def sign_words(sign: str) -> tuple[str, ...]:
    """Return the words in an element's names, each once, in small letters.

    >>> sign_words("div relatedPosts post-list_2")
    ('div', 'related', 'posts', 'post', 'list')
    """
    return tuple(dict.fromkeys(words_of(sign)[:MOST_NAMES]))


def words_of(name: str) -> list[str]:
    """Return the words that an element's names are made of, in small letters."""
    return list(map(str.lower, _PART.findall(name)))


def _shortened(sign: str) -> str:
    """Return the first names of an element that has many, each with as many words."""
    names = sign.split(maxsplit=MOST_NAMES)[:MOST_NAMES]
    return " ".join(name if len(name) <= MOST_NAMES else " ".join(_PART.findall(name)[:MOST_NAMES]) for name in names)


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
    _names: Numbered = field(init=False)
    _sign_scores: Floats = field(init=False)
    _rows: dict[str, int] = field(default_factory=dict)
    _sign_table: Floats = field(default_factory=lambda: np.empty((0, 3)))
    """What `signs_of` found before, and the row of each sign."""
    _known: Numbered = field(init=False)
    _scores: Floats = field(init=False)
    _of_digits: Ints = field(init=False)
    """The place of a number by how many digits it has."""

    def __post_init__(self) -> None:
        """Give each word of texts a place; 0 is that of every other word."""
        self._names = Numbered(list(self.signs))
        self._sign_scores = np.array([0.0, *self.signs.values()])
        known = sorted(self.texts.keys() | self.nears.keys())
        self._known = Numbered(known)
        self._scores = np.array([(0.0, 0.0), *((self.texts.get(w, 0.0), self.nears.get(w, 0.0)) for w in known)])
        places = {word: place for place, word in enumerate(known, 1)}
        of_digits = [places.get(known_as("1" * count), 0) for count in range(1, _LONGEST_NUMBER + 1)]
        self._of_digits = np.array([0, *of_digits], dtype=np.int64)

    def signs_of(self, signs: Iterable[str]) -> Floats:
        """Return the lowest, the highest and the sum of the scores of each element's names, shape (elements, 3)."""
        wanted = list(signs)
        try:
            rows = list(map(self._rows.__getitem__, wanted))
        except KeyError:
            self._learn(wanted)
            rows = list(map(self._rows.__getitem__, wanted))
        return self._sign_table[rows]

    def _learn(self, signs: Iterable[str]) -> None:
        known = self._rows
        new = list(dict.fromkeys(sign for sign in signs if sign not in known))
        if len(known) + len(new) > _REMEMBERED:
            known.clear()
            new = list(dict.fromkeys(signs))
        found = self._scored([sign if len(sign) <= _PLAIN and sign.isascii() else _shortened(sign) for sign in new])
        self._sign_table = np.concatenate((self._sign_table[: len(known)], found))
        known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))

    def _scored(self, signs: Sequence[str]) -> Floats:
        """Return what `signs_of` does for signs that are all different; each word of one counts once."""
        numbers, holders = parts(signs)
        places = self._names.places(numbers)
        known = np.flatnonzero(places)
        # the first time that a sign has a word
        _, first = np.unique(holders[known] * np.int64(len(self.signs) + 1) + places[known], return_index=True)
        once = known[np.sort(first)]
        scores, holder = self._sign_scores[places[once]], holders[once]
        found = np.zeros((len(signs), 3))
        starts = np.flatnonzero(np.diff(holder, prepend=-1))
        if len(starts):
            named = holder[starts]
            found[named, 0] = np.minimum.reduceat(scores, starts)
            found[named, 1] = np.maximum.reduceat(scores, starts)
            found[named, 2] = scores[starts]
            sizes = np.diff(np.append(starts, len(scores)))
            for further in range(1, int(sizes.max())):  # one by one, so that a sum is that of its terms in order
                longer = np.flatnonzero(sizes > further)
                found[named[longer], 2] += scores[starts[longer] + further]
        return found

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
