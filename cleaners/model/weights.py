"""The model as a file: arrays only (`numpy.savez_compressed`), read without pickle."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaners.model import words
from cleaners.model.characters import Floats
from cleaners.model.features import Seen, first_stage, second_stage
from cleaners.model.trees import Trees
from cleaners.model.words import Lexicon, lexicon

BITS = 17
UNSEEN = -128
"""The weight of what was seen on too few sites to have one."""
_KEPT = -4.0
"""What the first stage scores lower stays: the second is not asked."""
_STAGES = ("first", "second")
_PARTS = ("roots", "features", "thresholds", "children", "values", "depth")


class ModelError(ValueError):
    """A model file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model: the words it knows, weights of words and hashed groups of words, and two stages of trees.

    `weights` has two rows, in steps of `steps`: what the words of a line say of the line, and of the lines that come
    after it. `intercepts` are the scores of a line without known words.
    """

    lexicon: Lexicon
    weights: NDArray[np.int8]
    steps: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    first: Trees
    second: Trees

    def word_scores(self, seen: Seen) -> Floats:
        """Return two rows: how much the words of each line read like boilerplate, and like what stands above it."""
        size = len(seen.length)
        rows, grams = words.grams(seen.row, seen.sequence, BITS, len(self.lexicon.rarity))
        weighed = self.weights[0][grams] != UNSEEN
        rows, grams = rows[weighed], grams[weighed]
        count = np.sqrt(np.maximum(1, np.bincount(rows, minlength=size)))
        totals = [np.bincount(rows, weights=weights[grams], minlength=size) for weights in self.weights]
        scores = np.array(totals) * self.steps[:, None] / count + self.intercepts[:, None]
        return scores.astype(np.float32)

    def scores(self, seen: Seen) -> Floats:
        """Return the log-odds that each line is boilerplate."""
        by_words, lead = self.word_scores(seen)
        table = first_stage(seen, by_words, lead)
        scores = self.first.scores(table)
        asked = np.flatnonzero(scores > _KEPT)
        scores[asked] = self.second.scores(second_stage(seen, table, scores)[asked])
        return scores


def load(path: Path) -> Model:
    """Read a model; ModelError if the file is not one."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            spelled = arrays["words"].tobytes().decode("utf-8").split("\n")
            stages = [_trees({part: arrays[f"{stage}_{part}"] for part in _PARTS}) for stage in _STAGES]
            return Model(
                lexicon(spelled, arrays["rarity"]),
                *(arrays[name] for name in ("weights", "steps", "intercepts")),
                *stages,
            )
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"{path}: not a line model ({error}); train one with benchmarks/train_lines.py") from error


def save(model: Model, path: Path) -> None:
    """Write a model; the same model gives the same bytes."""
    arrays: dict[str, NDArray[np.generic]] = {
        "words": np.frombuffer("\n".join(model.lexicon.spelled).encode("utf-8"), dtype=np.uint8),
        "rarity": model.lexicon.rarity,
        "weights": model.weights,
        "steps": model.steps,
        "intercepts": model.intercepts,
    }
    for stage, trees in zip(_STAGES, (model.first, model.second), strict=True):
        arrays |= {f"{stage}_{part}": np.asarray(getattr(trees, part)) for part in _PARTS}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _trees(parts: dict[str, NDArray[np.generic]]) -> Trees:
    return Trees(
        parts["roots"].astype(np.int32),
        parts["features"].astype(np.int32),
        parts["thresholds"].astype(np.float32),
        parts["children"].astype(np.int32),
        parts["values"].astype(np.float32),
        int(parts["depth"].item()),
    )
