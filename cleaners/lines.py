"""Lines that read, and stand, like boilerplate, by a trained model: what no rule knows.

The model gives each line a probability; the rule of an edit tells it (`model:line/p97`: at least 0.97). How it was
trained, on what, and what it loses is in `model/README.md`. It is one opinion and never the last: short texts, texts
without prose, quotations, and long lists in which no line reads like boilerplate stay whatever it says.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaners.matching import Line, quoted_lines, split_lines
from cleaners.model.characters import Floats
from cleaners.model.features import see
from cleaners.model.links import link_shares
from cleaners.model.weights import Model, load
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document

_FILE = Path(__file__).parent / "model" / "lines.npz"
_WORD = re.compile(r"[^\W_]")
# Of a longer run of lines, one in so many has to read like boilerplate by its own words.
_LONGEST_LIST, _ONE_IN, _TELLING, _GAP = 20, 30, 1.5, 2
_FEWEST_LINES, _MOST_LINES = 6, 3000
_SHORT = 40
_TRAINED = frozenset({"en", "de"})
_OPENING, _CLOSING = tuple('“„«"'), tuple('”“»"')


@dataclass(frozen=True, slots=True)
class Setting:
    """How sure the model has to be, in log-odds: for a short line, more for each character, more in other languages.

    A lost paragraph is worse than a lost line, so each character beyond the 40th asks for more.
    """

    least: float
    per_character: float
    untrained_language: float


CONSERVATIVE = Setting(2.5, 0.04, 2.0)
DEFAULT = Setting(1.8, 0.04, 1.0)
EAGER = Setting(0.8, 0.01, 0.5)


def propose(document: Document) -> Iterable[Edit]:
    """Propose to take the lines that the model is sure of; none of a page whose blocks were chosen one by one."""
    return () if document.is_html else proposals(document, model(), DEFAULT)


def proposals(document: Document, trained: Model, setting: Setting) -> Iterator[Edit]:
    """Yield an edit for each line that `trained` is sure of, as `setting` has it."""
    every = split_lines(document.text)
    numbers = [number for number, line in enumerate(every) if has_word(line.text)]
    if not _FEWEST_LINES <= len(numbers) <= _MOST_LINES:
        return
    texts = [every[number].text for number in numbers]
    seen = see(texts, link_shares(document.source, texts), trained.known)
    if not seen.prose.any():
        return
    scores, words = trained.scores(seen)
    needed = setting.least + setting.per_character * np.maximum(0, seen.layout[:, 0] - _SHORT)
    if document.language not in _TRAINED:
        needed = needed + setting.untrained_language
    taken = (scores > needed) & ~_in_quotation(document.text, every, numbers)
    _spare_lists(taken, words)
    for place in np.flatnonzero(taken):
        line = every[numbers[place]]
        yield Edit(line.start, line.end, document.text[line.start : line.end], "", _label(float(scores[place])))


def has_word(line: str) -> bool:
    """Tell whether the model sees a line: whether it has a letter or a digit."""
    return _WORD.search(line) is not None


def _label(score: float) -> str:
    return f"model:line/p{min(99, int(100 / (1 + np.exp(-score)))):02d}"


def _in_quotation(text: str, every: Sequence[Line], numbers: Sequence[int]) -> NDArray[np.bool_]:
    """Return which lines are quoted speech: inside a quotation over several lines, or opened or closed by its marks."""
    inside = quoted_lines(text, every)
    return np.array([number in inside or is_quotation(every[number].text) for number in numbers], dtype=np.bool_)


def is_quotation(line: str) -> bool:
    """Tell whether a line is a quotation as a whole, or one that other lines go on with."""
    closed = line.rstrip(".,").endswith(_CLOSING)
    if line.startswith(_OPENING):
        return closed or not any(mark in line[1:] for mark in _CLOSING)
    return closed and not any(mark in line[:-2] for mark in _OPENING)


def _spare_lists(taken: NDArray[np.bool_], words: Floats) -> None:
    """Keep long runs of lines of which hardly one reads like boilerplate by its own words: lists, tables, plans."""
    places = np.flatnonzero(taken)
    for run in np.split(places, np.flatnonzero(np.diff(places) > _GAP) + 1):
        if len(run) > _LONGEST_LIST and np.count_nonzero(words[run] > _TELLING) * _ONE_IN < len(run):
            taken[run] = False


@functools.cache
def model() -> Model:
    """Return the model that is part of the project, read once."""
    return load(_FILE)


CLEANER = Cleaner("model", "2026.11.1", propose)
