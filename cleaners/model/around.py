"""What stands round each line: neighbours, means over windows, distances, and the run of lines it is in.

A table has one row a line and one column a measure; all of its columns are looked at together.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.floating | np.integer | np.bool_]
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


def within(table: Numbers, windows: Sequence[tuple[int, int]]) -> list[Numbers]:
    """Return the means over windows from so many lines above to so many below, as far as there are any."""
    size = len(table)
    total = np.zeros((size + 1, table.shape[1]))
    np.cumsum(table, axis=0, out=total[1:])
    at = np.arange(size)
    before, after = np.array(windows).T[:, :, None]
    low, high = np.maximum(0, at - before), np.minimum(size, at + after + 1)
    return list((total[high] - total[low]) / (high - low)[:, :, None])


def far(*flags: Flags) -> Numbers:
    """Return how many lines above and below each line the nearest flagged one is, 60 where there is none near.

    Two columns for each of `flags`.
    """
    size = len(flags[0])
    table = np.stack(flags, axis=1)
    at = np.arange(size)[:, None]
    last, following = np.full((2, size + 1, len(flags)), -10 * _FAR)
    following[:] = size + 10 * _FAR
    np.maximum.accumulate(np.where(table, at, -10 * _FAR), axis=0, out=last[1:])
    np.minimum.accumulate(np.where(table, at, size + 10 * _FAR)[::-1], axis=0, out=following[:-1][::-1])
    both = np.stack([at - last[:-1], following[1:] - at], axis=2)
    near: Numbers = np.minimum(_FAR, both).reshape(size, 2 * len(flags))
    return near


def beside(parts: Iterable[Numbers]) -> Floats:
    """Return a table with the columns of all parts, each a column or a table."""
    tables = [part if part.ndim > 1 else part[:, None] for part in parts]
    ends = list(accumulate(table.shape[1] for table in tables))
    whole = np.empty((len(tables[0]), ends[-1]), dtype=np.float32)
    for end, table in zip(ends, tables, strict=True):
        whole[:, end - table.shape[1] : end] = table
    return whole


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
