"""The block model: word tables and gradient-boosted trees that say how likely a block belongs to the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from cleaners.extract.blocks import Page
from cleaners.extract.columns import Floats
from cleaners.extract.context import CONTEXT, context
from cleaners.extract.features import FEATURES, table
from cleaners.extract.forest import Forest
from cleaners.extract.measure import Measures
from cleaners.extract.sections import SECTIONS, sections
from cleaners.extract.words import WordTable, read_table

FOLDER = Path(__file__).parent / "model"


SURELY = {"pred_early_stop": "true", "pred_early_stop_freq": "10", "pred_early_stop_margin": "12"}
"""How trees are asked about blocks: no further where the sum so far is this far from either side. Measured on 117,000
blocks it takes 16 % off the time of the trees and changes 104 choices. With 8 it took 26 % off and changed 341, mostly
to keep, for the second stage is trained on what all trees say: six fewer of 405 pages came out exact."""

SURELY_NOT = 0.03
"""Up to this chance by the first stage a block is none of the text, and the second is not asked: more than half of all
blocks; measured on 1,399 pages it changes no figure by more than .0002."""


class Trees(Protocol):
    """Rows of features into one number each."""

    def predict(self, data: Floats, /) -> Floats:
        """Return the prediction of each row."""
        ...


@dataclass(frozen=True, slots=True)
class Model:
    """Word tables, the trees of the two stages over blocks, and two over pages.

    `sure` expects the share of right shingles of a page, `better` what a second opinion would add to it.
    """

    words: WordTable
    first: Trees
    second: Trees
    sure: Trees
    better: Trees

    def probabilities(self, pages: Sequence[Page]) -> tuple[Measures, Floats]:
        """Return what was measured of pages that each have a block, and how likely each of their blocks is kept."""
        measures = Measures(pages, self.words)
        rows = table(measures, spare=CONTEXT + SECTIONS)
        kept = self.first.predict(rows)
        unsure = np.flatnonzero(kept > SURELY_NOT)
        if len(unsure):
            asked = rows[unsure]
            asked[:, FEATURES : FEATURES + CONTEXT] = context(measures, kept)[unsure]
            asked[:, FEATURES + CONTEXT :] = sections(measures, kept)[unsure]
            kept = kept.copy()
            kept[unsure] = self.second.predict(asked)
        return measures, kept


@cache
def load(folder: Path = FOLDER) -> Model:
    """Return the model in a folder as `benchmarks/train_blocks.py` writes it: the one that comes with the project."""
    with (folder / "words.tsv").open(encoding="utf-8") as lines:
        words = read_table(lines)
    blocks = (_forest(folder / f"{name}.txt", SURELY) for name in ("first", "second"))
    return Model(words, *blocks, *(_forest(folder / f"{name}.txt") for name in ("sure", "better")))


def _forest(path: Path, options: Mapping[str, str] | None = None) -> Forest:
    return Forest(path.read_text("utf-8"), options)
