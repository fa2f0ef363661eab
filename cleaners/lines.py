"""Lines that read, and stand, like boilerplate, by a trained model: what no rule knows.

The model gives each line a probability; the rule of an edit tells it (`model:line/p97`: at least 0.97). How it was
trained, on what, and what it loses is in `model/README.md`. Asked about many texts together it takes less time, and
says of each what it says of it alone. It is one opinion and never the last: short texts, texts without prose,
quotations, headings like "Sources", the title, what heads or interrupts lines that stay, long lists of which it is not
very sure, or whose lines begin with the same word, and runs of lines that are the article's by their form (runs.py:
lists of names, conversations, chronicles) stay whatever it says. Readers' comments that are known by their form go
whole, if the model has its doubts about them (threads.py).
"""

import functools
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaners.matching import Line, split_lines
from cleaners.model.bounds import Bounds
from cleaners.model.features import Seen, Text, is_prose, see
from cleaners.model.links import link_shares
from cleaners.model.weights import Model, load
from cleaners.protected import quoted_lines
from cleaners.runs import of_the_article
from cleaners.threads import entries
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document, Removal

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

COMMENT = "model:comments/thread"
"""The rule of an edit that takes a line of readers' comments (threads.py)."""

_FILE = Path(__file__).parent / "model" / "lines.npz"
_WORD = re.compile(r"[^\W_]")
_FEWEST_LINES, _MOST_LINES = 6, 3000
_LINES, _CHARACTERS = 1500, 300_000
"""Lines and characters from which on the model is not asked about one more text at the same time."""
_TRAINED = frozenset({"en", "de"})
_OPENING, _CLOSING = tuple('“„«"'), tuple('”“»"')
# Headings of an article's own parts. Lists of links that a site adds have others.
_OF_THE_ARTICLE = re.compile(
    r"\W*(?:introduction|motivation|tl;?dr|faqs?|frequently asked questions|summary|conclusions?|sources?|references?"
    r"|bibliography|further reading|credits|acknowledge?ments|appendix|abstract|einleitung|fazit|zusammenfassung"
    r"|quellen|literatur|введение|заключение|источники|литература|giriş|sonuç|kaynakça|références|referencias)\W*",
    re.IGNORECASE,
)
# Lines that are taken one after another, with up to so many between them, are one list.
_GAP = 2


# A list of more lines than the first needs a mean score of so much, and so much more for each further size.
_LISTS, _LEAST, _MORE = (20, 28, 40, 57, 80, 113, 160, 226, 320, 453, 640), 0.625, 0.125
# A list of more different lines than the first size is a plan, a timetable, a table if so many begin with one word.
_SAME = 0.75
# A list of fewer, nearly all different, needs so much more on average than the least that a line does.
_FEW, _DIFFERENT, _IN_LIST = 8, 0.9, 0.5
# Of as many lines that look alike, each is drawn to their mean score by this share; none counts for more than so much.
_ALIKE, _DRAWN, _MOST = 4, 0.25, 2.25
# So many lines, all of them short and kept, keep the one above them.
_BELOW = 3
# Characters of a first line right above prose from which on it is the title, as it is from four words on.
_TITLE = 20
# Characters of a line, each size half as long again as the one before, nearly: what is longer is dearer to lose.
_SIZES = np.array((20, 28, 40, 57, 80, 113, 160, 226, 320, 453, 640, 905), dtype=np.float32)
# What a line between prose needs more, and less if all of the text read like boilerplate.
_INSIDE, _MUCH = 0.5, 1.25
_ODDS = tuple(math.log(percent / (100 - percent)) for percent in range(51, 100))


@dataclass(frozen=True, slots=True)
class Setting:
    """From which log-odds a short line is taken, and how much more a longer one needs for each of _SIZES.

    `untrained_language` is added for other languages than those the model knows well. Scores are multiples of 1/1024,
    and what is added here are single operations: no machine decides otherwise than another.
    """

    least: float
    longer: float
    untrained_language: float


CONSERVATIVE, DEFAULT, EAGER = Setting(0.8125, 0.625, 0.5), Setting(0.5, 0.46875, 0.25), Setting(0.0, 0.125, 0.25)
SETTINGS = {Removal.CONSERVATIVE: CONSERVATIVE, Removal.DEFAULT: DEFAULT, Removal.EAGER: EAGER}


