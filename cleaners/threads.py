"""Entries by name and hour below a text: readers' comments, or what reporters and witnesses say one after another.

One comment reads like the article's own prose, and the line model sees some lines up and down. What gives comments away
is the whole of them: names that differ, each beside a time or before "says", one after another, below the article. A
log of events by a few reporters, statements and letters have that, too; but of the lines between their names the model
has no doubt, and then the names and hours are the article's as well.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from cleaners.model.features import Seen

Flags = NDArray[np.bool_]

# So many entries, so many of them by different names, and lines between two of them.
_ENTRIES, _DIFFERENT, _BETWEEN = 4, 0.5, 15
# Lines of prose that an article has above its comments.
_ABOVE = 3
# What the model's scores of all lines are on average at least, in log-odds: where most entries begin with who says it,
# with so many names, and with fewer. An article's own prose has -3 or less, a log of events by reporters -1.1 to .9.
_IF_SAID, _MANY, _IF_MANY, _IF_FEW = -1.0, 8, 0.0, 1.5
# Below so much on average all entries are the article's.
_ARTICLE = -0.5
_LONGEST, _LONGEST_NAME = 70, 40
_TIME = r"\d{1,2}[:.h]\d\d(?::\d\d)?"
_DAY = r"(?:[12]\d\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})"
# A day with a clock's time, or how long ago it was.
_STAMP = re.compile(
    rf"\b{_DAY}\b[^\n]{{0,12}}?\b{_TIME}\b|\b{_TIME}\b[^\n]{{0,24}}?\b{_DAY}\b"
    r"|\b(?:\d{1,4}|an?|one) \w{1,12} (?:ago|назад|önce|əvvəl|առաջ)\b|\b(?:vor|il y a|hace) \d{1,4} \w{1,12}",
    re.IGNORECASE,
)
_VERBS = (
    *("says", "wrote", "writes", "commented", "replied", "schreibt", "schrieb", "sagt", "meint", "пишет", "написал"),
    *("написала", "говорит", "dedi ki", "diyor ki", "yazdı", "yazıb", "գրել է", "ասում է", "a écrit", "dit", "dijo"),
    *("escribió", "dice"),
)
_SAYS = re.compile(rf"(?:\d{{1,4}}\. )?([^\W\d_][^.!?:;\n]{{0,39}}) (?:{'|'.join(_VERBS)}) ?:?", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SIGNS = re.compile(r"[\W\d_]+")
_ENDS = (".", "!", "?", ":", "…", ";", ",")


def entries(lines: Sequence[str], seen: Seen, scores: NDArray[np.float64]) -> tuple[Flags, Flags]:
    """Return which lines are comments, or the names and times over them, and which are an article's own entries.

    `scores` are the model's, in log-odds.
    """
    said_below, of_article = np.zeros((2, len(lines)), dtype=np.bool_)
    for run in _near(_heads(lines)):
        if len(run) < _ENTRIES:
            continue
        places, names = [place for place, _ in run], {name for _, name in run}
        first, end = places[0], places[-1] + int(median(below - above for above, below in pairwise(places)))
        said = sum(_SAYS.fullmatch(lines[place]) is not None for place in places)
        needed = _IF_SAID if 2 * said > len(run) else _IF_MANY if len(names) >= _MANY else _IF_FEW
        article = np.count_nonzero(seen.prose[:first]) >= _ABOVE
        doubt = scores[first:end].mean()
        if article and len(names) >= _DIFFERENT * len(run) and doubt > needed:
            said_below[first:end] = True
        elif doubt < _ARTICLE:
            of_article[first:end] = True
    return said_below, of_article


def _heads(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield where an entry begins, and the name of who wrote it."""
    last = stamped = -_BETWEEN
    for place, line in enumerate(lines):
        if len(line) > _LONGEST:
            continue
        if line.rstrip(" :").lower().endswith(_VERBS) and (says := _SAYS.fullmatch(line)):
            last = place
            yield place, _name(says[1])
        elif place - 1 > last and (stamp := _STAMP.search(line)):
            above = lines[place - 1] if place else ""
            is_name = len(above) <= _LONGEST_NAME and not above.endswith(_ENDS) and _LETTER.search(above)
            if is_name and place - 1 > stamped:
                last = place - 1
                yield last, _name(above)
            elif beside := _name(line[: stamp.start()]) or _name(line[stamp.end() :]):
                last = place
                yield last, beside
            stamped = place


def _name(said: str) -> str:
    return _SIGNS.sub(" ", said).strip().lower()


def _near(heads: Iterator[tuple[int, str]]) -> Iterator[Sequence[tuple[int, str]]]:
    run: list[tuple[int, str]] = []
    for head in heads:
        if run and head[0] - run[-1][0] > _BETWEEN:
            yield run
            run = []
        run.append(head)
    if run:
        yield run
