"""What changed between two texts, word by word."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_CELLS = 250_000
"""Pairs of tokens that are compared one by one, 0.1 s; a larger stretch without a common rare word is one change."""

Op = Literal["same", "removed", "added"]


class Span(NamedTuple):
    """A stretch that is in both texts or in one: [start, end) in the old one and [new_start, new_end) in the new."""

    op: Op
    text: str
    start: int
    end: int
    new_start: int
    new_end: int


class Match(NamedTuple):
    """Tokens [old, old + size) that are also tokens [new, new + size)."""

    old: int
    new: int
    size: int


def compare(old: str, new: str) -> list[Span]:
    """Return spans that tile both texts: the ones not added are the old text, the ones not removed the new one.

    Bram Cohen's patience diff over words, white space and signs, and the longest common subsequence between the
    anchors: time grows as n log n, and with the square only inside stretches of bounded size.

    >>> [(span.op, span.text) for span in compare("in Nagarno Karabakh", "in Nagorno Karabakh")]
    [('same', 'in '), ('removed', 'Nagarno'), ('added', 'Nagorno'), ('same', ' Karabakh')]
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    spans: list[Span] = []
    at = [0, 0]

    def put(op: Op, tokens: Sequence[str]) -> None:
        if tokens:
            text = "".join(tokens)
            ends = at[0] + len(text) * (op != "added"), at[1] + len(text) * (op != "removed")
            spans.append(Span(op, text, at[0], ends[0], at[1], ends[1]))
            at[:] = ends

    here = there = 0
    for match in (*_joined(_matches(before, after)), Match(len(before), len(after), 0)):
        put("removed", before[here : match.old])
        put("added", after[there : match.new])
        put("same", before[match.old : match.old + match.size])
        here, there = match.old + match.size, match.new + match.size
    return spans


def words(text: str) -> int:
    """Return how many words a text has; signs and white space are none.

    >>> words("in 2020, on 9 November.")
    5
    """
    return sum(1 for token in _TOKEN.findall(text) if token[0].isalnum())


def _joined(matches: Iterator[Match]) -> Iterator[Match]:
    held: Match | None = None
    for match in matches:
        if held and held.old + held.size == match.old and held.new + held.size == match.new:
            held = held._replace(size=held.size + match.size)
            continue
        if held:
            yield held
        held = match
    if held:
        yield held


def _matches(old: list[str], new: list[str]) -> Iterator[Match]:
    """Yield what two token lists have in common, in order."""
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        low, high, new_low, new_high = waiting.pop()
        if low == high or new_low == new_high:
            continue
        head = 0
        while low + head < high and new_low + head < new_high and old[low + head] == new[new_low + head]:
            head += 1
        if head:
            yield Match(low, new_low, head)
            waiting.append((low + head, high, new_low + head, new_high))
            continue
        tail = 0
        while low < high - tail and new_low < new_high - tail and old[high - 1 - tail] == new[new_high - 1 - tail]:
            tail += 1
        if tail:
            # what is pushed last comes first; the tail itself is a stretch that is all head
            waiting += [(high - tail, high, new_high - tail, new_high), (low, high - tail, new_low, new_high - tail)]
        elif anchors := _anchors(old[low:high], new[new_low:new_high]):
            edges = [(low + a, new_low + b) for a, b in anchors]
            starts, ends = [(low, new_low), *edges], [*edges, (high, new_high)]
            waiting += [(a, c, b, d) for (a, b), (c, d) in zip(starts, ends, strict=True)][::-1]
        elif (high - low) * (new_high - new_low) <= _CELLS:
            for a, b in _common(old[low:high], new[new_low:new_high]):
                yield Match(low + a, new_low + b, 1)


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return the longest increasing line of tokens that either list has exactly once."""
    places = {token: index for index, token in enumerate(new)}
    pairs = [(i, places[t]) for i, t in enumerate(old) if t in places]
    once = _once(old) & _once(new)
    pairs = [(i, j) for i, j in pairs if old[i] in once]
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        piles[pile : pile + 1] = [number]
    line: list[tuple[int, int]] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        line.append(pairs[at])
        at = before[at]
    return line[::-1]


def _once(tokens: list[str]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for token in tokens:
        (twice if token in seen else seen).add(token)
    return seen - twice


def _common(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a longest common subsequence, by the table of its lengths."""
    width = len(new) + 1
    lengths = [[0] * width for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = lengths[i], lengths[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            yield i, j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