@dataclass(frozen=True, slots=True)
class Question:
    """A document that the model is to be asked about, its lines, and the numbers of those that it sees, as `text`."""

    document: Document
    lines: Sequence[Line]
    numbers: Sequence[int]
    text: Text
    setting: Setting


def question(document: Document, setting: Setting | None = None) -> Question | None:
    """Return what to ask of a document; None where all of it stays, as does a page whose blocks were chosen one by one.

    `setting` is that of the document where none is given.
    """
    if document.is_html:
        return None
    every = split_lines(document.text)
    numbers = [number for number, line in enumerate(every) if has_word(line.text)]
    if not _FEWEST_LINES <= len(numbers) <= _MOST_LINES:
        return None
    lines = [every[number].text for number in numbers]
    if not any(map(is_prose, lines)):
        return None
    text = Text(lines, link_shares(document.source, lines), document.url or "")
    return Question(document, every, numbers, text, setting or SETTINGS[document.removal])


def answers(questions: Sequence[Question], trained: Model) -> Iterator[list[Edit]]:
    """Yield an edit for each line that `trained` is sure of, for each document what there would be for it alone."""
    waiting: list[Question] = []
    lines = characters = 0
    for number, asked in enumerate(questions, 1):
        waiting.append(asked)
        lines += len(asked.numbers)
        characters += len(asked.document.text)
        if lines >= _LINES or characters >= _CHARACTERS or number == len(questions):
            yield from _answers(waiting, trained)
            waiting, lines, characters = [], 0, 0


def _answers(questions: Sequence[Question], trained: Model) -> Iterator[list[Edit]]:
    seen = see([asked.text for asked in questions], trained.lexicon)
    alone = trained.scores(seen)
    scores = among_alike(alone, seen.kind, seen.within)
    wanted = scores > _needed(questions, seen, scores)
    for number, asked in enumerate(questions):
        part = seen.within.part(number)
        yield _edits(asked, seen.of(number), alone[part], scores[part], wanted[part]) if wanted[part].any() else []


def proposals(document: Document, trained: Model, setting: Setting) -> list[Edit]:
    """Return an edit for each line that `trained` is sure of, as `setting` has it."""
    asked = question(document, setting)
    return next(answers([asked], trained)) if asked else []


def propose(document: Document) -> list[Edit]:
    """Propose to take the lines that the model is sure of."""
    return proposals(document, model(), SETTINGS[document.removal])


def _edits(asked: Question, seen: Seen, alone: Scores, scores: Scores, wanted: Flags) -> list[Edit]:
    """Return an edit for each line that is wanted, but for those that stay whatever the model says."""
    document, every, texts = asked.document, asked.lines, asked.text.lines
    wanted &= ~_doubtful_lists(alone, texts)
    taken = wanted & ~unsure_lists(alone, wanted, texts, asked.setting.least + _IN_LIST)
    said_below, stay = entries(texts, seen, alone, document.source or document.text)
    stay |= of_the_article(texts, seen, wanted) | heading_what_stays(wanted, seen, scores)
    taken &= ~(stay | title_line(texts, wanted, seen))
    quoted = quoted_lines(document.text, every)
    edits = []
    for place in np.flatnonzero(taken | said_below).tolist():
        line = every[asked.numbers[place]]
        stays = asked.numbers[place] in quoted or is_quotation(line.text) or _OF_THE_ARTICLE.fullmatch(line.text)
        if said_below[place] or not stays:
            rule = _label(float(scores[place])) if taken[place] and not stays else COMMENT
            edits.append(Edit(line.start, line.end, document.text[line.start : line.end], "", rule))
    return edits


def _needed(questions: Sequence[Question], seen: Seen, scores: Scores) -> Scores:
    """Return the log-odds from which each line is taken.

    Between lines of prose the article is likelier than at the ends of a text; it is less likely anywhere if most of
    the text reads like boilerplate.
    """
    within = seen.within
    longer = np.array([asked.setting.longer for asked in questions])
    least = np.array(
        [
            asked.setting.least + (0.0 if asked.document.language in _TRAINED else asked.setting.untrained_language)
            for asked in questions
        ]
    )
    prose = seen.prose & (scores < 0)
    above = within.upto(prose)
    inside = np.where((above > 0) & (above < within.counts(prose)[within.text_of]), _INSIDE, 0.0)
    least -= _MUCH * (within.counts(scores > 0) / within.sizes)
    odds: Scores = longer[within.text_of] * np.searchsorted(_SIZES, seen.length) + inside + least[within.text_of]
    return odds


