"""The words of lines: which are known, which pairs and triples they form, and which the rest of the text has too."""

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]

UNKNOWN, NUMBER, BEGIN, END, GAP = range(5)
FIRST_WORD = 5
HEAD, TAIL = 14, 6
_LONG, _SHORT = 400, 3
_WORD = re.compile(r"\w+|\n")
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

    `rarity` is the share of sites that have it, as bits; `kinds` has a row for each of KINDS.
    """

    known: Mapping[str, int]
    rarity: Floats
    kinds: NDArray[np.bool_]


def lexicon(spelled: Sequence[str], rarity: Floats) -> Lexicon:
    """Return the lexicon of these words, `rarity` being that of the five marks and then of the words."""
    marks = ("",) * FIRST_WORD
    kinds = np.array([[word in kind for word in (*marks, *spelled)] for kind in KINDS], dtype=np.bool_)
    return Lexicon({word: number for number, word in enumerate(spelled, FIRST_WORD)}, rarity, kinds)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some lines in their order: of which line each is, and its number among those of `spelled`.

    `known` and `lengths` have, for each of `spelled`, its number in a model and its characters; `counts` has how many
    words a line has.
    """

    rows: Ids
    numbers: Ids
    counts: Ids
    spelled: Mapping[str, int]
    known: Ids
    lengths: Ids


def read(lines: Sequence[str], known: Mapping[str, int]) -> Words:
    """Return the words of lines in lower case; of a line longer than 400 characters, those near its ends.

    >>> sorted(word for word in read(["Read more: 12 Things", "Read"], {}).spelled if word.isalnum())
    ['12', 'more', 'read', 'things']
    """
    cut = [line if len(line) <= _LONG else f"{line[:260]} {line[-140:]}" for line in lines]
    said = _WORD.findall("\n".join(cut).lower())
    spelled: defaultdict[str, int] = defaultdict()
    spelled.default_factory = spelled.__len__
    end = spelled["\n"]
    flat = np.fromiter(map(spelled.__getitem__, said), dtype=np.int64, count=len(said))
    is_end = flat == end
    rows = np.cumsum(is_end)[~is_end]
    model = np.fromiter(map(known.get, spelled, itertools.repeat(UNKNOWN)), dtype=np.int64, count=len(spelled))
    for word, number in spelled.items():
        if word[0].isdigit() and model[number] == UNKNOWN:
            model[number] = NUMBER
    return Words(
        rows,
        flat[~is_end],
        np.bincount(rows, minlength=len(lines)),
        spelled,
        model,
        np.fromiter(map(len, spelled), dtype=np.int64, count=len(spelled)),
    )


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
    size = len(words.counts)
    least = np.maximum(1, words.counts)
    each = np.vstack([lexicon.kinds[:, words.known], words.known == UNKNOWN, lexicon.rarity[words.known]])
    each = each.astype(np.float64)[:, words.numbers]
    shares = [np.bincount(words.rows, weights=column, minlength=size) / least for column in each]
    some = words.counts > 0
    longest = np.zeros(size)
    if some.any():
        starts = (np.cumsum(words.counts) - words.counts)[some]
        longest[some] = np.maximum.reduceat(words.lengths[words.numbers], starts)
    return np.column_stack([*shares, longest]).astype(np.float32)


def overlap(words: Words, prose: NDArray[np.bool_], lexicon: Lexicon, url: str) -> Floats:
    """Return one row a line: how many longer words it has and what share of them stands elsewhere.

    The shares: in another line; in other prose; the same by rarity; in the prose above, and in that below; in the
    URL. What is about something else ("read also") shares few words with the article. -1 without longer words.
    """
    size, width = len(words.counts), len(words.spelled) or 1
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
    in_url = np.zeros(width, dtype=np.bool_)
    in_url[[words.spelled[word] for word in _WORD.findall(url.lower()) if word in words.spelled]] = True
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
