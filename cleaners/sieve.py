"""Which of many patterns are worth asking of a line: by how it begins, and by the words it has.

A pattern costs as much as all of this, and nearly all lines can do without: few begin like "Share" or "© 2020". What is
left out cannot match (literals.py), so patterns behind a sieve find what they find without.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from cleaners.beginnings import REACH, SKIPPED
from cleaners.fragments import on_one_line
from cleaners.literals import clues, needs
from cleaners.rarity import Needs
from cleaners.scripts import ASCII

_HEAD = 3
_SIZES = range(REACH, 0, -1)
Listed = tuple[tuple[str, ...], ...]
_Found = dict[int, set[int]]


class _Asked(NamedTuple):
    """A rule that is asked of a line with what is rarest of its needs.

    That is if the line has one string of each of `others` too, and no more than `blanks` between its words.
    """

    number: int
    is_for_sentences: bool
    others: Listed
    blanks: float


class Sieve:
    """The patterns of rules for lines and of rules for sentences, by the numbers of the rules."""

    def __init__(self, lines: Mapping[int, str], sentences: Mapping[int, str]) -> None:
        self._asked: list[_Asked] = []
        self._always: list[_Asked] = []
        wholes: defaultdict[str, set[int]] = defaultdict(set)
        starts: defaultdict[str, set[int]] = defaultdict(set)
        wanted: defaultdict[bytes, list[int]] = defaultdict(list)
        for number, pattern in lines.items():
            for branch in clues(on_one_line(pattern)):
                for whole in branch.wholes:
                    wholes[whole].add(number)
                for start in branch.starts:
                    starts[start].add(len(self._asked))
                is_begun = branch.wholes or branch.starts
                self._ask(number, branch.needs, branch.blanks, None if is_begun else wanted, is_for_sentences=False)
        for number, pattern in sentences.items():
            for need in needs(on_one_line(pattern)):
                self._ask(number, need, math.inf, wanted, is_for_sentences=True)
        self._wholes = dict(wholes)
        # a longer beginning stands for the shorter ones too, so that one is looked up
        self._starts = {
            start: sorted(set[int]().union(*(starts.get(start[: n + 1], ()) for n in range(len(start)))))
            for start in starts
        }
        heads: defaultdict[str, set[str]] = defaultdict(set)
        for start in starts:
            heads[start[:_HEAD]].add(start)
        self._heads = {
            head: tuple(sorted(those.union(*(heads.get(head[:n], ()) for n in range(1, _HEAD)))))
            for head, those in heads.items()
        }
        self._wanted = [tuple(places) for places in wanted.values()]
        self._finder = BytesAhoCorasick(list(wanted), implementation=Implementation.DFA)

    def _ask(
        self,
        number: int,
        needs: Needs,
        blanks: float,
        wanted: defaultdict[bytes, list[int]] | None,
        *,
        is_for_sentences: bool,
    ) -> None:
        """Ask a rule of lines that have what it needs: the first of it is sought, unless the beginning of a line is."""
        place = len(self._asked)
        asked = _Asked(number, is_for_sentences, listed(needs if wanted is None else needs[1:]), blanks)
        self._asked.append(asked)
        if wanted is not None:
            for string in needs[0] if needs else ():
                wanted[string.encode()].append(place)
            if not needs:
                self._always.append(asked)

    def sift(self, seen: Sequence[str]) -> tuple[_Found, _Found]:
        """Return, by number of line, the rules for lines and those for sentences that are worth asking.

        Lines are stripped, and without line ends; blank ones are left out.
        """
        data = _folded("\n".join(seen))
        lines = data.decode().split("\n")
        found: tuple[_Found, _Found] = ({}, {})
        for number, asked in self._having(data, lines):
            found[asked.is_for_sentences].setdefault(number, set()).add(asked.number)
        heads, wholes = self._heads, self._wholes
        for number, line in enumerate(lines):
            bare = line if line[:1].isalnum() else line.lstrip(SKIPPED)
            begun = heads.get(bare[:_HEAD]) or heads.get(bare[:2]) or heads.get(bare[:1])
            if begun and bare.startswith(begun) and (rules := self._begun(line, bare)):
                found[False].setdefault(number, set()).update(rules)
            # what is told as a whole is shorter than a beginning, and signs follow it or nothing
            whole = bare[: REACH - 1].rstrip(SKIPPED)
            if whole in wholes and line and whole == bare.rstrip(SKIPPED):
                found[False].setdefault(number, set()).update(wholes[whole])
        for asked in self._always:
            for number, line in enumerate(seen):
                if line:
                    found[asked.is_for_sentences].setdefault(number, set()).add(asked.number)
        return found

    def _having(self, data: bytes, lines: Sequence[str]) -> Iterator[tuple[int, _Asked]]:
        """Yield number of a line, and rule, where a line has what the rule needs."""
        number = at = 0
        met: set[int] = set()
        for which, _, end in self._finder.find_matches_as_indexes(data, overlapping=True):
            # no string has a line end in it, and they come in the order of their ends
            if passed := data.count(b"\n", at, end):
                number += passed
                met.clear()
            at = end
            for place in self._wanted[which]:
                if place not in met:
                    met.add(place)
                    asked = self._asked[place]
                    if _fits(lines[number], asked):
                        yield number, asked

    def _begun(self, line: str, bare: str) -> list[int]:
        """Return the rules for lines that begin as a line does; `bare` is without signs at its beginning."""
        places = next(self._starts[bare[:size]] for size in _SIZES if bare[:size] in self._starts)
        return [asked.number for asked in map(self._asked.__getitem__, places) if _fits(line, asked)]


def _fits(line: str, asked: _Asked) -> bool:
    """Tell whether a line has what is left to be asked of it before a rule is."""
    if asked.blanks < math.inf and line.count(" ") > asked.blanks and line.strip(SKIPPED).count(" ") > asked.blanks:
        return False
    return not asked.others or has(line, asked.others)


def listed(needs: Needs) -> Listed:
    """Return some needs as `has` asks for them, those with the fewest strings first."""
    return tuple(sorted((tuple(sorted(strings)) for strings in needs), key=len))


def has(line: str, needs: Listed) -> bool:
    """Tell whether a line has one string of each of some needs."""
    for strings in needs:
        for string in strings:
            if string in line:
                break
        else:
            return False
    return True


def _folded(text: str) -> bytes:
    """Return a text without case, in UTF-8: `str.casefold`, which takes its time by character beyond ASCII."""
    data = text.encode()
    foreign = data.translate(None, ASCII).decode()
    return data.lower() if foreign.casefold() == foreign else text.casefold().encode()
