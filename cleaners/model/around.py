"""Where each line stands: how far from others, and in which run of lines."""

from collections.abc import Iterable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.floating | np.integer | np.bool_]
Flags = NDArray[np.bool_]

_FAR = 60.0


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


def runs(flags: Flags) -> list[Numbers]:
    """Return, about the run of equal flags each line is in: size, lines before and after, whether it is last."""
    size = len(flags)
    starts = np.concatenate([[0], np.flatnonzero(flags[1:] != flags[:-1]) + 1])
    sizes = np.diff(np.append(starts, size))
    run = np.repeat(np.arange(len(starts)), sizes)
    at = np.arange(size)
    end = (starts + sizes)[run]
    return [sizes[run], at - starts[run], end - at, np.where(end == size, 1, 0)]
