"""Which words of a line the rest of its text has too: what is about something else shares few with the article."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaners.model.bounds import Bounds
from cleaners.model.lexicon import Ids, Lexicon, Marks, Split
from cleaners.model.words import Words, with_bits

Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SHORT = 3


def overlap(words: Words, prose: Flags, lexicon: Lexicon, within: Bounds, urls: Sequence[str]) -> Doubles:
    """Return rows: how many longer words each line has, and what share of them stands elsewhere in its text.

    The shares: in another line; in other prose; the same by rarity; in the prose above, and in that below; in the
    text's URL. Then the mean rarity. A word counts once a line; lines without longer words have -1. A column is a line.
    """
    size = len(words.counts)
    longer = np.flatnonzero(words.lengths > _SHORT)
    order = longer[np.argsort(words.marks[longer])]
    ranked = words.marks[order]
    is_new = _changes(ranked)
    first = order[is_new]
    # in order of words, and of lines where they are the same: a word counts once a line
    keys = np.sort((np.cumsum(is_new) - 1) * size + words.rows[order])
    word, row = np.divmod(keys[_changes(keys)], size)
    text = within.text_of[row]
    # a word of a text is a group
    begins = _changes(word)
    begins[1:] |= text[1:] != text[:-1]
    group = np.cumsum(begins) - 1
    is_prose = prose[row]
    in_prose = np.bincount(group[is_prose], minlength=len(word))[group] > is_prose
    above, below = _prose_around(within, prose)
    in_url = _in_url(ranked[is_new], word[begins] * len(urls) + text[begins], urls)
    hits = (
        *(np.bincount(group)[group] > 1, in_prose),
        *(_stands(word, row, is_prose, above, 1), _stands(word, row, is_prose, below, -1), in_url[group]),
    )
    code = sum(hit.astype(np.int64) << at for at, hit in enumerate(hits))
    count = np.bincount(row, minlength=size)
    least = np.maximum(1, count)
    repeated, prosaic, *others = with_bits(row, code, len(hits), size) / least
    weight = lexicon.rarity[words.known[first]][word]
    heavy = np.bincount(row, weights=weight, minlength=size)
    shared = np.bincount(row, weights=weight * in_prose, minlength=size)
    shares = np.vstack([count, repeated, prosaic, shared / np.maximum(1e-6, heavy), *others, heavy / least])
    shares[1:, count == 0] = -1
    return shares


def _changes(values: NDArray[np.int64 | np.uint64]) -> Flags:
    """Return which values are not the one before them."""
    changes = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _prose_around(within: Bounds, prose: Flags) -> tuple[Ids, Ids]:
    """Return the prose line next above each line in its text, and that next below it; -1 where there is none."""
    at = np.arange(len(prose))
    above, below = np.full((2, len(prose)), -1)
    above[1:] = np.maximum.accumulate(np.where(prose, at, -1))[:-1]
    below[:-1] = np.minimum.accumulate(np.where(prose, at, len(prose))[::-1])[::-1][1:]
    ends = (within.starts + within.sizes)[within.text_of]
    return np.where(above < at - within.place, -1, above), np.where(below < ends, below, -1)


def _stands(word: Ids, row: Ids, is_prose: Flags, beside: Ids, step: int) -> Flags:
    """Return which words stand in the line that `beside` has for their line, above it (step 1) or below (step -1)."""
    word, row, is_prose = word[::step], row[::step], is_prose[::step]
    stands = np.zeros(len(word), dtype=np.bool_)
    # the last prose line with any word, in order: if it has this one, none with it is nearer
    last = np.maximum.accumulate(np.where(is_prose, np.arange(len(word)), 0))[:-1]
    stands[1:] = is_prose[last] & (word[last] == word[1:]) & (row[last] == beside[row[1:]])
    return stands[::step]


def _in_url(marks: Marks, groups: Ids, urls: Sequence[str]) -> Flags:
    """Return which groups (number of a word times the texts, and text) are of a word that the text's URL has."""
    found = np.zeros(len(groups), dtype=np.bool_)
    lowered = [url.lower() for url in urls]
    split = Split(" ".join(lowered))
    if len(split.starts) and len(groups):
        ends = np.cumsum([len(url) + 1 for url in lowered])
        said = split.marks()
        number = np.minimum(np.searchsorted(marks, said), len(marks) - 1)
        wanted = (number * len(urls) + np.searchsorted(ends, split.starts, side="right"))[marks[number] == said]
        places = np.minimum(np.searchsorted(groups, wanted), len(groups) - 1)
        found[places[groups[places] == wanted]] = True
    return found
