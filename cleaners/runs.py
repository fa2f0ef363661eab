"""Runs of short lines that are an article's by their form, whatever the line model thinks of each of them.

Five forms, which hardly occur in what a site puts round its articles: entries of a list of names or places (of the
fallen, of prisoners, of villages), the turns of those who speak in an interview or a briefing, the hours of a
chronicle, lines one after another that have the punctuation of a text (verses, points of a statement, figures), and
what a sentence announces. One mistake takes all of such a run, and it is what the article is about.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaners.model.features import Seen
from cleaners.model.lexicon import FIRST_WORD, UNKNOWN
from cleaners.punctuated import is_punctuated

Flags = NDArray[np.bool_]

# Linear, as all of these: a word, a number with its marks, or a sign.
_PIECE = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*|\d+(?:[.,:/-]\d+)*|[^\w\s]")
_BULLETS = " *•·–—-+○▪"
# A list has so many entries, nearly all different, and such a share of words that the model does not know: a long one
# may have less. Entries of one word each need so much more than the text's prose has.
_ENTRIES, _DIFFERENT, _LONG = 6, 0.9, 20
_STRANGE, _STRANGE_IN_LONG, _STRANGER = 0.65, 0.5, 0.5
# So many entries have two words or more, or one word in common.
_MOST_OF = 0.8
_LONGEST = 100
# So many lines have punctuation one after another, or nearly so with headings between; refrains are allowed.
_PUNCTUATED, _NEARLY_ALL, _NOT_TWICE = 6, 0.9, 0.8
# Characters of a line that says what comes, from which on it is more than a heading.
_ANNOUNCES = 60
# Lines that stand at most between two entries (a heading, a year), two turns, two hours.
_BETWEEN_ENTRIES, _BETWEEN_TURNS, _BETWEEN_HOURS = 1, 2, 12
# Somebody who speaks and a colon; that somebody else does, too; and how many of all labels are theirs.
_LABEL = re.compile(r"([^\W\d_][^:.!?\n]{0,30}?) ?[:՝]\s")
_TURNS, _EACH, _THEIRS = 6, 3, 0.6
# An hour by which a line begins, and no date.
_HOUR = re.compile(r"[^\w\n]{0,3}([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d.:,]|\W?[ap]\.?m\b|\W+\d)", re.IGNORECASE)
# A chronicle has so many, in order but for one in five (midnight); its last entry has so many lines at most.
_HOURS, _IN_ORDER, _LONGEST_ENTRY = 3, 5, 3
_SENTENCE, _ENDS = 15, tuple(".!?…։:\"”“»’')")


def of_the_article(lines: Sequence[str], seen: Seen, taken: Flags) -> Flags:
    """Return which lines are in such a run; `taken` has those that the model would take, and only these matter."""
    stay = np.zeros(len(lines), dtype=np.bool_)
    if not taken.any():
        return stay
    for first, last in (
        *_lists(lines, seen, taken),
        *_turns(lines, taken),
        *_hours(lines),
        *_punctuated(lines, seen, taken),
        *_introduced(lines, taken),
    ):
        stay[first : last + 1] = True
    return stay


def _close(places: NDArray[np.int64], between: int) -> list[NDArray[np.int64]]:
    """Return `places`, in order, in runs: no more than so many lines stand between two of a run."""
    return np.split(places, np.flatnonzero(np.diff(places) > between + 1) + 1)


def _lists(lines: Sequence[str], seen: Seen, taken: Flags) -> Iterator[tuple[int, int]]:
    """Yield heading and last line of each list of names: lines of one form, of words that the model does not know.

    Of what it has no words for, the model sees the layout alone, which a menu has as well.
    """
    unknown, words = _counts(seen, len(lines))
    usual = unknown[seen.prose].sum() / max(1, words[seen.prose].sum())
    taken_and_strange = taken & (words > 0) & (4 * unknown >= words)
    prose = [-1, *np.flatnonzero(seen.prose).tolist(), len(lines)]
    for above, below in pairwise(prose):
        if below - above <= _ENTRIES or not taken_and_strange[above + 1 : below].any():
            continue
        for shape, entries in _alike(lines, range(above + 1, below)):
            said = [lines[place].strip(_BULLETS) for place in entries.tolist()]
            # with a year or an age, what entries have in common tells nothing of each: "born", "last seen near"
            common = _in_common(said) if "a" in shape and "9" in shape else 0
            strange = unknown[entries].sum() / max(1, words[entries].sum() - common * len(said))
            several = np.count_nonzero(words[entries] > 1) >= _MOST_OF * len(said)
            if (
                strange >= (_STRANGE if len(said) < _LONG else _STRANGE_IN_LONG)
                and (several or strange - usual >= _STRANGER)
                and len(set(said)) >= _DIFFERENT * len(said)
                and ("A" in shape and ("a" not in shape or common or _share_a_word(said)))
            ):
                yield max(0, int(entries[0]) - 1), int(entries[-1])


def _alike(lines: Sequence[str], places: Iterable[int]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Yield each run of short lines of one form among `places`, and the form."""
    forms: dict[str, list[int]] = {}
    for place in places:
        if len(lines[place]) <= _LONGEST:
            forms.setdefault(form(lines[place]), []).append(place)
    for shape, those in forms.items():
        for run in _close(np.array(those), _BETWEEN_ENTRIES) if len(those) >= _ENTRIES else ():
            if len(run) >= _ENTRIES:
                yield shape, run


