"""The words of many texts at once, each as a number: looked up and compared without making a string of it.

A word is a run of letters, a run of digits, or a mark.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.extract.columns import Ints
from cleaners.word_numbers import Numbers, code_points, word_numbers

BLOCK = "\0"
"""Stands before each text; no text has it."""
MARKS = f"©|@•→»{BLOCK}"

_NOTHING, _LETTER, _DIGIT, _MARK, _CAPITAL, _SMALL, _UNKNOWN = range(7)
_KINDS, _CASES = (np.full(0x110000, _UNKNOWN, dtype=np.uint8) for _ in range(2))
"""Kinds of each character in texts and in names, filled when it is first met."""
_A_LETTER, _A_DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
_MOST = 1 << 18
"""Characters looked at in one go, but for a longer text."""
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)
_BUCKETS = 17
"""Bits of a number that choose where in a table it is looked for."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of texts in one row, that of `BLOCK` before those of each text."""

    numbers: Numbers
    digits: Ints
    """How many digits a number that begins with one of 0 to 9 has; 0 for any other word."""
    starts: Ints
    """Where in the row each text begins."""


class Numbered:
    """Known words, and their places in the order in which they were given, from 1 on."""

    def __init__(self, words: Sequence[str]) -> None:
        sizes = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        ends = np.cumsum(sizes)
        spread = word_numbers(code_points("".join(words)), ends - sizes, ends) * _SPREAD
        self._places = np.argsort(spread, kind="stable")
        self._spread = spread[self._places]
        bounds = np.arange(1 << _BUCKETS, dtype=np.uint64) << np.uint64(64 - _BUCKETS)
        self._first = np.append(np.searchsorted(self._spread, bounds), len(words))

    def places(self, numbers: Numbers) -> Ints:
        """Return the place of each word, 0 for one that is not known."""
        found = np.zeros(len(numbers), dtype=np.int64)
        spread = numbers * _SPREAD
        bucket = (spread >> np.uint64(64 - _BUCKETS)).astype(np.intp)
        at, end = self._first[bucket], self._first[bucket + 1]
        left = np.flatnonzero(at < end)
        while len(left):
            here = at[left]
            same = self._spread[here] == spread[left]
            found[left[same]] = self._places[here[same]] + 1
            at[left] += 1
            left = left[~same & (here + 1 < end[left])]
        return found


def tokens(texts: Sequence[str]) -> Tokens:
    """Return the words of texts, in small letters; there must be a text."""
    parts = [_tokens((BLOCK + BLOCK.join(some)).lower()) for some in _portions(texts)]
    numbers, digits, marks = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Tokens(numbers, digits, np.flatnonzero(marks))


def _portions(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield texts of about `_MOST` characters together."""
    first = size = 0
    for number, text in enumerate(texts):
        size += len(text) + 1
        if size >= _MOST:
            yield texts[first : number + 1]
            first, size = number + 1, 0
    if size:
        yield texts[first:]


def _tokens(text: str) -> tuple[Numbers, Ints, NDArray[np.bool_]]:
    """Return the words' numbers, their digits, and which are `BLOCK`."""
    codes = code_points(text)
    kinds = _kinds(codes, _KINDS, _kind)
    edges = kinds[1:] != kinds[:-1]
    edges |= kinds[1:] == _MARK
    first, end = _between(edges, kinds != _NOTHING)
    opening = codes[first]
    digits = np.where((opening >= ord("0")) & (opening <= ord("9")), end - first, 0)
    return word_numbers(codes, first, end), digits, opening == 0


def parts(names: Sequence[str]) -> tuple[Numbers, Ints]:
    """Return the words that names are made of, in small letters, and of each the name it is in; there must be a name.

    A capital begins a word, several in a row are one, and digits and all other characters only part words.
    """
    numbers: list[Numbers] = []
    places: list[Ints] = []
    done = 0
    for some in _portions(names):
        codes = code_points(BLOCK + BLOCK.join(some))
        kinds = _kinds(codes, _CASES, _case)
        edges = kinds[1:] != kinds[:-1]
        edges |= kinds[1:] == _MARK
        alone = (kinds[:-1] == _CAPITAL) & (kinds[1:] == _SMALL)
        alone[1:] &= kinds[:-2] != _CAPITAL
        edges &= ~alone
        first, end = _between(edges, kinds != _NOTHING)
        place = np.cumsum(codes[first] == 0) - 1
        word = codes[first] != 0
        numbers.append(word_numbers(_lowered(codes, kinds), first[word], end[word]))
        places.append(place[word] + done)
        done += len(some)
    return np.concatenate(numbers), np.concatenate(places)


def _lowered(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.uint32]:
    lowered = np.where(kinds == _CAPITAL, codes | 0x20, codes)
    if len(others := np.flatnonzero(kinds == _LETTER)):
        met, which = np.unique(codes[others], return_inverse=True)
        small = [chr(code).lower() for code in met.tolist()]
        lowered[others] = np.array([ord(one[0]) if len(one) == 1 else 0 for one in small], dtype=np.uint32)[which]
    return lowered


def _between(edges: NDArray[np.bool_], seen: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return the beginning and the end of each run of characters that are `seen`; `edges` part characters."""
    begins, ends = np.empty(len(seen), dtype=np.bool_), np.empty(len(seen), dtype=np.bool_)
    begins[0] = ends[-1] = True
    begins[1:], ends[:-1] = edges, edges
    return np.flatnonzero(begins & seen), np.flatnonzero(ends & seen) + 1


def _kinds(codes: NDArray[np.uint32], known: NDArray[np.uint8], tell: Callable[[str], int]) -> NDArray[np.uint8]:
    kinds = known[codes]
    if (unknown := kinds == _UNKNOWN).any():
        for code in np.unique(codes[unknown]).tolist():
            known[code] = tell(chr(code))
        kinds = known[codes]
    return kinds


def _kind(character: str) -> int:
    if character in MARKS:
        return _MARK
    return _LETTER if _A_LETTER.match(character) else _DIGIT if _A_DIGIT.match(character) else _NOTHING


def _case(character: str) -> int:
    if character == BLOCK:
        return _MARK
    if not _A_LETTER.match(character):
        return _NOTHING
    return _LETTER if not character.isascii() else _SMALL if character.islower() else _CAPITAL
