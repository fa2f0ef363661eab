"""Columns of numbers, one a block."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def digits(texts: list[str]) -> Floats:
    """Return how many of the digits 0 to 9 each text has."""
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    sums = np.concatenate(([0.0], np.cumsum((codes >= ord("0")) & (codes <= ord("9")))))
    ends = np.cumsum(sizes)
    return np.asarray(sums[ends] - sums[ends - sizes], dtype=np.float64)


def shift(values: NDArray[np.generic], by: int, fill: float = 0.0) -> Floats:
    """Return each place's value `by` places before it."""
    moved = np.full(len(values), fill)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved


def last(where: NDArray[np.bool_]) -> Ints:
    """Return for each place the nearest place before it where the condition holds, -1000 for none."""
    found = np.maximum.accumulate(np.where(where, np.arange(len(where)), -1_000))
    return np.concatenate(([-1_000], found[:-1]))


def following(where: NDArray[np.bool_]) -> Ints:
    """Return for each place the nearest place after it where the condition holds, 10,000 past the end for none."""
    size = len(where)
    return size - 1 - last(where[::-1])[::-1]