def among_alike(scores: Scores, kind: NDArray[np.int64], within: Bounds) -> Scores:
    """Return scores nearer to those of lines of the same kind in their text, which mostly are right or wrong together.

    What comes out are multiples of 1/1024, as what goes in: a mean of such numbers is one division.
    """
    bounded = np.clip(scores, -_MOST, _MOST)
    alike = within.text_of * (int(kind.max()) + 1) + kind
    order = np.argsort(alike)
    group = np.empty_like(order)
    group[order] = np.cumsum(np.diff(alike[order], prepend=-1) > 0)
    counts = np.bincount(group)[group]
    means = np.bincount(group, weights=bounded)[group] / counts
    drawn = np.where(counts >= _ALIKE, _DRAWN * (means - bounded), 0.0)
    whole: Scores = np.rint(1024 * (scores + drawn)) / 1024
    return whole


def _doubtful_lists(scores: Scores, lines: Sequence[str]) -> Flags:
    """Return which lines are in lists of which the model is not sure enough for their length: plans, credits, tables.

    The lines of a list are right or wrong together, so one mistake costs all of them.
    """
    doubtful = np.zeros(len(scores), dtype=np.bool_)
    places = np.flatnonzero(scores > 0)
    for run in np.split(places, np.flatnonzero(np.diff(places) > _GAP) + 1):
        if len(run) > _LISTS[0]:
            needed = _LEAST + _MORE * bisect_left(_LISTS, len(run))
            doubtful[run] = scores[run].mean() < needed or _begin_alike({lines[place] for place in run.tolist()})
    return doubtful


def unsure_lists(scores: Scores, taken: Flags, lines: Sequence[str], needed: float) -> Flags:
    """Return which lines are in lists of nearly all different lines that would be taken, with a mean score below that.

    What a site puts round an article has lines among it that leave no doubt; the model doubts a little of each line of
    a letter, a table, a list of abbreviations.
    """
    unsure = np.zeros_like(taken)
    places = np.flatnonzero(taken)
    for run in np.split(places, np.flatnonzero(np.diff(places) > _GAP) + 1):
        if len(run) >= _FEW and len({lines[place] for place in run.tolist()}) >= _DIFFERENT * len(run):
            unsure[run] = scores[run].mean() < needed
    return unsure


def heading_what_stays(taken: Flags, seen: Seen, scores: Scores) -> Flags:
    """Return which lines are taken from right above some short ones that stay: the heading of a box, a verse."""
    alone = np.zeros_like(taken)
    stays = ~(taken | seen.prose) & (scores < 0)
    for place in np.flatnonzero(taken).tolist():
        below = stays[place + 1 : place + 1 + _BELOW]
        alone[place] = len(below) == _BELOW and bool(below.all())
    return alone


def title_line(lines: Sequence[str], taken: Flags, seen: Seen) -> Flags:
    """Return whether the first line is the title: right above prose, of some words, and not the only ones to stay."""
    title = np.zeros_like(taken)
    title[0] = seen.prose[1] and not taken[1] and (lines[0].count(" ") > 2 or len(lines[0]) >= _TITLE)
    return title


def _begin_alike(lines: Collection[str]) -> bool:
    firsts = Counter(line.split(maxsplit=1)[0].lower() for line in lines)
    return len(lines) > _LISTS[0] and max(firsts.values()) >= _SAME * len(lines)


def has_word(line: str) -> bool:
    """Tell whether the model sees a line: whether it has a letter or a digit."""
    return line[:1].isalnum() or _WORD.search(line) is not None


def _label(score: float) -> str:
    return f"model:line/p{50 + bisect_right(_ODDS, score):02d}"


def is_quotation(line: str) -> bool:
    """Tell whether a line is a quotation as a whole, or one that other lines go on with."""
    closed = line.rstrip(".,").endswith(_CLOSING)
    if line.startswith(_OPENING):
        return closed or not any(mark in line[1:] for mark in _CLOSING)
    return closed and not any(mark in line[:-2] for mark in _OPENING)


@functools.cache
def model() -> Model:
    """Return the model that is part of the project, read once."""
    return load(_FILE)


CLEANER = Cleaner("model", "2026.11.7", propose)
