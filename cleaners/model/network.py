"""A small network over the lines of texts, in whole numbers: what it says depends on the text alone.

A line is its words, pairs and triples and some coded measures; layers look at lines further and further away. Weights
and activations are whole numbers, and no sum of their products reaches 2**24 (2**53 where it is in float64), so each
is exact in whatever order a machine adds, however many lines it has to add for; between the products there are only
single operations that IEEE 754 rounds alike everywhere. Means are exact for up to 13,000 lines a text, and twice as
many together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model.bounds import Bounds, Ids

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
# Lines whose words' weights are added at a time: more of them leave the processor's caches.
_NEAR = 128


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of some networks: (networks, rows, columns) of weights, and what 1 of their products is worth.

    `lines` has the weights of the line some way above, of the line and of that below (3 * WIDTH rows), `sides` those of
    the mean of all lines above in the text, and of all below (2 * WIDTH rows).
    """

    lines: Floats
    line_steps: Floats
    sides: Floats
    side_steps: Floats
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

    def scores(self, rows: Ids, grams: Ids, measures: Floats, ends: Ids, within: Bounds) -> Doubles:
        """Return the log-odds of each line: `rows` and `grams` are what `words.grams` gives of the lines.

        They are multiples of 1/1024, whose sums are exact, too.
        """
        found, size = self.rows.take(grams), len(measures)
        known = np.flatnonzero(found >= 0)
        entering = coded(measures, ends, self.edges) @ self.codes
        entering *= self.code_steps
        entering += self.bias
        entering += self._of_words(rows[known], found[known], size) * self.word_steps
        np.clip(np.rint(entering, out=entering), 0, HIGHEST, out=entering)
        spread = _Spread(within)
        begin = entering.reshape(size, -1, WIDTH).transpose(1, 0, 2)
        now = np.zeros((len(begin), spread.size, WIDTH), dtype=np.float32)
        now[:, spread.place] = begin
        for reach, layer in zip(REACH, self.layers, strict=True):
            spread.through(layer, now, reach)
        out = now[:, spread.place].astype(np.float64) @ self.out[:, :WIDTH, None]
        out += begin.astype(np.float64) @ self.out[:, WIDTH:, None]
        each = out[:, :, 0] * self.out_steps[:, None] + self.out_bias[:, None]
        # one after another: a sum over an axis may add in an order that depends on how many lines there are
        mean: Doubles = np.rint(1024 * sum(each[1:], start=each[0]) / len(each)) / 1024
        return mean

    def _of_words(self, rows: Ids, known: NDArray[np.int32], size: int) -> Floats:
        """Return the sums of the words' rows, which are in order, over the square root of how many there are."""
        counts = np.bincount(rows, minlength=size)
        some = np.flatnonzero(counts)
        starts = np.append((np.cumsum(counts) - counts)[some], len(rows))
        added = np.empty((len(some), self.words.shape[1]), dtype=np.uint64)
        for at in range(0, len(some), _NEAR):
            first = starts[at : at + _NEAR + 1]
            rows_of_some = self.words.take(known[first[0] : first[-1]], axis=0)
            np.add.reduceat(rows_of_some, first[:-1] - first[0], axis=0, out=added[at : at + _NEAR])
        sums = np.zeros((size, len(self.bias)), dtype=np.float32)
        sums[some] = added.view(np.uint16) - np.float32(_BIAS) * counts[some, None].astype(np.float32)
        sums /= np.sqrt(np.maximum(1, counts)).astype(np.float32)[:, None]
        return sums


class _Spread:
    """The lines of texts with so many empty ones above and below each text that no layer reaches the next."""

    def __init__(self, within: Bounds) -> None:
        gap = max(REACH)
        self.size = len(within.place) + gap * (len(within.sizes) + 1)
        self.place = np.arange(gap, gap + len(within.place)) + gap * within.text_of
        self._before = self.place[within.starts] - 1
        self._ends = self._before + within.sizes
        between = np.ones(self.size, dtype=np.bool_)
        between[self.place] = False
        self._between = np.flatnonzero(between)
        self._counts = np.diff(np.append(self._before + 1, self.size - gap))
        above = np.arange(gap, self.size - gap) - np.repeat(self._before + 1, self._counts)
        below = np.repeat(within.sizes - 1, self._counts) - above
        self._above, self._below = (np.maximum(1, lines).astype(np.float32)[:, None] for lines in (above, below))

    def through(self, layer: Layer, now: Floats, reach: int) -> None:
        """Add to (networks, lines, units) of activations what a layer makes of them; empty lines stay empty."""
        gap = max(REACH)
        inner = now[:, gap:-gap]
        found = now[:, gap - reach : self.size - gap - reach] @ layer.lines[:, :WIDTH]
        found += inner @ layer.lines[:, WIDTH : 2 * WIDTH]
        found += now[:, gap + reach : self.size - gap + reach] @ layer.lines[:, 2 * WIDTH :]
        found *= layer.line_steps
        found += self._of_sides(layer, now)
        np.rint(found, out=found)
        np.maximum(found, 0, out=found)
        inner += found
        np.minimum(inner, HIGHEST, out=inner)
        now[:, self._between] = 0

    def _of_sides(self, layer: Layer, now: Floats) -> Floats:
        """Return what a layer makes of the mean line above each line in its text, and of that below."""
        gap = max(REACH)
        sums = np.cumsum(now, axis=1)
        above = sums[:, gap - 1 : -gap - 1] - np.repeat(sums[:, self._before], self._counts, axis=1)
        below = np.repeat(sums[:, self._ends], self._counts, axis=1) - sums[:, gap:-gap]
        found: Floats = _mean(above, self._above) @ layer.sides[:, :WIDTH]
        found += _mean(below, self._below) @ layer.sides[:, WIDTH:]
        found *= layer.side_steps
        found += layer.base
        return found


def _mean(sums: Floats, lines: Floats) -> Floats:
    """Return in place what there is for each of so many lines, in parts of 1."""
    sums *= FINE
    sums /= lines
    return np.rint(sums, out=sums)


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
    # a column after another, as measures come
    table = np.zeros((width + 2 * CLASSES, size), dtype=np.float32).T
    codes = np.greater(measures, edges[0]).view(np.int8)
    for edge in edges[1:]:
        codes += np.greater(measures, edge).view(np.int8)
    table[:, :width] = codes
    at = np.arange(size)
    table[at, width + ends[:, 0]] = table[at, width + CLASSES + ends[:, 1]] = 1
    return table
