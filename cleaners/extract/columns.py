"""Columns of numbers, one a block, of the blocks of several pages in a row; no page knows of its neighbours."""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def joined(columns: Iterable[Sequence[int]], size: int) -> Ints:
    """Return the numbers of several lists in a row, `size` of them."""
    return np.fromiter(chain.from_iterable(columns), dtype=np.int64, count=size)


def offsets(sizes: Sequence[int]) -> Ints:
    """Return where each of several runs begins, and where the last one ends.

    >>> offsets([2, 3]).tolist()
    [0, 2, 5]
    """
    return np.concatenate(([0], np.cumsum(np.array(sizes, dtype=np.int64))))


def digits(texts: list[str]) -> Floats:
    """Return how many of the digits 0 to 9 each text has."""
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    sums = np.concatenate(([0.0], np.cumsum((codes >= ord("0")) & (codes <= ord("9")))))
    ends = np.cumsum(sizes)
    return np.asarray(sums[ends] - sums[ends - sizes], dtype=np.float64)


class Rows:
    """Places of blocks: those of a page from `starts` of it up to `starts` of the next."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.starts = offsets(sizes)
        self.size = int(self.starts[-1])
        self.page = np.repeat(np.arange(len(sizes)), sizes)
        """Of each block, its page."""
        self.place = np.arange(self.size)
        self.start, self.end = self.starts[:-1][self.page], self.starts[1:][self.page]
        """Of each block, where its page begins and ends."""
        self._edges: dict[int, Ints] = {}

    def cumulate(self, values: Floats) -> Floats:
        """Return the sums of `values`, shape (blocks, quantities), over each page, from 0 before its first block.

        Each page is summed by itself, so that no sum depends on the pages beside it. The sums before a block are at
        its place and one more for each page before its own: `before`.
        """
        sums = np.zeros((self.size + len(self.starts) - 1, values.shape[1]))
        for page, (start, end) in enumerate(pairwise(self.starts.tolist())):
            np.cumsum(values[start:end], axis=0, out=sums[start + page + 1 : end + page + 1])
        return sums

    @property
    def before(self) -> Ints:
        """Return where `cumulate` has the sums before each block; one further are those with it."""
        return self.place + self.page

    def shift(self, values: NDArray[np.generic], by: int, fill: float | Floats = 0.0) -> Floats:
        """Return each block's value `by` blocks before it, `fill` where the page has none; that may be a column."""
        moved = np.empty(self.size)
        if by > 0:
            moved[by:] = values[:-by]
        else:
            moved[:by] = values[-by:]
        if (edge := self._edges.get(by)) is None:
            inside = self.place - self.start < by if by > 0 else self.end - self.place <= -by
            edge = self._edges[by] = np.flatnonzero(inside)
        moved[edge] = fill if isinstance(fill, float) else fill[edge]
        return moved

    def last(self, where: Flags) -> Ints:
        """Return for each block the nearest before it where the condition holds, 1,000 before its page for none."""
        found = np.empty(self.size, dtype=np.int64)
        found[0] = -1
        found[1:] = np.maximum.accumulate(np.where(where, self.place, -1))[:-1]
        return np.where(found < self.start, self.start - 1_000, found)

    def following(self, where: Flags) -> Ints:
        """Return for each block the nearest after it where the condition holds, 999 past its page for none."""
        found = np.empty(self.size, dtype=np.int64)
        found[-1] = self.size
        found[:-1] = np.minimum.accumulate(np.where(where, self.place, self.size)[::-1])[::-1][1:]
        return np.where(found >= self.end, self.end + 999, found)
