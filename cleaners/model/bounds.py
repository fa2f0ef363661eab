"""Which lines each of some texts has, where the lines of all stand one after another."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where each text begins and how many lines it has, one at least; and for each line, its text and place in it."""

    starts: Ids
    sizes: Ids
    text_of: Ids
    place: Ids

    def part(self, number: int) -> slice:
        """Return where the lines of a text are."""
        return slice(int(self.starts[number]), int(self.starts[number] + self.sizes[number]))

    def first(self) -> Flags:
        """Return which lines are the first of a text."""
        first: Flags = self.place == 0
        return first

    def counts(self, flags: Flags) -> Ids:
        """Return how many lines of each text are flagged."""
        return np.bincount(self.text_of[flags], minlength=len(self.sizes))

    def upto(self, values: NDArray[np.int64 | np.float64 | np.bool_]) -> Doubles:
        """Return the sums of whole numbers from the first line of each text to each line."""
        sums = np.cumsum(values, dtype=np.float64)
        before = sums[self.starts] - values[self.starts]
        return sums - before[self.text_of]


def bounds(sizes: Iterable[int]) -> Bounds:
    """Return the bounds of texts of so many lines.

    >>> bounds([2, 1]).text_of.tolist(), bounds([2, 1]).place.tolist()
    ([0, 0, 1], [0, 1, 0])
    """
    lines = np.array(list(sizes), dtype=np.int64)
    ends = np.cumsum(lines)
    starts = ends - lines
    text_of = np.repeat(np.arange(len(lines)), lines)
    return Bounds(starts, lines, text_of, np.arange(len(text_of)) - starts[text_of])
