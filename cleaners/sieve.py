"""Which of many patterns are worth asking of a line: by how it begins, and by the words it has.

A pattern costs as much as all of this, and nearly all lines can do without: few begin like "Share" or "© 2020". What is
left out cannot match (literals.py), so patterns behind a sieve find what they find without.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from cleaners.beginnings import REACH, SKIPPED
from cleaners.fragments import on_one_line
from cleaners.literals import clues, needs
from cleaners.scripts import ASCII

Rules = frozenset[int]
_NONE = Rules()
_HEAD = 3
_SIZES, _SHORT_SIZES = range(REACH, 0, -1), range(_HEAD - 1, 0, -1)


class _Asked(NamedTuple):
    """A rule that is asked of a line with what is rarest of its needs, if it has one string of each of `others` too."""

    number: int
    is_for_sentences: bool
    others: tuple[tuple[bytes, ...], ...]


class Sieve:
    """The patterns of rules for lines and of rules for sentences, by the numbers of the rules."""

    def __init__(self, lines: Mapping[int, str], sentences: Mapping[int, str]) -> None:
        told = {number: clues(on_one_line(pattern)) for number, pattern in lines.items()}
        self._wholes = _inverted((number, clue.wholes) for number, clue in told.items())
        starts = _inverted((number, clue.starts) for number, clue in told.items())
        # a longer beginning stands for the shorter ones too, so that one is looked up
        self._starts = {
            start: _NONE.union(*(starts.get(start[:size], _NONE) for size in range(1, len(start) + 1)))
            for start in starts
        }
        self._heads = frozenset(start[:_HEAD] for start in starts)
        needed = [(number, False, need) for number, clue in told.items() for need in clue.needs]
        needed += [(number, True, need) for number, match in sentences.items() for need in needs(on_one_line(match))]
        self._always: list[_Asked] = []
        wanted: defaultdict[bytes, list[int]] = defaultdict(list)
        every: list[_Asked] = []
        for number, is_for_sentences, need in needed:
            first, *others = [tuple(map(str.encode, sorted(strings))) for strings in need] or [()]
            asked = _Asked(number, is_for_sentences, tuple(sorted(others, key=len)))
            for string in first:
                wanted[string].append(len(every))
            (every if first else self._always).append(asked)
        self._asked = tuple(every)
        self._wanted = [tuple(places) for places in wanted.values()]
        self._finder = BytesAhoCorasick(list(wanted))

    def sift(self, seen: Sequence[str]) -> tuple[dict[int, Rules], dict[int, Rules]]:
        """Return, by number of line, the rules for lines and those for sentences that are worth asking.

        Lines are stripped, and without line ends; blank ones are left out.
        """
        data = _folded("\n".join(seen))
        found: tuple[dict[int, Rules], dict[int, Rules]] = ({}, {})
        for number, asked in self._having(data):
            rules = found[asked.is_for_sentences]
            rules[number] = rules.get(number, _NONE) | {asked.number}
        lines = found[False]
        for number, line in enumerate(data.decode().split("\n")):
            if line and (beginning := self._beginning(line.lstrip(SKIPPED))):
                lines[number] = lines.get(number, _NONE) | beginning
        for asked in self._always:
            rules = found[asked.is_for_sentences]
            rules.update({n: rules.get(n, _NONE) | {asked.number} for n, line in enumerate(seen) if line})
        return found

    def _having(self, data: bytes) -> Iterator[tuple[int, _Asked]]:
        """Yield number of a line, and rule, where a line has what the rule needs."""
        lines = data.split(b"\n")
        number = at = 0
        seen: set[tuple[int, int]] = set()
        for which, _, end in self._finder.find_matches_as_indexes(data, overlapping=True):
            # no string has a line end in it, and they come in the order of their ends
            number += data.count(b"\n", at, end)
            at = end
            for place in self._wanted[which]:
                if (number, place) not in seen:
                    seen.add((number, place))
                    asked = self._asked[place]
                    if not asked.others or _has(lines[number], asked.others):
                        yield number, asked

    def _beginning(self, line: str) -> Rules:
        """Return the rules for lines that begin as a line does, signs at its beginning left out."""
        found = _NONE
        # what is told as a whole is shorter than a beginning, and signs follow it or nothing
        if len(line) < REACH or line[REACH - 1] in SKIPPED:
            found = self._wholes.get(line.rstrip(SKIPPED), _NONE)
        starts = self._starts
        for size in _SIZES if line[:_HEAD] in self._heads else _SHORT_SIZES:
            if rules := starts.get(line[:size]):
                return rules | found
        return found


def _inverted(strings: Iterable[tuple[int, AbstractSet[str]]]) -> dict[str, Rules]:
    """Return the numbers by string."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, those in strings:
        for string in those:
            found[string].add(number)
    return {string: Rules(numbers) for string, numbers in found.items()}


def _has(line: bytes, needs: Iterable[Iterable[bytes]]) -> bool:
    contains = line.__contains__
    return all(any(map(contains, strings)) for strings in needs)


def _folded(text: str) -> bytes:
    """Return a text without case, in UTF-8: `str.casefold`, which takes its time by character beyond ASCII."""
    data = text.encode()
    foreign = data.translate(None, ASCII).decode()
    return data.lower() if foreign.casefold() == foreign else text.casefold().encode()
