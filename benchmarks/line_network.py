"""Trains the network over lines (`cleaners/model/network.py`) in numpy: gradients by hand, Adam, means of late weights.

What is trained has real weights; `quantised` returns it in the whole numbers that it is shipped in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from line_adam import Adam, Parameters

from cleaners.model.network import CLASSES, FINE, HIGHEST, LEVELS, REACH, WIDTH, Layer, Network, packed

EPOCHS, AT_ONCE = 28, 16
RATE, WARMING, STEADY, LEAST = 3e-3, 30, 0.3, 0.03
"""Learning rate, steps until it is reached, share of all steps until it falls, and the share of it that is left."""
MEAN_FROM = 0.7
WORDS_LEFT_OUT, UNITS_LEFT_OUT = 0.3, 0.2
WRONG_GOOD, WRONG_LEFT_OVER = 0.01, 0.06
"""Shares taken to be labelled wrong, of the lines labelled part of the article and of those labelled boilerplate."""
DECAY = {"words": 0.1, "codes": 0.02, **{f"layer{n}": 0.02 for n in range(len(REACH))}}
SHORT, LONGEST_WEIGHT = 60, 1.5
OFTEN = 0.3
"""A value of more lines than this is not looked at more closely: the edges of codes are among the others."""
SMALL, SMALLER = 127, 63
"""The greatest weights of layers and of words, of which there are many: they are most of the file."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some texts, one after another: `words` has their known words and groups, `codes` their measures.

    `starts` and `sizes` say which lines each text has.
    """

    words: scipy.sparse.csr_matrix
    codes: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray

    @property
    def text_of(self) -> np.ndarray:
        """Return the number of the text that each line is in."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def above(self) -> np.ndarray:
        """Return how many lines of its text stand above each line."""
        return np.arange(self.sizes.sum()) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)

    @property
    def below(self) -> np.ndarray:
        """Return how many lines of its text stand below each line."""
        return np.repeat(self.sizes, self.sizes) - self.above - 1


