"""The text of a page: its blocks by the model, and trafilatura's reading where the model is unsure of the page."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cleaners.extract.blocks import Page
from cleaners.extract.doubt import comparison, doubt
from cleaners.extract.features import Floats, Measure
from cleaners.extract.kept import compose
from cleaners.extract.model import Model
from cleaners.extract.strays import strays
from cleaners.extract.words import sign_words

NAME = "blocks 2026.11.2"
_COMMENTS = frozenset(("comments", "commentlist", "kommentare", "commentaires"))
_ARTICLE_WORDS = 150
SURE = 0.6
"""Below this expected share of right 4-word shingles a second opinion is asked for."""
GAIN = 0.03
"""The second opinion is taken where it is expected to be better by this much."""
PLAIN = 0.85
"""A page is plain from this expected F1 over words."""


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
    chosen = sift(page, measure.words, choose(measure.words, kept))
    row = doubt(measure, kept, chosen)
    return Reading(compose(page, chosen), float(model.sure.predict(row[None, :])[0]), row, measure, kept)


def choose(words: Floats, kept: Floats) -> list[int]:
    """Return the blocks, in order, whose F1 over words is expected to be the highest.

    That is a bound on the probability of half that F1 (Ye, Chai, Lee, Chieu: Optimizing F-measures, 2012): lower on
    a page that leaves the model in doubt. On a page that does not, the bound is .5, for more pages come out exact.
    """
    order = np.argsort(-kept, kind="stable")
    right = np.cumsum((kept * words)[order])
    expected = 2 * right / (np.cumsum(words[order]) + right[-1])
    best_at = int(expected.argmax())
    bound = float(kept[order[best_at]])
    if expected[best_at] >= PLAIN:
        bound = max(bound, min(0.5, float(kept.max())))
    return [int(place) for place in np.flatnonzero(kept >= bound)]


def sift(page: Page, words: Floats, chosen: list[int]) -> list[int]:
    """Return the chosen blocks that are no comments of readers, no request for consent and no next article."""
    told = without_comments(page, words, chosen)
    out = strays(page, words, told)
    return [block for block in told if block not in out]


def without_comments(page: Page, words: Floats, chosen: list[int]) -> list[int]:
    """Return the chosen blocks that are not in an element named for readers' comments.

    All of them where comments are most of the chosen words, for there they are what the page is about: unless the page
    calls itself an article, and enough is left to be one.
    """
    elements = page.elements
    commented = np.zeros(len(words), dtype=bool)
    for sign, first, end in zip(elements.sign, elements.first, elements.end, strict=True):
        if "omm" in sign.lower() and not _COMMENTS.isdisjoint(sign_words(sign)):
            commented[first:end] = True
    article = [block for block in chosen if not commented[block]]
    left, most = words[article].sum(), words[chosen].sum() / 2
    return article if left >= most or (left >= _ARTICLE_WORDS and "article" in page.kind) else chosen


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
    return (theirs, True) if model.better.predict(row[None, :])[0] > GAIN else (reading.text, False)
