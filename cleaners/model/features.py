"""What the network sees of each line of a text: its words, its layout, and its place among the others.

Many texts are looked at together, which takes less time: a line has what it would have if its text were alone. Blank
lines and lines without a letter or digit are not seen at all: texts differ in whether they have them. A measure is a
whole number, or one division of two: the same on any machine.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.model import characters, words
from cleaners.model.around import far, runs
from cleaners.model.bounds import Bounds, bounds
from cleaners.model.lexicon import Ids, Lexicon
from cleaners.model.overlap import overlap

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.floating | np.integer | np.bool_]

_PROSE = 100
_OFTEN = 3
_PROSE_ENDS = frozenset(".!?…։:\"”“»’')。！？")
# A day or a clock's time, as it stands beside the name of somebody who comments.
_CLOCK = re.compile(
    r"\d(?:[:.h]\d\d|[./-]\d{1,2}[./-]\d\d|(?:(?<=\b1)9|(?<=\b2)0)\d\d\b|(?<=\bvor \d))"  # a digit is found fast
)
_AGO = re.compile(r"\bago\b")
_BESIDE = 80
# A longer line is text with a date in it; a shorter one may end like a sentence and be none.
_STAMP, _SENTENCE = 120, 60
# Of two kinds of lines, one has more capitals at the beginnings of words: names, titles, headings.
_CAPITALS = 0.6


class Text(NamedTuple):
    """A text to look at: its lines, each stripped and with a word in it, one at least; and its URL, "" without one.

    `links` has the share of link text in each line, -1 for all where the text came without marks of links.
    """

    lines: Sequence[str]
    links: Sequence[float]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The lines of texts, one text after another: known words by row, measures (a row a line), and what was looked at.

    `ends` has the classes of a line's first and last sign. Lines of one `kind` (a number) look alike: items of a list,
    dates, names of those who comment.
    """

    within: Bounds
    row: Ids
    sequence: Ids
    measures: Floats
    ends: Ids
    length: Floats
    prose: Flags
    kind: Ids

    def of(self, number: int) -> "Seen":
        """Return what was seen of one of the texts."""
        part = self.within.part(number)
        first, end = np.searchsorted(self.row, (part.start, part.stop))
        lines = self.measures[part], self.ends[part], self.length[part], self.prose[part], self.kind[part]
        row = self.row[first:end] - part.start
        return Seen(bounds([part.stop - part.start]), row, self.sequence[first:end], *lines)


def see(texts: Sequence[Text], lexicon: Lexicon) -> Seen:
    """Look at the lines of some texts, one at least."""
    lines = [*chain.from_iterable(text.lines for text in texts)]
    within = bounds(len(text.lines) for text in texts)
    found = words.read(lines, lexicon)
    row, sequence = words.ends(found)
    counted = characters.count(lines, within)
    length = np.fromiter(map(len, lines), dtype=np.float32, count=len(lines))
    sentence = np.array([line[-1] in _PROSE_ENDS for line in lines], dtype=np.bool_)
    prose = np.fromiter(map(is_prose, lines), dtype=np.bool_, count=len(lines))
    classes = counted.classes.astype(np.float32)
    capitals, n_words = counted.capitals.astype(np.float32), np.maximum(1, counted.words).astype(np.float32)
    letters = np.maximum(1, classes[characters.UPPER] + classes[characters.LOWER])
    times = np.array([*chain.from_iterable(_times(text.lines) for text in texts)])
    stamped = _stamped(lines, counted.classes[characters.DIGIT])
    marks = (prose, sentence & (length > _SENTENCE), (times >= _OFTEN) & (length < _PROSE), stamped & (length < _STAMP))
    rows = [
        *(length, counted.words, sentence, prose, classes[characters.UPPER] / letters, capitals / n_words),
        *(length / n_words, counted.sentences, times, stamped, [*chain.from_iterable(text.links for text in texts)]),
        *(classes / length, classes[characters.DIGIT :], words.said(found, lexicon)),
        overlap(found, prose, lexicon, within, [text.url for text in texts]),
        *_place(within, length, prose),
        (within.counts(marks[-1]) / within.sizes)[within.text_of],
        *(far(within, np.stack(marks)), *runs(within, ~prose)),
    ]
    kind = _kinds(counted.ends, length, capitals > _CAPITALS * n_words)
    return Seen(within, row, sequence, _table(rows), counted.ends, length, prose, kind)


def is_prose(line: str) -> bool:
    """Tell whether a line is a paragraph, for the model: a long one, or one that ends as a sentence does."""
    return len(line) >= 2 * _PROSE or (len(line) >= _PROSE and line[-1] in _PROSE_ENDS)


def _times(lines: Sequence[str]) -> Iterator[int]:
    """Return how many lines are the same as each."""
    return map(Counter(lines).__getitem__, lines)


def _kinds(ends: Ids, length: Floats, capitals: Flags) -> Ids:
    """Return numbers of kinds: by classes of first and last character, length to a factor of two, and capitals."""
    size: Ids = np.frexp(length)[1].astype(np.int64)
    return ((size * characters.COUNTED + ends[:, 0]) * characters.COUNTED + ends[:, 1]) * 2 + capitals


def _stamped(lines: Sequence[str], digits: Ids) -> Flags:
    """Return which lines have the date or time of a comment; `digits` has how many digits each line has."""
    stamped = np.array(["ago" in line and _AGO.search(line[:_BESIDE]) is not None for line in lines], dtype=np.bool_)
    some = np.flatnonzero(digits)
    heads = [lines[number][:_BESIDE] for number in some.tolist()]
    ends = np.cumsum([len(head) + 1 for head in heads])
    found = [match.start() for match in _CLOCK.finditer("\n".join(heads))]
    stamped[some[np.searchsorted(ends, found, side="right")]] = True
    return stamped


def _place(within: Bounds, length: Floats, prose: Flags) -> list[Numbers]:
    """Return where each line is: lines and characters of prose before and after it, and their shares of the text."""
    size = within.sizes
    before = within.upto(np.where(prose, length, 0))
    total = np.maximum(1.0, before[within.starts + size - 1])
    of_text = np.stack([size, total, total / size, within.counts(prose) / size])[:, within.text_of]
    at, lines, characters_of_prose = within.place, of_text[0], of_text[1]
    return [at, lines - at, at / lines, before, characters_of_prose - before, before / characters_of_prose, of_text]


def _table(rows: Sequence[Numbers | Sequence[float]]) -> Floats:
    """Return a table with the rows of all parts, each a row or some, as its columns."""
    parts = [np.atleast_2d(part) for part in rows]
    table = np.empty((sum(map(len, parts)), parts[0].shape[1]), dtype=np.float32)
    end = 0
    for part in parts:
        start, end = end, end + len(part)
        table[start:end] = part
    return table.T
