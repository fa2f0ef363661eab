"""The model as a file: arrays only (`numpy.savez_compressed`), read without pickle."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaners.model import words
from cleaners.model.features import Seen
from cleaners.model.lexicon import Lexicon, lexicon
from cleaners.model.network import Layer, Network, packed, unpacked

BITS = 20
_LAYERED = tuple(field.name for field in fields(Layer))
_PLAIN = tuple(field.name for field in fields(Network) if field.name not in {"layers", "rows"})
# Whole numbers: small in the file, and floats at work, where matrix products are made for them.
_STORED = {"lines": np.int8, "sides": np.int8, "codes": np.int16, "out": np.int16}
_AT_WORK = {"lines": np.float32, "sides": np.float32, "codes": np.float32, "out": np.float64}


class ModelError(ValueError):
    """A model file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model: the words it knows, and the networks that it asks."""

    lexicon: Lexicon
    network: Network

    def scores(self, seen: Seen) -> NDArray[np.float64]:
        """Return the log-odds that each line is boilerplate, in multiples of 1/1024."""
        rows, grams = words.grams(seen.row, seen.sequence, BITS, len(self.lexicon.rarity))
        return self.network.scores(rows, grams, seen.measures, seen.ends, seen.within)


def load(path: Path) -> Model:
    """Read a model; ModelError if the file is not one."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            spelled = arrays["spelled"].tobytes().decode("utf-8").split("\n")
            parts = {key: arrays[key].astype(_AT_WORK.get(key, arrays[key].dtype)) for key in (*_PLAIN, *_LAYERED)}
            parts["words"] = packed(parts["words"])
            rows = np.full(len(arrays["rarity"]) + (1 << BITS), -1, dtype=np.int32)
            rows[arrays["known"]] = np.arange(len(parts["words"]))
            layers = tuple(Layer(*(parts[key][at] for key in _LAYERED)) for at in range(len(parts["base"])))
            network = Network(rows=rows, layers=layers, **{key: parts[key] for key in _PLAIN})
            return Model(lexicon(spelled, arrays["rarity"]), network)
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"{path}: not a line model ({error}); train one with benchmarks/train_lines.py") from error


def save(model: Model, path: Path) -> None:
    """Write a model; the same model gives the same bytes."""
    network = model.network
    parts = {key: np.asarray(getattr(network, key)) for key in _PLAIN}
    parts["words"] = unpacked(network.words)
    parts |= {key: np.stack([getattr(layer, key) for layer in network.layers]) for key in _LAYERED}
    arrays: dict[str, NDArray[np.generic]] = {
        "spelled": np.frombuffer("\n".join(model.lexicon.spelled).encode("utf-8"), dtype=np.uint8),
        "rarity": model.lexicon.rarity,
        "known": np.flatnonzero(network.rows >= 0).astype(np.int32),
        **{key: part.astype(_STORED.get(key, part.dtype)) for key, part in parts.items()},
    }
    np.savez_compressed(path, allow_pickle=False, **arrays)
