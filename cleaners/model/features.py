"""What the network sees of each line of a text: its words, its layout, and its place among the others.

Blank lines and lines without a letter or digit are not seen at all: texts differ in whether they have them. A measure
is a whole number, or one division of two: the same on any machine.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model import characters, words
from cleaners.model.around import Numbers, beside, far, runs
from cleaners.model.words import Ids, Lexicon

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

_PROSE = 100
_OFTEN = 3
_PROSE_ENDS = tuple(".!?…։:\"”“»’')。！？")
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


@dataclass(frozen=True, slots=True)
class Seen:
    """The lines of a text: known words by row, measures (a row a line), and classes of their first and last signs.

    Lines of one `kind` (a number) look alike: items of a list, dates, names of those who comment.
    """

    row: Ids
    sequence: Ids
    measures: Floats
    ends: Ids
    length: Floats
    prose: Flags
    kind: Ids


def see(lines: Sequence[str], links: Sequence[float], lexicon: Lexicon, url: str) -> Seen:
    """Look at the lines of a text, each stripped and with a word in it.

    `links` has the share of link text in each line, -1 for all where the text came without marks of links.
    """
    found = words.read(lines, lexicon)
    row, sequence = words.ends(found)
    counted = characters.count(lines)
    length = np.array([len(line) for line in lines], dtype=np.float32)
    sentence = np.array([line.endswith(_PROSE_ENDS) for line in lines], dtype=np.bool_)
    prose = ((length >= _PROSE) & sentence) | (length >= 2 * _PROSE)
    classes, n_words = counted.classes, np.maximum(1, counted.words)
    letters = np.maximum(1, classes[:, characters.UPPER] + classes[:, characters.LOWER])
    same = Counter(lines)
    times = np.array([same[line] for line in lines], dtype=np.float32)
    digits = classes[:, characters.DIGIT].tolist()
    stamped = np.fromiter(map(_stamped, lines, digits), np.bool_, len(lines))
    columns = [
        *(length, counted.words, sentence, prose, classes[:, characters.UPPER] / letters, counted.capitals / n_words),
        *(length / n_words, counted.sentences, times, stamped, np.array(links, dtype=np.float32)),
        *(classes / length[:, None], classes[:, characters.DIGIT :]),
        *(words.said(found, lexicon), words.overlap(found, prose, lexicon, url)),
        *_place(length, prose),
        *_distances(prose, sentence & (length > _SENTENCE), (times >= _OFTEN) & (length < _PROSE), stamped, length),
    ]
    kind = _kinds(counted.ends, length, counted.capitals > _CAPITALS * n_words)
    return Seen(row, sequence, beside(columns), counted.ends, length, prose, kind)


def _kinds(ends: Ids, length: Floats, capitals: Flags) -> Ids:
    """Return numbers of kinds: by classes of first and last character, length to a factor of two, and capitals."""
    size: Ids = np.frexp(length)[1].astype(np.int64)
    return ((size * characters.COUNTED + ends[:, 0]) * characters.COUNTED + ends[:, 1]) * 2 + capitals


def _stamped(line: str, digits: float) -> bool:
    return (digits > 0 and _CLOCK.search(line, 0, _BESIDE) is not None) or (
        "ago" in line and _AGO.search(line[:_BESIDE]) is not None
    )


def _place(length: Floats, prose: Flags) -> list[Numbers]:
    """Return where each line is: lines and characters of prose before and after it, and their shares of the text."""
    size = len(length)
    at = np.arange(size, dtype=np.float32)
    before = np.cumsum(np.where(prose, length, 0), dtype=np.float64)
    total = max(1.0, float(before[-1]))
    of_text = [np.full(size, value) for value in (size, total, total / size, np.count_nonzero(prose) / size)]
    return [at, size - at, at / size, before, total - before, before / total, *of_text]


def _distances(prose: Flags, sentence: Flags, repeated: Flags, stamped: Flags, length: Floats) -> list[Numbers]:
    """Return how far the nearest lines of some kinds are, and the run of lines without prose that each line is in."""
    stamps = stamped & (length < _STAMP)
    share = np.full(len(length), np.count_nonzero(stamps) / len(length))
    return [share, far(prose, sentence, repeated, stamps), *runs(~prose)]
