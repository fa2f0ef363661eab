"""Entries by name and hour below a text: readers' comments, or what reporters and witnesses say one after another.

One comment reads like the article's own prose, and the line model sees some lines up and down. What gives comments away
is the whole of them: names that differ, each beside a time or before "says", one after another, below the article, and
a heading over them, numbers before the names, or buttons to reply. A log of events by reporters, statements and letters
have names and hours, too, but nothing that says that comments follow: they go only if the model is sure of all of them.
Where it has no doubt that they are the article's, the names and hours stay as well.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from cleaners.model.features import Seen

Flags = NDArray[np.bool_]

# So many entries, so many of them by different names (and fewer where the page says that comments follow), and lines
# between two of them.
_ENTRIES, _DIFFERENT, _DIFFERENT_IF_TOLD, _BETWEEN = 4, 0.5, 0.3, 15
# Lines of prose that an article has above its comments.
_ABOVE = 3
# What the model's scores of all lines are on average at least, in log-odds, where the page says that comments follow:
# by numbers before those who say it; by other signs before as many, with so many names, with fewer; and elsewhere.
_IF_NUMBERED, _IF_SAID, _MANY, _IF_MANY, _IF_FEW, _IF_UNTOLD = -1.0, -0.5, 8, 0.0, 0.25, 2.0
# Below so much on average entries are the article's, where nothing says that comments follow.
_ARTICLE = 0.5
# Lines of the page between a heading and the first entry; a line above a time that is there so often is no name.
_BELOW_HEADING, _OFTEN = 5, 3
_LONGEST, _LONGEST_NAME = 70, 40
_HEADINGS = frozenset(
    {
        *("comment", "comments", "reader comments", "readers comments", "responses", "replies", "kommentare"),
        *("leserkommentare", "комментарии", "комментариев", "комментария", "обсуждение", "yorum", "yorumlar", "şərh"),
        *("şərhlər", "մեկնաբանություններ", "commentaires", "comentarios"),
    }
)
_HEADED = ("thoughts on ", "responses to ", "comments on ", "kommentare zu ")
_CONTROLS = frozenset(
    {
        *("reply", "reply share", "report", "report abuse", "report comment", "antworten", "melden", "ответить"),
        *("пожаловаться", "yanıtla", "cevapla", "cavab yaz", "cavab ver", "cavabla", "պատասխանել", "répondre"),
        *("responder",),
    }
)
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
    *("escribió", "dice", "said...", "said…"),
)
# A number, a name, which may have initials, and the verb.
_SAYS = re.compile(
    rf"(\d{{1,4}}\. )?([^\W\d_](?:[^.!?:;\n]|(?<=\b\w)\.){{0,39}}) (?:{'|'.join(map(re.escape, _VERBS))}) ?:?",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_SIGNS = re.compile(r"[\W\d_]+")
# A mark at the end that is not that of an initial.
_ENDED = re.compile(r"(?<!\b[^\W\d_])\.$|[!?:…;,]$")
_MARKS = "*_#> "
Run = Sequence[tuple[int, str]]
"""Where each entry begins, and the name of who wrote it."""


def entries(lines: Sequence[str], seen: Seen, scores: NDArray[np.float64], source: str) -> tuple[Flags, Flags]:
    """Return which lines are comments, or the names and times over them, and which are an article's own entries.

    `scores` are the model's, in log-odds. `source` is the text that the lines are what is left of: headings and buttons
    are taken out before the model is asked.
    """
    said_below, of_article = np.zeros((2, len(lines)), dtype=np.bool_)
    heads = [*_heads(lines)]
    if all(len(run) < _ENTRIES for run in _near(heads)):
        return said_below, of_article
    page = _page(lines, source)
    for run in _near(heads, page):
        if len(run) < _ENTRIES:
            continue
        places, names = [place for place, _ in run], {name for _, name in run}
        first, end = places[0], places[-1] + int(median(below - above for above, below in pairwise(places)))
        said = [found for place in places if (found := _SAYS.fullmatch(lines[place]))]
        numbered = 2 * sum(found[1] is not None for found in said) > len(run)
        told = numbered or page.tells(first, min(end, len(lines)) - 1, len(run))
        if numbered:
            needed = _IF_NUMBERED
        elif told:
            needed = _IF_SAID if 2 * len(said) > len(run) else _IF_MANY if len(names) >= _MANY else _IF_FEW
        else:
            needed = _IF_UNTOLD
        article = np.count_nonzero(seen.prose[:first]) >= _ABOVE
        different = len(names) >= (_DIFFERENT_IF_TOLD if told else _DIFFERENT) * len(run)
        doubt = scores[first:end].mean()
        if article and different and doubt > needed:
            said_below[first:end] = True
        elif doubt < _ARTICLE and not told:
            of_article[first:end] = True
    return said_below, of_article


@dataclass(frozen=True, slots=True)
class _Page:
    """Where in the page each line stands, and where headings over comments and buttons below them do, in order."""

    at: Sequence[int]
    headings: Sequence[int]
    controls: Sequence[int]

    def tells(self, first: int, last: int, count: int) -> bool:
        """Tell whether a heading stands right above the first line, or a button with half of so many entries."""
        begin, end = self.at[first], self.at[last] + _BELOW_HEADING
        headed = bisect_right(self.headings, begin) - bisect_right(self.headings, begin - _BELOW_HEADING - 1)
        replied = bisect_right(self.controls, end) - bisect_right(self.controls, begin)
        return headed > 0 or 2 * replied >= count

    def part(self, above: int, below: int) -> bool:
        """Tell whether a heading stands between two lines."""
        return bisect_right(self.headings, self.at[below]) > bisect_right(self.headings, self.at[above])


def _page(lines: Sequence[str], source: str) -> _Page:
    of_page = [line.strip().strip(_MARKS) for line in source.split("\n")]
    where: dict[str, list[int]] = {}
    for place, line in enumerate(of_page):
        where.setdefault(line, []).append(place)
    at, last = [], -1
    for line in lines:
        places = where.get(line.strip(_MARKS), ())
        # what is not found stands where the line above does
        if (number := bisect_right(places, last)) < len(places):
            last = places[number]
        at.append(max(0, last))
    said = [_name(line.split("](")[0]) if len(line) <= 2 * _LONGEST else "" for line in of_page]
    headings = [place for place, words in enumerate(said) if words in _HEADINGS or words.startswith(_HEADED)]
    return _Page(at, headings, [place for place, words in enumerate(said) if words in _CONTROLS])


def _heads(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield where an entry begins, and the name of who wrote it."""
    last = stamped = -_BETWEEN
    often: Counter[str] = Counter()
    for place, line in enumerate(lines):
        if len(line) > _LONGEST:
            continue
        if line.rstrip(" :").lower().endswith(_VERBS) and (says := _SAYS.fullmatch(line)):
            last = place
            yield place, _name(says[2])
        elif place - 1 > last and (stamp := _STAMP.search(line)):
            often = often or Counter(lines)
            above = lines[place - 1] if place else ""
            is_name = len(above) <= _LONGEST_NAME and not _ENDED.search(above) and _LETTER.search(above)
            beside = _name(line[: stamp.start()]) or _name(line[stamp.end() :])
            if is_name and place - 1 > stamped and not (beside and often[above] >= _OFTEN):
                last = place - 1
                yield last, _name(above)
            elif beside and often[line] < _OFTEN:
                last = place
                yield last, beside
            stamped = place


def _name(said: str) -> str:
    return _SIGNS.sub(" ", said).strip().lower()


def _near(heads: Sequence[tuple[int, str]], page: _Page | None = None) -> Iterator[Run]:
    """Yield the entries that stand near each other, without a heading between them."""
    run: list[tuple[int, str]] = []
    for head in heads:
        above = run[-1][0] if run else head[0]
        if head[0] - above > _BETWEEN or (page and page.part(above, head[0])):
            yield run
            run = []
        run.append(head)
    if run:
        yield run
