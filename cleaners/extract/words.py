"""What single words say about a block: those its author named elements with, and those it is written with.

A word's score is the share of blocks kept under it or with it, less the share of all blocks, counted once a site. The
tables hold only words that were seen on five sites or more.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")
_WORD = re.compile(r"[^\W\d_]+|\d+|[©|@•→»]")
SHORT = 20
"""Words up to which a block's own words are looked at."""


@lru_cache(maxsize=50_000)
def sign_words(sign: str) -> tuple[str, ...]:
    """Return the words in an element's names, each once, in small letters.

    >>> sign_words("div relatedPosts post-list_2")
    ('div', 'related', 'posts', 'post', 'list')
    """
    return tuple(dict.fromkeys(part.lower() for part in _PART.findall(sign)[:40]))


def text_words(text: str) -> list[str]:
    """Return the words of a block in small letters, a number as `0`, no more than SHORT + 1."""
    found = _WORD.findall(text[:400].lower())[: SHORT + 1]
    return ["0" * min(len(word), 5) if word.isdigit() else word for word in found]


@dataclass(slots=True)
class WordTable:
    """Scores of words on elements (`signs`) and in short blocks (`texts`), and what was looked up before."""

    signs: dict[str, float]
    texts: dict[str, float]
    _seen: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def sign(self, sign: str) -> tuple[float, float, float]:
        """Return the lowest, the highest and the sum of the scores of an element's names."""
        if (known := self._seen.get(sign)) is None:
            scores = [self.signs[word] for word in sign_words(sign) if word in self.signs]
            known = (min(scores, default=0.0), max(scores, default=0.0), sum(scores))
            if len(self._seen) > 50_000:
                self._seen.clear()
            self._seen[sign] = known
        return known

    def text(self, words: list[str]) -> tuple[float, float, float, float]:
        """Return the lowest, highest, mean and first score of a short block's words; zeros for a long one."""
        if not words or len(words) > SHORT:
            return (0.0, 0.0, 0.0, 0.0)
        scores = [self.texts.get(word, 0.0) for word in words]
        return (min(scores), max(scores), sum(scores) / len(scores), scores[0])


def lines_of(tables: WordTable) -> Iterable[str]:
    """Yield the tables as lines of text: table, word, score in thousandths."""
    for name, table in (("sign", tables.signs), ("text", tables.texts)):
        for word in sorted(table):
            yield f"{name}\t{word}\t{round(table[word] * 1000)}"


def read_table(lines: Iterable[str]) -> WordTable:
    """Return the tables that `lines_of` wrote."""
    tables: dict[str, dict[str, float]] = {"sign": {}, "text": {}}
    for line in lines:
        name, word, score = line.rstrip("\n").split("\t")
        tables[name][word] = int(score) / 1000
    return WordTable(tables["sign"], tables["text"])
