"""Boosted regression trees, evaluated for many lines at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model.characters import Floats

_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as flat arrays: a node sends a line to `children[2 * node + (value of its feature > its threshold)]`.

    A leaf has an infinite threshold and itself as its first child, so that all lines take `depth` steps.
    """

    roots: NDArray[np.int32]
    features: NDArray[np.int32]
    thresholds: Floats
    children: NDArray[np.int32]
    values: Floats
    depth: int

    def scores(self, table: Floats) -> Floats:
        """Return the sum of all trees' leaves (log-odds) for each row of features."""
        parts = [self._scores(table[at : at + _AT_ONCE]) for at in range(0, len(table), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def _scores(self, table: Floats) -> Floats:
        rows, width = table.shape
        flat = np.ascontiguousarray(table, dtype=np.float32).ravel()
        offsets = np.repeat(np.arange(rows, dtype=np.int32) * width, len(self.roots))
        nodes = np.tile(self.roots, rows)
        for _ in range(self.depth):
            beyond = flat.take(offsets + self.features.take(nodes)) > self.thresholds.take(nodes)
            nodes = self.children.take(2 * nodes + beyond)
        # float64: the sum is then the same whatever the width of the machine's vectors
        leaves = self.values.take(nodes).reshape(rows, len(self.roots))
        summed: Floats = np.add.reduce(leaves, axis=1, dtype=np.float64).astype(np.float32)
        return summed
