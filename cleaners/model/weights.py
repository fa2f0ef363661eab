"""The model as a file: arrays only (`numpy.savez_compressed`), read without pickle."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaners.model import words
from cleaners.model.characters import Floats
from cleaners.model.features import Seen, first_stage, second_stage
from cleaners.model.trees import Trees

BITS = 17
UNSEEN = -128
"""The weight of what was seen on too few sites to have one."""
_STAGES = ("first", "second")
_PARTS = ("roots", "features", "thresholds", "children", "values", "depth")


class ModelError(ValueError):
    """A model file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model: the words it knows, the weight of each word and hashed group of words, and two stages of trees.

    `gram_weights` are in steps of `step`; `intercept` is the score of a line without known words.
    """

    known: dict[str, int]
    gram_weights: NDArray[np.int8]
    step: float
    intercept: float
    first: Trees
    second: Trees

    def word_scores(self, seen: Seen) -> Floats:
        """Return how much the words of each line read like boilerplate: the log-odds by its words alone."""
        size = len(self.known) + words.FIRST_WORD
        rows, grams = words.grams(seen.sequences, BITS, size)
        weights = self.gram_weights[grams].astype(np.float64)
        rows, weights = rows[weights != UNSEEN], weights[weights != UNSEEN]
        count = np.bincount(rows, minlength=len(seen.lines))
        total = np.bincount(rows, weights=weights, minlength=len(seen.lines))
        return (total * self.step / np.sqrt(np.maximum(1, count)) + self.intercept).astype(np.float32)

    def scores(self, seen: Seen) -> tuple[Floats, Floats]:
        """Return the log-odds that each line is boilerplate, and the score of its words alone."""
        by_words = self.word_scores(seen)
        table = first_stage(seen, by_words)
        return self.second.scores(second_stage(seen, table, self.first.scores(table))), by_words


def load(path: Path) -> Model:
    """Read a model; ModelError if the file is not one."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            spelled = arrays["words"].tobytes().decode("utf-8").split("\n")
            stages = [_trees({part: arrays[f"{stage}_{part}"] for part in _PARTS}) for stage in _STAGES]
            return Model(
                {word: number for number, word in enumerate(spelled, words.FIRST_WORD)},
                arrays["gram_weights"],
                float(arrays["step"]),
                float(arrays["intercept"]),
                *stages,
            )
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"{path}: not a line model ({error}); train one with benchmarks/train_lines.py") from error


def save(model: Model, path: Path) -> None:
    """Write a model; the same model gives the same bytes."""
    arrays: dict[str, NDArray[np.generic]] = {
        "words": np.frombuffer("\n".join(model.known).encode("utf-8"), dtype=np.uint8),
        "gram_weights": model.gram_weights,
        "step": np.array(model.step),
        "intercept": np.array(model.intercept),
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
