"""The chances of languages by py3langid's model, naive Bayes over groups of bytes.

Only its model is used, and what it does with it is done here: it goes through a text byte by byte, and we from all
places at once, which takes a third of the time and gives the same chances.
"""

import math
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

_REACH = 6
"""The longest group of bytes in the model."""
_STEP = 512
"""Its weights are multiples of one in so many, kept as whole numbers: what a text meets of them is half as much."""
_BLOCK = 1 << 13
"""Entries of a table that are made ready together."""
_REMEMBERED = 8
"""Texts whose chances are kept: one in doubt is asked about again."""

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
_TRUE = np.array([True])


@dataclass(frozen=True, slots=True)
class _Statistics:
    """The model.

    The last _REACH bytes decide alone what stands for them. `rows` has where the row of what two bytes lead to begins,
    and `moves[row + byte]` where that begins which one more leads to; `features[row + byte]` is the feature that is met
    with the last byte, -1 for none. `weights` has a row for each feature and a column for each of `labels`, in units of
    1 / _STEP.
    """

    rows: Indices
    moves: NDArray[np.uint32]
    features: NDArray[np.int32]
    weights: NDArray[np.int16]
    prior: Floats
    labels: tuple[str, ...]

    def met(self, data: bytes) -> NDArray[np.int32]:
        """Return the features that the bytes lead to, in their order."""
        size = len(data)
        padded = np.frombuffer(bytes(_REACH) + data, dtype=np.uint8).astype(np.int64)
        at = self.rows.take((padded[1 : 1 + size] << 8) + padded[2 : 2 + size]) + padded[3 : 3 + size]
        for step in range(4, _REACH + 1):
            at = self.moves.take(at) + padded[step : step + size]
        features = self.features.take(at)
        return features[features >= 0]


@cache
def _statistics() -> _Statistics:
    read = LanguageIdentifier.from_model_file("data/model.npz.xz")
    states = np.asarray(read.tk_nextmove)
    begins = np.asarray(read.tk_row, dtype=np.uint32) << np.uint32(8)
    # block by block: at once, what is made on the way would take 100 MB
    moves, features = np.empty_like(states, dtype=np.uint32), np.empty_like(states, dtype=np.int32)
    outputs = np.asarray(read.tk_output, dtype=np.int32)
    for start in range(0, len(states), _BLOCK):
        block = states[start : start + _BLOCK]
        moves[start : start + _BLOCK], features[start : start + _BLOCK] = begins[block], outputs[block]
    first = moves[begins[0] : begins[0] + 256]
    rows = moves[first[:, np.newaxis] + np.arange(256)].astype(np.int64).ravel()
    weights = np.empty(read.nb_ptc.shape, dtype=np.int16)
    for start in range(0, len(weights), _BLOCK):
        weights[start : start + _BLOCK] = read.nb_ptc[start : start + _BLOCK].astype(np.float32) * _STEP
    return _Statistics(rows, moves, features, weights, read.nb_pc, tuple(read.nb_classes))


@lru_cache(maxsize=_REMEMBERED)
def likelihoods(text: str) -> Floats:
    """Give the probability of each of `labels()`, of which some stand twice."""
    known = _statistics()
    data = unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")
    met = known.met(data)
    scores: Floats = np.zeros(len(known.labels), dtype=np.float32)
    if len(met):
        met.sort()
        bounds = np.flatnonzero(np.concatenate((_TRUE, met[1:] != met[:-1], _TRUE)))
        features, seen = met[bounds[:-1]], bounds[1:] - bounds[:-1]
        weights = known.weights.take(features, axis=0).astype(np.float32)
        scores = np.log1p(seen, dtype=np.float32) @ weights / np.float32(_STEP) + known.prior
    # as py3langid tempers what a long text makes too certain
    scores *= 1.0 / math.sqrt(len(data) or 1)
    likely: Floats = np.exp(scores - scores.max())
    likely /= likely.sum()
    return likely


def labels() -> tuple[str, ...]:
    """Give the labels of the model."""
    return _statistics().labels
