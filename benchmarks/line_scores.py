"""Scores of cleaned texts against labelled lines: what was dropped as it should be, and what of the article was lost.

A line of the input survives if at least half of its words do: whole lines are matched first, by longest common
subsequence, then word by word within the gaps; marks and the addresses of links are no words. Dropping is the positive
class. Lines without a word, and lines that nobody judged, count nowhere.
"""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from page_scores import tokens
from rapidfuzz.distance import LCSseq

_LINK = re.compile(r'!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+"[^"]*")?\)')
_MARK = re.compile(r"</?(?:u|b|i|em|strong|a|span|p|div|br)(?:\s[^<>]*)?/?>|\*\*|__|^\s*#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line as it stood in a text, and whether it belongs to the article; None where nobody judged."""

    text: str
    keep: bool | None


@dataclass(frozen=True, slots=True)
class LinesScore:
    """Counts over lines (or characters of lines): dropped and lost are what left, left_in and kept what stayed."""

    dropped: int
    lost: int
    left_in: int
    kept: int

    @property
    def precision(self) -> float:
        """Share of what was dropped that should be."""
        return self.dropped / max(1, self.dropped + self.lost)

    @property
    def recall(self) -> float:
        """Share of what should be dropped that was."""
        return self.dropped / max(1, self.dropped + self.left_in)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.dropped / max(1, 2 * self.dropped + self.lost + self.left_in)

    @property
    def lost_share(self) -> float:
        """Share of the article that was lost."""
        return self.lost / max(1, self.lost + self.kept)

    def __add__(self, other: "LinesScore") -> "LinesScore":
        """Return the counts of both."""
        return LinesScore(
            self.dropped + other.dropped, self.lost + other.lost, self.left_in + other.left_in, self.kept + other.kept
        )


def _key(line: str) -> tuple[str, ...]:
    return tuple(tokens(_MARK.sub("", _LINK.sub(r"\1", line))))


def _numbers(items: Sequence[Hashable], table: dict[Hashable, int]) -> list[int]:
    return [table.setdefault(item, len(table)) for item in items]


def survivors(lines: Sequence[str], output: str) -> list[bool]:
    """Return for each line whether it is still in the output."""
    before = [_key(line) for line in lines]
    after = [key for key in map(_key, output.split("\n")) if key]
    table: dict[Hashable, int] = {}
    shares = [0.0] * len(before)
    gap: tuple[list[int], list[int]] = ([], [])
    for step in LCSseq.opcodes(_numbers(before, table), _numbers(after, table)):
        if step.tag == "equal":
            _fill(before, after, gap, shares)
            gap = ([], [])
            shares[step.src_start : step.src_end] = [1.0] * (step.src_end - step.src_start)
        else:
            gap[0].extend(range(step.src_start, step.src_end))
            gap[1].extend(range(step.dest_start, step.dest_end))
    _fill(before, after, gap, shares)
    return [share >= 0.5 for share in shares]


def _fill(
    before: Sequence[tuple[str, ...]],
    after: Sequence[tuple[str, ...]],
    gap: tuple[list[int], list[int]],
    shares: list[float],
) -> None:
    owners = [i for i in gap[0] for _ in before[i]]
    table: dict[Hashable, int] = {}
    source = _numbers([word for i in gap[0] for word in before[i]], table)
    target = _numbers([word for j in gap[1] for word in after[j]], table)
    for step in LCSseq.opcodes(source, target):
        if step.tag == "equal":
            for owner in owners[step.src_start : step.src_end]:
                shares[owner] += 1 / len(before[owner])


def score_text(lines: Sequence[LabelledLine], output: str) -> tuple[LinesScore, LinesScore]:
    """Return the counts of one text, by lines and by characters."""
    by_line = by_character = LinesScore(0, 0, 0, 0)
    for line, survived in zip(lines, survivors([line.text for line in lines], output), strict=True):
        if line.keep is None or not tokens(line.text):
            continue
        places = (not line.keep and not survived, line.keep and not survived, not line.keep and survived)
        one = LinesScore(*map(int, places), int(line.keep and survived))
        by_line += one
        size = len(line.text)
        by_character += LinesScore(one.dropped * size, one.lost * size, one.left_in * size, one.kept * size)
    return by_line, by_character