class Trained:
    """A network with real weights, and what its last pass left for the gradients; hardly a unit exceeds `top`."""

    def __init__(self, words: int, codes: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        weights = self._normal
        self.weights: Parameters = {
            "words": weights(words, WIDTH, scale=0.05),
            "codes": weights(codes, WIDTH, scale=codes**-0.5),
            "bias": np.zeros(WIDTH, dtype=np.float32),
            "out": weights(2 * WIDTH, 1, scale=0.1),
            "out_bias": np.full(1, -1, dtype=np.float32),
        }
        for number in range(len(REACH)):
            self.weights[f"layer{number}"] = weights(3 * WIDTH, WIDTH, scale=0.7 * (2 / (3 * WIDTH)) ** 0.5)
            self.weights[f"sides{number}"] = weights(2 * WIDTH, WIDTH, scale=0.02)
            self.weights[f"bias{number}"] = np.zeros(WIDTH, dtype=np.float32)
        self.tape: list[tuple[np.ndarray, ...]] = []
        self.top = 1.0

    def _normal(self, *shape: int, scale: float) -> np.ndarray:
        return (self.random.standard_normal(shape) * scale).astype(np.float32)

    def _passing(self, shape: tuple[int, ...], left_out: float) -> np.ndarray:
        """Return the factors of units: 0 for those that are left out this time, more than 1 for the others."""
        return ((self.random.random(shape, dtype=np.float32) >= left_out) / (1 - left_out)).astype(np.float32)

    def scores(self, lines: Lines, left_out: float = 0.0) -> np.ndarray:
        """Return the log-odds of each line, and remember what the gradients need."""
        weights = self.weights
        entering = lines.words @ weights["words"] + lines.codes @ weights["codes"] + weights["bias"]
        passing = self._passing(entering.shape, left_out) if left_out else np.float32(1)
        begin = now = np.maximum(entering, 0) * passing
        self.tape = [((entering > 0) * passing,)]
        for number, reach in enumerate(REACH):
            beside = np.concatenate(_beside(now, reach, lines), axis=1)
            found = beside @ weights[f"layer{number}"] + weights[f"bias{number}"]
            sides = _sides(now, lines)
            found += sides @ weights[f"sides{number}"]
            passing = self._passing(found.shape, left_out) if left_out else np.float32(1)
            self.tape.append(((found > 0) * passing, beside, sides))
            now = now + np.maximum(found, 0) * passing
        both = np.concatenate([now, begin], axis=1)
        self.tape.append((both,))
        return (both @ weights["out"] + weights["out_bias"])[:, 0]

    def gradients(self, lines: Lines, wrong: np.ndarray) -> Parameters:
        """Return the gradients of all weights, `wrong` being that of the scores of the last pass."""
        weights, found = self.weights, {}
        wrong = wrong[:, None]
        found["out"], found["out_bias"] = self.tape[-1][0].T @ wrong, wrong.sum(axis=0)
        at_end, at_begin = np.split(wrong @ weights["out"].T, 2, axis=1)
        for number in reversed(range(len(REACH))):
            passing, beside, sides = self.tape[number + 1]
            inner = at_end * passing
            found[f"layer{number}"], found[f"bias{number}"] = beside.T @ inner, inner.sum(axis=0)
            above, own, below = np.split(inner @ weights[f"layer{number}"].T, 3, axis=1)
            found[f"sides{number}"] = sides.T @ inner
            at_end = at_end + own + _of_sides(inner @ weights[f"sides{number}"].T, lines)
            at_end += _beside(above, -REACH[number], lines)[0] + _beside(below, -REACH[number], lines)[2]
        inner = (at_end + at_begin) * self.tape[0][0]
        found["words"], found["codes"], found["bias"] = lines.words.T @ inner, lines.codes.T @ inner, inner.sum(axis=0)
        return found


def _beside(table: np.ndarray, reach: int, lines: Lines) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the table as seen from `reach` lines below, as it is, and from above; 0 beyond the ends of each text."""
    wide = max(REACH)
    place = np.arange(len(table)) + wide * (lines.text_of + 1)
    padded = np.zeros((len(table) + wide * (len(lines.sizes) + 1), table.shape[1]), dtype=np.float32)
    padded[place] = table
    return padded[place - reach], table, padded[place + reach]


def _until(table: np.ndarray) -> np.ndarray:
    """Return the sums of the rows above each row, and of all rows."""
    sums = np.zeros((len(table) + 1, table.shape[1]))
    np.cumsum(table, axis=0, dtype=np.float64, out=sums[1:])
    return sums


def _sides(table: np.ndarray, lines: Lines) -> np.ndarray:
    """Return the mean of the rows above each line in its text beside that of the rows below it; 0 of none."""
    sums, text_of, ends = _until(table), lines.text_of, lines.starts + lines.sizes
    above = (sums[:-1] - sums[lines.starts][text_of]) / np.maximum(1, lines.above)[:, None]
    below = (sums[ends][text_of] - sums[1:]) / np.maximum(1, lines.below)[:, None]
    return np.concatenate([above, below], axis=1).astype(np.float32)


def _of_sides(wrong: np.ndarray, lines: Lines) -> np.ndarray:
    """Return the gradients of a table from those of its `_sides`."""
    text_of, ends = lines.text_of, lines.starts + lines.sizes
    above, below = np.split(wrong, 2, axis=1)
    above = _until(above / np.maximum(1, lines.above)[:, None])
    below = _until(below / np.maximum(1, lines.below)[:, None])
    return (above[ends][text_of] - above[1:] + below[:-1] - below[lines.starts][text_of]).astype(np.float32)


def rate_at(done: float, step: int) -> float:
    """Return the learning rate after the share `done` of all steps: rising, steady, and falling as a cosine."""
    falling = max(0.0, (done - STEADY) / (1 - STEADY))
    return RATE * min(1, (step + 1) / WARMING) * (LEAST + (1 - LEAST) * 0.5 * (1 + float(np.cos(np.pi * falling))))


def select(lines: Lines, texts: Sequence[int]) -> tuple[np.ndarray, Lines]:
    """Return the places of the lines of some texts, and these lines."""
    sizes = lines.sizes[list(texts)]
    places = np.concatenate([np.arange(lines.starts[n], lines.starts[n] + lines.sizes[n]) for n in texts])
    return places, Lines(lines.words[places], lines.codes[places], np.cumsum(sizes) - sizes, sizes)


def fit(lines: Lines, labels: np.ndarray, trust: np.ndarray, pages: Sequence[Sequence[int]], seed: int) -> Trained:
    """Train on one text of each page at a time, drawn anew in each epoch; `labels` has 1, 0 and -1 (not judged).

    `trust` is what each text's labels count for.
    """
    network = Trained(lines.words.shape[1], lines.codes.shape[1], seed)
    likely = np.array([WRONG_GOOD, 1 - WRONG_LEFT_OVER, 0])
    random, adam = network.random, Adam(network.weights, DECAY)
    steps, step, summed = EPOCHS * -(-len(pages) // AT_ONCE), 0, 0
    late = {name: np.zeros(value.shape) for name, value in network.weights.items()}
    for _ in range(EPOCHS):
        drawn = [page[random.integers(len(page))] for page in pages]
        order = random.permutation(len(drawn))
        for at in range(0, len(order), AT_ONCE):
            chosen = [drawn[n] for n in order[at : at + AT_ONCE]]
            places, some = select(lines, chosen)
            stays = random.random(len(some.words.data)) >= WORDS_LEFT_OUT
            some.words.data = (some.words.data * stays / (1 - WORDS_LEFT_OUT)).astype(np.float32)
            told = labels[places]
            # a page of 500 lines should not rule the rest
            weights = np.minimum(LONGEST_WEIGHT, (SHORT / some.sizes) ** 0.3) * trust[chosen]
            weights = weights[some.text_of] * (told >= 0)
            found = 1 / (1 + np.exp(-network.scores(some, UNITS_LEFT_OUT)))
            wrong = ((found - likely[told]) * weights / weights.sum()).astype(np.float32)
            done = step / steps
            adam.step(network.gradients(some, wrong), rate_at(done, step))
            step += 1
            if done > MEAN_FROM:
                summed += 1
                for name, value in network.weights.items():
                    late[name] += value
    network.weights = {name: (value / summed).astype(np.float32) for name, value in late.items()}
    first = [page[0] for page in pages]
    groups = [select(lines, first[at : at + AT_ONCE])[1] for at in range(0, len(first), AT_ONCE)]
    network.top = float(np.median([_top(network, group) for group in groups]))
    return network


def _top(network: Trained, lines: Lines) -> float:
    network.scores(lines)
    return float(np.quantile(network.tape[-1][0].max(axis=1), 0.995))


def coding(measures: np.ndarray) -> np.ndarray:
    """Return the edges of each measure's codes: quantiles, finer where one value is that of many lines."""
    table = np.full((LEVELS - 1, measures.shape[1]), np.inf, dtype=np.float32)
    for number, values in enumerate(measures.T):
        edges = np.unique(values)[:-1]
        if len(edges) >= LEVELS:
            edges = np.unique(np.quantile(values, np.linspace(0, 1, LEVELS + 1)[1:-1], method="lower"))
            if len(edges) < LEVELS - 2 and np.mean(values <= edges[0]) > OFTEN:
                more = np.linspace(0, 1, LEVELS - len(edges) + 1)[:-1]
                edges = np.unique(np.append(edges, np.quantile(values[values > edges[0]], more, method="lower")))
        table[: len(edges), number] = edges[: LEVELS - 1]
    return table


def spread(codes: np.ndarray, measured: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what to take from each column of codes and to divide it by: nothing and 1 for what is no measure."""
    mean, scale = codes.mean(axis=0), np.maximum(0.5, codes.std(axis=0))
    mean[measured:], scale[measured:] = 0, 1
    return mean, scale


def quantised(
    networks: Sequence[Trained], edges: np.ndarray, often: np.ndarray, shape: tuple[np.ndarray, np.ndarray]
) -> Network:
    """Return networks in whole numbers.

    `often` tells which words and groups have a row, and `shape` is the spread of codes.
    """
    weights = [{name: value.astype(np.float64) for name, value in one.weights.items()} for one in networks]
    units = np.array([one.top / HIGHEST for one in networks])
    words, word_steps = zip(*(_rounded(one["words"], SMALLER) for one in weights), strict=True)
    rows = np.full(len(often), -1, dtype=np.int32)
    rows[often] = np.arange(len(words[0]))
    # every code can be the greatest, and the sum still has to be below 2**24
    most = (2**24 - 1) // ((LEVELS - 1) * (len(shape[0]) - 2 * CLASSES) + 2)
    codes, code_steps = zip(*(_rounded(one["codes"] / shape[1][:, None], most) for one in weights), strict=True)
    bias = [one["bias"] - (shape[0] / shape[1]) @ one["codes"] for one in weights]
    out, out_steps = zip(*(_rounded(one["out"], 32000) for one in weights), strict=True)
    return Network(
        *(edges, packed(np.concatenate(words, axis=1).astype(np.int8)), rows, _in_units(word_steps, units).ravel()),
        *(np.concatenate(codes, axis=1).astype(np.float32), _in_units(code_steps, units).ravel()),
        *(_in_units(bias, units).ravel(), tuple(_layer(number, weights, units) for number in range(len(REACH)))),
        *(np.stack(out)[:, :, 0], np.ravel(out_steps) * units, np.array([one["out_bias"][0] for one in weights])),
    )


def _layer(number: int, weights: Sequence[Parameters], units: np.ndarray) -> Layer:
    of_lines, line_steps = zip(*(_rounded(one[f"layer{number}"], SMALL) for one in weights), strict=True)
    of_sides, side_steps = zip(*(_rounded(one[f"sides{number}"], SMALL) for one in weights), strict=True)
    base = _in_units([one[f"bias{number}"] for one in weights], units)
    same = np.ones(len(units))
    return Layer(
        *(np.stack(of_lines).astype(np.float32), _in_units(line_steps, same)[:, None]),
        *(np.stack(of_sides).astype(np.float32), _in_units(side_steps, same * FINE)[:, None], base[:, None]),
    )


def _rounded(weights: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return weights as whole numbers up to `most`, and what 1 is worth in each column."""
    steps = np.maximum(1e-12, np.abs(weights).max(axis=0)) / most
    return np.rint(weights / steps), steps


def _in_units(values: Sequence[np.ndarray], units: np.ndarray) -> np.ndarray:
    return (np.stack(values) / units[:, None]).astype(np.float32)
