"""A small network over the lines of a text, in whole numbers: what it says does not depend on the machine.

A line is its words, pairs and triples and some coded measures; layers look at lines further and further away. Weights
and activations are whole numbers, and no sum of their products reaches 2**24 (2**53 where it is in float64), so each
is exact in whatever order a machine adds; between the products there are only single operations that IEEE 754 rounds
alike everywhere.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model.words import Ids

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LEVELS = 16
"""Codes of a measure: of how many of its edges, one fewer than these, it is above."""
CLASSES = 22
"""Columns for the class of a line's first character, and as many for its last."""
REACH = (1, 3, 9)
"""How far above and below its line each layer looks."""
WIDTH, HIGHEST, FINE = 32, 600, 2
"""Units, the greatest activation, and the parts of 1 a mean is rounded to: 600 * 127 * 3 * 32 is below 2**24."""

# Makes a weight a number from 0 to 255: a line's words and groups, 66 at most, fill a quarter of a lane of 16 bits.
_BIAS = 128


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of some networks: (networks, rows, columns) of weights, and what 1 of their products is worth.

    `lines` has the weights of the lines above, of and below (3 * WIDTH rows), `mean` those of the text's mean line.
    """

    lines: Floats
    line_steps: Floats
    mean: Floats
    mean_steps: Floats
    base: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """Networks of one shape, whose scores are averaged; those that look at a line have their columns side by side.

    A row of `words`, packed, is what a word or group of words adds; `rows` has the number of its row, -1 for none. One
    of `codes` is a step of a code. `out` has weights of what comes out of the last layer and of what went into the
    first.
    """

    edges: Floats
    words: NDArray[np.uint64]
    rows: NDArray[np.int32]
    word_steps: Floats
    codes: Floats
    code_steps: Floats
    bias: Floats
    layers: tuple[Layer, ...]
    out: Doubles
    out_steps: Doubles
    out_bias: Doubles

    def scores(self, rows: Ids, grams: Ids, measures: Floats, ends: Ids) -> Doubles:
        """Return the log-odds of each line: `rows` and `grams` are what `words.grams` gives of the lines.

        They are multiples of 1/1024, whose sums are exact, too.
        """
        found, size = self.rows.take(grams), len(measures)
        known = found >= 0
        words = self._of_words(rows[known], found[known], size)
        codes = coded(measures, ends, self.edges) @ self.codes
        entering = _active(words * self.word_steps + (codes * self.code_steps + self.bias))
        begin = now = np.ascontiguousarray(entering.reshape(size, -1, WIDTH).transpose(1, 0, 2))
        for reach, layer in zip(REACH, self.layers, strict=True):
            now = np.minimum(now + _found(layer, now, reach), HIGHEST)
        out = np.concatenate([now, begin], axis=2).astype(np.float64) @ self.out[:, :, None]
        each = out[:, :, 0] * self.out_steps[:, None] + self.out_bias[:, None]
        mean: Doubles = np.rint(1024 * each.sum(axis=0) / len(each)) / 1024
        return mean

    def _of_words(self, rows: Ids, known: NDArray[np.int32], size: int) -> Floats:
        """Return the sums of the words' rows, over the square root of how many there are."""
        counts = np.bincount(rows, minlength=size)
        some = counts > 0
        sums = np.zeros((size, len(self.bias)), dtype=np.float32)
        if len(rows):
            ordered = self.words.take(known[np.argsort(rows.astype(np.uint16), kind="stable")], axis=0)
            added = np.add.reduceat(ordered, (np.cumsum(counts) - counts)[some], axis=0).view(np.uint16)
            sums[some] = added - np.float32(_BIAS) * counts[some, None].astype(np.float32)
        return sums / np.sqrt(np.maximum(1, counts)).astype(np.float32)[:, None]


def packed(rows: NDArray[np.int8]) -> NDArray[np.uint64]:
    """Return rows of weights, four a number: sums of such numbers have the four sums, for up to 257 rows."""
    lanes: NDArray[np.uint64] = (rows.astype(np.int16) + _BIAS).astype(np.uint16).view(np.uint64)
    return lanes


def unpacked(rows: NDArray[np.uint64]) -> NDArray[np.int8]:
    """Return the rows of weights that were packed."""
    return (rows.view(np.uint16).astype(np.int16) - _BIAS).astype(np.int8)


def coded(measures: Floats, ends: Ids, edges: Floats) -> Floats:
    """Return a row of whole numbers for each line: codes of its measures, then 1 for the classes of its ends."""
    size, width = measures.shape
    table = np.zeros((size, width + 2 * CLASSES), dtype=np.float32)
    table[:, :width] = sum(np.greater(measures, edge).view(np.int8) for edge in edges)
    at = np.arange(size)
    table[at, width + ends[:, 0]] = table[at, width + CLASSES + ends[:, 1]] = 1
    return table


def _found(layer: Layer, now: Floats, reach: int) -> Floats:
    """Return what a layer makes of (networks, lines, units) of activations."""
    size = now.shape[1]
    beside = np.zeros((len(now), size, 3 * WIDTH), dtype=np.float32)
    beside[:, reach:, :WIDTH] = now[:, :-reach]
    beside[:, :, WIDTH : 2 * WIDTH] = now
    beside[:, :-reach, 2 * WIDTH :] = now[:, reach:]
    mean = np.rint(FINE * now.sum(axis=1, keepdims=True) / np.float32(size))
    found = (beside @ layer.lines) * layer.line_steps
    return _active(found + ((mean @ layer.mean) * layer.mean_steps + layer.base))


def _active(values: Floats) -> Floats:
    whole: Floats = np.rint(values)
    return np.clip(whole, 0, HIGHEST, out=whole)
