"""What the trees see of each line of a text: its layout, its neighbours, its place, and the scores of earlier stages.

Blank lines and lines without a letter or digit are not seen at all: texts differ in whether they have them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model import characters, words
from cleaners.model.around import beside, far, runs, shifted, within
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


@dataclass(frozen=True, slots=True)
class Seen:
    """The lines of a text and what does not depend on any model: `layout` has one row a line."""

    row: Ids
    sequence: Ids
    layout: Floats
    length: Floats
    prose: Flags
    sentence: Flags
    capitals: Floats
    small: Floats
    stamped: Floats
    link: Floats
    repeated: Flags


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
    capitals = (counted.capitals / n_words).astype(np.float32)
    said = words.said(found, lexicon)
    same = Counter(lines)
    times = np.array([same[line] for line in lines], dtype=np.float32)
    stamped = np.fromiter(map(_stamped, lines, classes[:, characters.DIGIT].tolist()), np.float32, len(lines))
    link = np.array(links, dtype=np.float32)
    columns = [
        *(length, counted.words, sentence, prose, classes[:, characters.UPPER] / letters, capitals),
        *(length / n_words, counted.first, counted.last, counted.sentences, times, stamped, link),
        *(classes / length[:, None], classes[:, characters.DIGIT :]),
        *(said, words.overlap(found, prose, lexicon, url)),
    ]
    layout = beside(columns)
    small = said[:, 0].copy()
    repeated = (times >= _OFTEN) & (length < _PROSE)
    return Seen(row, sequence, layout, length, prose, sentence, capitals, small, stamped, link, repeated)


def _stamped(line: str, digits: float) -> bool:
    return (digits > 0 and _CLOCK.search(line, 0, _BESIDE) is not None) or (
        "ago" in line and _AGO.search(line[:_BESIDE]) is not None
    )


def first_stage(seen: Seen, by_words: Floats, lead: Floats) -> Floats:
    """Return the features of the first stage.

    `by_words` has the score of each line's words, `lead` what they say of the lines that come after.
    """
    length, size = seen.length, len(seen.length)
    log = np.log1p(length)
    at = np.arange(size, dtype=np.float32)
    solid = seen.prose & (by_words < 0)
    before = np.cumsum(np.where(solid, length, 0), dtype=np.float64)
    total = max(1.0, float(before[-1]))
    strong = (by_words > 1) & (length < 80)
    strong_above = np.cumsum(strong)
    led = np.where(length < _PROSE, lead, 0)
    near = beside([by_words, log, seen.sentence, led])
    wider = beside([seen.capitals, seen.small, seen.stamped, seen.link])
    means = beside([by_words, log, solid, seen.stamped * (length < 120), seen.link, seen.capitals, seen.small, led])
    parts = [
        seen.layout,
        *(by_words, lead),
        *shifted(near, (-4, -3, -2, -1, 1, 2, 3, 4)),
        *shifted(wider, (-2, -1, 1, 2)),
        *within(means, ((3, 0), (0, 3), (8, 8), (20, 0), (0, 20))),
        far(solid, strong, seen.repeated),
        *runs(~solid, beside([by_words, led, log])),
        *(strong_above, strong_above[-1] - strong_above),
        *(at, size - at, at / size, before / total, 1 - before / total, before, total - before),
        np.broadcast_to(np.append(means.mean(axis=0), (size, total)), (size, means.shape[1] + 2)),
    ]
    return beside(parts)


def second_stage(seen: Seen, first: Floats, scores: Floats) -> Floats:
    """Return the features of the second stage: those of the first, and its log-odds `scores` round each line."""
    size, length = len(scores), seen.length
    keep = 1 / (1 + np.exp(scores))
    before = np.cumsum(keep * length, dtype=np.float64)
    total = max(1.0, float(before[-1]))
    sure_keep = (keep > 0.9) & (length > 60)
    sure_drop = keep < 0.15
    places = np.flatnonzero(sure_keep)
    head, end = (places[0], places[-1]) if len(places) else (0, size - 1)
    at = np.arange(size, dtype=np.float32)
    distances = far(sure_keep, sure_drop, keep > 0.5)
    parts = [
        first,
        scores,
        *shifted(scores[:, None], (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)),
        *within(beside([scores, sure_drop]), ((2, 0), (0, 2), (5, 0), (0, 5), (12, 0), (0, 12), (30, 30))),
        *(before / total, 1 - before / total),
        distances,
        distances[:, 4] + distances[:, 5],
        *runs(~sure_keep, scores[:, None]),
        *(at - head, end - at, np.full_like(at, keep.mean())),
    ]
    return beside(parts)