def _punctuated(lines: Sequence[str], seen: Seen, taken: Flags) -> Iterator[tuple[int, int]]:
    """Yield the ends of each run of short lines that nearly all have punctuation: its heading, and who signs below.

    Few of the lines may come twice.
    """
    beside = taken[1:] | taken[:-1]
    near = np.append(beside, taken[-1:]) | np.append(taken[:1], beside)
    if not any(is_punctuated(lines[place]) for place in np.flatnonzero(near).tolist()):
        return
    short = [place for place in np.flatnonzero(~seen.prose).tolist() if is_punctuated(lines[place])]
    for run in _close(np.array(short, dtype=np.int64), 1):
        nearly = len(run) >= _NEARLY_ALL * (run[-1] - run[0] + 1) if len(run) else False
        for part in [run] if nearly else _close(run, 0):
            if len(part) >= _PUNCTUATED and len({lines[place] for place in part.tolist()}) >= _NOT_TWICE * len(part):
                yield max(0, int(part[0]) - 1), int(part[-1]) + 1


def _introduced(lines: Sequence[str], taken: Flags) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of what is taken right below a line that stays and announces it with a colon."""
    for run in _close(np.flatnonzero(taken), 0):
        above = lines[run[0] - 1].rstrip(" *_") if len(run) and run[0] else ""
        if len(above) >= _ANNOUNCES and above.endswith((":", "՝")):
            yield int(run[0]), int(run[-1])


def _counts(seen: Seen, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many words of each line the model does not know, and how many there are, numbers aside."""
    unknown = np.bincount(seen.row[seen.sequence == UNKNOWN], minlength=size)
    return unknown, unknown + np.bincount(seen.row[seen.sequence >= FIRST_WORD], minlength=size)


def form(line: str) -> str:
    """Return how a line is made: A for words with a capital, a for others, 9 for numbers, and signs as they are.

    >>> form("2. Sergeant A. Lernyan (born 1988)"), form("Upper Karsin")
    ('9.A.A(a9)', 'A')
    """
    made = ""
    for piece in _PIECE.findall(line.strip(_BULLETS)):
        kind = ("A" if piece[0].isupper() else "a") if piece[0].isalpha() else "9" if piece[0].isdigit() else piece
        if kind not in "Aa" or not made.endswith(kind):
            made += kind
    return made


def _share_a_word(lines: Sequence[str]) -> bool:
    """Tell whether most lines begin, or end, with one word: a rank, "son of"."""
    parts = [line.lower().split() for line in lines]
    return any(max(Counter(part[at] for part in parts).values()) >= _MOST_OF * len(lines) for at in (0, -1))


def _in_common(lines: Sequence[str]) -> int:
    """Return how many words most lines have in common: "born", "last seen near"."""
    lines_with = Counter(word for line in lines for word in set(line.lower().split()))
    return sum(times >= _MOST_OF * len(lines) for times in lines_with.values())


def _turns(lines: Sequence[str], taken: Flags) -> Iterator[tuple[int, int]]:
    """Yield the first and last turn of each conversation: lines that begin with one of a few labels, two at least."""
    if not any(_LABEL.match(lines[place]) for place in np.flatnonzero(taken).tolist()):
        return
    found = ((at, _LABEL.match(line)) for at, line in enumerate(lines))
    labels = {at: match[1].lower() for at, match in found if match}
    if len(labels) < _TURNS:
        return
    for run in _close(np.array(list(labels)), _BETWEEN_TURNS):
        spoken = Counter(labels[at] for at in run.tolist())
        often = [times for times in spoken.values() if times >= _EACH]
        if len(run) >= _TURNS and len(often) > 1 and sum(often) >= _THEIRS * len(run):
            yield int(run[0]), int(run[-1])


def _hours(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of a chronicle: hours in order, with sentences under most of them.

    A list of the latest news has hours as well, and headlines.
    """
    found = {at: match for at, line in enumerate(lines) if (match := _HOUR.match(line))}
    for run in _close(np.array(list(found), dtype=np.int64), _BETWEEN_HOURS) if len(found) >= _HOURS else ():
        minutes = [60 * int(found[at][1]) + int(found[at][2]) for at in run.tolist()]
        backwards = sum(later < earlier for earlier, later in pairwise(minutes))
        if len(run) >= _HOURS and _IN_ORDER * min(backwards, len(run) - 1 - backwards) < len(run):
            end = min(len(lines), int(run[-1]) + min(_LONGEST_ENTRY, int(np.diff(run).max())))
            entries = [lines[first:last] for first, last in pairwise([*run.tolist(), end])]
            told = sum(any(len(line) >= _SENTENCE and line.endswith(_ENDS) for line in entry) for entry in entries)
            if 2 * told >= len(entries):
                yield int(run[0]), end - 1
