"""The text of a page: its blocks by the model, and trafilatura's reading where the model is unsure of the page."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cleaners.extract.blocks import Page
from cleaners.extract.doubt import comparison, doubt
from cleaners.extract.features import Floats, Measure
from cleaners.extract.kept import compose
from cleaners.extract.model import Model

NAME = "blocks 2026.11.1"
SURE = 0.75
"""Below this expected share of right 4-word shingles a second opinion is asked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's text by its blocks, and what was measured on the way; `sure` is the expected shingle F1."""

    text: str
    sure: float
    row: Floats
    measure: Measure
    kept: Floats


def read(page: Page, model: Model) -> Reading:
    """Return the text of the blocks that the model keeps; the page must have a block."""
    measure, kept = model.probabilities(page)
    chosen = choose(measure.words, kept)
    row = doubt(measure, kept, chosen)
    return Reading(compose(page, chosen), float(model.sure.predict(row[None, :])[0]), row, measure, kept)


def choose(words: Floats, kept: Floats) -> list[int]:
    """Return the blocks, in order, whose F1 over words is expected to be the highest.

    The bound is half of that F1: .5 where the model is sure of all blocks, lower on a page that leaves it in doubt
    (Ye, Chai, Lee, Chieu: Optimizing F-measures, 2012).
    """
    order = np.argsort(-kept, kind="stable")
    right = np.cumsum((kept * words)[order])
    expected = 2 * right / (np.cumsum(words[order]) + right[-1])
    bound = float(kept[order[int(expected.argmax())]])
    return [int(place) for place in np.flatnonzero(kept >= bound)]


def best(page: Page, model: Model, second: Callable[[], str]) -> tuple[str, bool]:
    """Return the page's text, and whether it is what `second` reads in it, which is asked only in doubt."""
    if not page.blocks.text:
        return second(), True
    reading = read(page, model)
    if reading.text and reading.sure >= SURE:
        return reading.text, False
    theirs = second()
    if not theirs:
        return reading.text, False
    if not reading.text:
        return theirs, True
    row = np.concatenate((reading.row, comparison(reading.measure, reading.kept, reading.text, theirs)))
    return (theirs, True) if model.better.predict(row[None, :])[0] > 0 else (reading.text, False)
