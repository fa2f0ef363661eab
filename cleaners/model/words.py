"""The words of lines: which are known, which pairs and triples they form, and which the rest of the text has too."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

UNKNOWN, NUMBER, BEGIN, END, GAP = range(5)
FIRST_WORD = 5
HEAD, TAIL = 14, 6
_LONG, _SHORT = 400, 3
_WORD = re.compile(r"\w+")
_PAIR, _TRIPLE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)


def words_of(line: str) -> list[str]:
    """Return the words of a line in lower case; of a line longer than 400 characters, those near its ends.

    >>> words_of("Read more: 12 Things")
    ['read', 'more', '12', 'things']
    """
    if len(line) > _LONG:
        line = f"{line[:260]} {line[-140:]}"
    return _WORD.findall(line.lower())


def ends_of(words: Sequence[str]) -> list[str]:
    """Return the words at the beginning and the end of a line; "" stands for those left out between them."""
    if len(words) <= HEAD + TAIL:
        return list(words)
    return [*words[:HEAD], "", *words[-TAIL:]]


def sequence(ends: Sequence[str], known: Mapping[str, int]) -> list[int]:
    """Return the numbers of the words at a line's ends, with marks for where the line begins and ends."""
    found = [BEGIN, *[known.get(word, UNKNOWN) for word in ends], END]
    for place, word in enumerate(ends, 1):
        if found[place] == UNKNOWN and (not word or word[0].isdigit()):
            found[place] = NUMBER if word else GAP
    return found


def grams(sequences: Sequence[Sequence[int]], bits: int, size: int) -> tuple[Ids, Ids]:
    """Return (row, feature) of all words, pairs and triples.

    A word's feature is its number; pairs and triples of known words are hashed into 2**bits features from `size` on.
    """
    lengths = np.array([len(s) for s in sequences], dtype=np.int64)
    flat = np.array([number for s in sequences for number in s], dtype=np.int64)
    row = np.repeat(np.arange(len(sequences)), lengths)
    same = row[1:] == row[:-1]
    sure = (flat != UNKNOWN) & (flat != GAP)
    pairs = np.flatnonzero(same & sure[1:] & sure[:-1])
    wide = flat.astype(np.uint64)
    hashed = (wide[pairs] * _PAIR + wide[pairs + 1]) * _TRIPLE
    triples = pairs[np.isin(pairs + 1, pairs, assume_unique=True)]
    three = ((wide[triples] * _TRIPLE + wide[triples + 1]) * _PAIR + wide[triples + 2]) * _TRIPLE
    mask = np.uint64((1 << bits) - 1)
    features = [(h ^ (h >> _SHIFT)) & mask for h in (hashed, three)]
    return (
        np.concatenate([row, row[pairs], row[triples]]),
        np.concatenate([flat, *(f.astype(np.int64) + size for f in features)]),
    )


def overlap(lines: Sequence[Sequence[str]], prose: Sequence[bool]) -> NDArray[np.float32]:
    """Return one row a line: share of its longer words that others have, that other prose has, and their number.

    What is about something else ("read also") shares few words with the article. -1 for a line without longer words.
    """
    short = {word for word in set(itertools.chain.from_iterable(lines)) if len(word) <= _SHORT}
    longer = [set(words) - short for words in lines]
    everywhere = Counter(itertools.chain.from_iterable(longer))
    in_prose = Counter(itertools.chain.from_iterable(itertools.compress(longer, prose)))
    shared = {word for word, count in everywhere.items() if count > 1}
    once, twice = in_prose.keys(), {word for word, count in in_prose.items() if count > 1}
    rows = [
        (len(words & shared) / len(words), len(words & (twice if is_prose else once)) / len(words), len(words))
        if words
        else (-1, -1, 0)
        for words, is_prose in zip(longer, prose, strict=True)
    ]
    return np.array(rows, dtype=np.float32)
