"""Sentences of a line. Nothing is split inside quotation marks, so quoted speech never makes a sentence of its own."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from schemas.edit import kind_of

# Bounded everywhere, hence linear. U+0589 is the Armenian full stop.
_END = re.compile('[.!?…։]["”’»)\\]]{0,3}(?=[ \t\u00a0])')
_MARK = re.compile('["“”„«»]')
_CLOSED_BY = {'"': '"', "“": "”", "„": "“", "«": "»"}
_DEEPEST = 4
# Who says it: up to three words between the comma and the verb.
_REPORTED = re.compile(
    r", (?:[^\s,.]+ ){0,3}?(?:said|says|say|wrote|writes|asked|asks|shouted|told|announced|sang|sagten?|sagt|hieß"
    r"|schrieb|schreibt|dit|disait|disent|écrit|explique|dijo|dijeron|dice|dicen|escribió|chantait|сказала?|сказали|говорит|говорят"
    r"|говорил[аи]?|заявила?|заявили|пишет|написала?|пела?|пели|dedi|dediler|deyib|diyor|söyledi|ասաց|ասում|ասել|գրել)(?![^\W_])"
)
_ENGLISH = "mr mrs ms dr prof gen col lt sgt capt st no vol fig vs etc inc ltd co corp jr sr dept est approx art"
_OTHERS = "им гг ул тыс млн млрд руб т.д т.п т.е стр см св str bzw z.b m.ö"
_ABBREVIATIONS = frozenset(f"{_ENGLISH} {_OTHERS}".split())


class Stretch(NamedTuple):
    """Consecutive sentences of one kind, at [start, end) of their line, and the rule that takes them."""

    start: int
    end: int
    label: str


def sentence_starts(line: str) -> list[int]:
    """Return where each sentence of `line` starts, 0 first; one in doubt stays with the one before it.

    >>> line = 'He said: "Go. Now." They went. U.S. Navy ships came.'
    >>> [line[start:] for start in sentence_starts(line)][1:]
    ['They went. U.S. Navy ships came.', 'U.S. Navy ships came.']
    """
    starts, awaited, at = [0], _Quotations(), 0
    for end in _END.finditer(line):
        awaited.read(line[at : end.end()])
        at = start = end.end()
        while start < len(line) and line[start].isspace():
            start += 1
        if awaited.none_open and _opens(line, start) and not _abbreviated(line, end.start()):
            starts.append(start)
    return starts


def is_reported(sentence: str) -> bool:
    """Tell whether a sentence says who said it: then a reporter speaks, not the site.

    >>> is_reported("Please support us, the two mayors wrote."), is_reported("If you like our work, please support us.")
    (True, False)
    """
    return _REPORTED.search(sentence) is not None


def stretches(line: str, starts: Sequence[int], labels: Sequence[str | None]) -> Iterator[Stretch]:
    """Yield what rules take of `line`, neighbours of one kind as one, with the white space that goes with it.

    `labels` has the rule that takes the sentence at the same place in `starts`, None where it stays.
    """
    ends = [*starts[1:], len(line)]
    numbered = range(len(labels))
    kept = [number for number in numbered if labels[number] is None]
    closing = kept[-1] + 1 if kept else -1
    for kind, group in groupby(numbered, key=lambda number: kind_of(labels[number] or "")):
        members = list(group)
        start, end = starts[members[0]], ends[members[-1]]
        if members[0] == closing:
            # what closes the line takes the space before it, lest the line end in white space
            start = len(line[:start].rstrip())
        if kind:
            yield Stretch(start, end, labels[members[0]] or "")


def _opens(line: str, at: int) -> bool:
    """Return whether a sentence can start here: with a capital, a digit, a sign, or an address."""
    return at < len(line) and (not line[at].islower() or line.startswith(("www.", "http"), at))


def _abbreviated(line: str, stop: int) -> bool:
    """Return whether the full stop at `stop` ends an abbreviation or an initial."""
    if line[stop] != ".":
        return False
    word = line[max(0, stop - 12) : stop].replace("\u00a0", " ").rpartition(" ")[2].lstrip('("“«')
    initials = all(len(part) == 1 and part.isalpha() for part in word.split("."))
    return initials or word.casefold() in _ABBREVIATIONS


class _Quotations:
    """Which quotations the text read so far has left open."""

    def __init__(self) -> None:
        self._awaited: list[str] = []  # closing marks, innermost last

    @property
    def none_open(self) -> bool:
        return not self._awaited

    def read(self, stretch: str) -> None:
        """Follow the marks in `stretch`; a closing mark that nothing awaits counts for nothing."""
        for mark in _MARK.findall(stretch):
            if mark in self._awaited[-1:]:
                self._awaited.pop()
            elif mark in _CLOSED_BY and len(self._awaited) < _DEEPEST:
                self._awaited.append(_CLOSED_BY[mark])
