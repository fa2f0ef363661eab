"""What stands round each line: neighbours, means over windows, distances, and the run of lines it is in.

A table has one row a line and one column a measure; all of its columns are looked at together.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.floating]
Flags = NDArray[np.bool_]

PAD = -9.0
"""What stands beyond the ends of a text."""
_FAR = 60.0


def shifted(table: Numbers, steps: Iterable[int]) -> list[Numbers]:
    """Return the table as seen from each number of lines above (negative: from below); PAD beyond the text."""
    size, reach = len(table), max(abs(step) for step in steps)
    edge = np.full((reach, table.shape[1]), PAD, dtype=np.float32)
    padded = np.concatenate([edge, table, edge])
    return [padded[reach + step : reach + step + size] for step in steps]


def within(table: Numbers, windows: Iterable[tuple[int, int]]) -> list[Numbers]:
    """Return the means over windows from so many lines above to so many below, as far as there are any."""
    size = len(table)
    total = np.zeros((size + 1, table.shape[1]))
    np.cumsum(table, axis=0, out=total[1:])
    at = np.arange(size)
    means = []
    for before, after in windows:
        low, high = np.maximum(0, at - before), np.minimum(size, at + after + 1)
        means.append((total[high] - total[low]) / (high - low)[:, None])
    return means


def far(flags: Flags) -> tuple[Floats, Floats]:
    """Return how many lines above and below each line the nearest flagged one is, 60 where there is none near."""
    size = len(flags)
    places = np.flatnonzero(flags)
    known = np.concatenate([[-10 * _FAR], places, [size + 10 * _FAR]])
    at = np.arange(size)
    above = at - known[np.searchsorted(places, at, side="left")]
    below = known[np.searchsorted(places, at, side="right") + 1] - at
    return np.minimum(_FAR, above).astype(np.float32), np.minimum(_FAR, below).astype(np.float32)


def runs(flags: Flags, table: Numbers) -> list[Numbers]:
    """Return, for each line, about the run of equal flags it is in: size, lines before and after, whether it is last.

    Then, over the table: mean, greatest, the values of its first line, and those of the line before it.
    """
    size = len(flags)
    starts = np.concatenate([[0], np.flatnonzero(flags[1:] != flags[:-1]) + 1])
    sizes = np.diff(np.append(starts, size))
    run = np.repeat(np.arange(len(starts)), sizes)
    at = np.arange(size)
    mean = np.add.reduceat(table, starts, axis=0) / sizes[:, None]
    greatest = np.maximum.reduceat(table, starts, axis=0)
    above = np.concatenate([np.full((1, table.shape[1]), PAD), table])[starts]
    return [
        sizes[run],
        at - starts[run],
        (starts + sizes)[run] - at,
        np.where((starts + sizes)[run] == size, 1, 0),
        mean[run],
        greatest[run],
        table[starts][run],
        above[run],
    ]
