"""What the trees see of each line of a text: its layout, its neighbours, its place, and the scores of earlier stages.

Blank lines and lines without a letter or digit are not seen at all: texts differ in whether they have them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaners.model import characters
from cleaners.model.words import ends_of, overlap, sequence, words_of

Floats = NDArray[np.float32]

_PROSE = 100
_PROSE_ENDS = tuple(".!?…։:\"”“»’')。！？")
_END_KINDS = {mark: number for number, mark in enumerate('.!?:…,)"”»’|›', 1)}
_BULLETS, _QUOTES, _CLOSING = "•·●▪-–—*►▶→#", "\"“„«‘'", '"”»’'
# Small words of the languages that pages of our subject are in, and the words with which a site speaks to its readers.
_SMALL_WORDS = """
the of and to in a is that for on with as by at it was be are from this an or not has have had were but they his her he
she i der die das und den von zu mit ist im für auf nicht ein eine sich dem des es war sie er le la les et que en un une
du el los las y de una het een van в и на не что с по как из он она к у о за və bu bir ki ilə ve için և է որ են ու մի
"""
_ADDRESS_WORDS = """
you your our us we my me ihr ihre ihren sie uns unser unsere wir ваш вас вы наш нас мы siz sizin biz bizim ձեր մեր
"""
_SMALL, _ADDRESS = frozenset(_SMALL_WORDS.split()), frozenset(_ADDRESS_WORDS.split())
# A day or a clock's time, as it stands beside the name of somebody who comments.
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d\d|\bago\b|\bvor \d")
_FAR = 60.0
PAD = -9.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The lines of a text and what does not depend on any model: `layout` has one row a line."""

    lines: tuple[str, ...]
    sequences: tuple[list[int], ...]
    layout: Floats
    prose: NDArray[np.bool_]


def see(lines: Sequence[str], links: Sequence[float], known: Mapping[str, int]) -> Seen:
    """Look at the lines of a text, each stripped and with a word in it.

    `links` has the share of link text in each line, -1 for all where the text came without marks of links.
    """
    words = [words_of(line) for line in lines]
    counted = characters.counts(lines)
    sentence = np.array([line.endswith(_PROSE_ENDS) for line in lines], dtype=np.bool_)
    lengths = np.array([len(line) for line in lines], dtype=np.float32)
    prose = ((lengths >= _PROSE) & sentence) | (lengths >= 2 * _PROSE)
    ends = [ends_of(found) for found in words]
    own = np.array([_own(line, found) for line, found in zip(lines, ends, strict=True)], dtype=np.float32)
    letters = np.maximum(1, counted[:, 2] + counted[:, 3])
    shares = counted[:, : characters.COUNTED] / lengths[:, None]
    n_words, capitals = counted[:, -2], counted[:, -1]
    same = Counter(lines)
    starts = Counter(found[0] for found in words if found)
    link = np.array(links, dtype=np.float32)
    # without a digit only "ago" can match: looking for it first saves half of the time
    stamped = np.array(
        [
            bool((digits or "ago" in line) and _CLOCK.search(line[:80]))
            for line, digits in zip(lines, counted[:, 4], strict=True)
        ]
    )
    layout = np.column_stack(
        [
            lengths,
            n_words,
            sentence,
            counted[:, 2] / letters,
            shares,
            capitals / np.maximum(1, n_words),
            lengths / np.maximum(1, n_words),
            counted[:, 5],
            counted[:, 6],
            counted[:, 4],
            own,
            overlap(words, prose.tolist()),
            [same[line] for line in lines],
            [starts[found[0]] if found else 0 for found in words],
            stamped,
            link,
        ]
    )
    return Seen(tuple(lines), tuple(sequence(found, known) for found in ends), layout.astype(np.float32), prose)


def _own(line: str, ends: Sequence[str]) -> tuple[float, ...]:
    return (
        sum(map(_SMALL.__contains__, ends)) / (len(ends) or 1),
        sum(map(_ADDRESS.__contains__, ends)) / (len(ends) or 1),
        _END_KINDS.get(line[-1], 0),
        _head_kind(line[0]),
        "http" in line or "www." in line or ".com" in line,
        "@" in line,
        "©" in line,
        line[0] in _QUOTES or line[-1] in _CLOSING,
        max(map(len, ends), default=0),
        line.count(". ") + line.count("! ") + line.count("? "),
    )


def _head_kind(head: str) -> int:
    if head.isupper():
        return 1
    if head.islower():
        return 2
    if head.isdigit():
        return 3
    return 4 if head in _BULLETS else 5 if head in _QUOTES else 6


def _float32(column: NDArray[np.generic]) -> Floats:
    return column.astype(np.float32)


def _shifted(column: Floats, by: int) -> Floats:
    """Return the column as seen from `by` lines above; PAD beyond the text."""
    out = np.full_like(column, PAD)
    if abs(by) < len(column):
        if by > 0:
            out[:-by] = column[by:]
        else:
            out[-by:] = column[:by]
    return out


def _window(column: Floats, before: int, after: int) -> Floats:
    """Return the mean over the lines from `before` lines above to `after` lines below, as far as there are any."""
    total = np.concatenate([[0.0], np.cumsum(column, dtype=np.float64)])
    at = np.arange(len(column))
    low, high = np.maximum(0, at - before), np.minimum(len(column), at + after + 1)
    return _float32((total[high] - total[low]) / np.maximum(1, high - low))


def _to_next(flags: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return how many lines above and below each line the nearest flagged one is, _FAR where there is none near."""
    at = np.arange(len(flags), dtype=np.float32)
    above = np.maximum.accumulate(np.where(flags, at, -_FAR * 10))
    below = np.minimum.accumulate(np.where(flags, at, len(flags) + _FAR * 10)[::-1])[::-1]
    previous = np.concatenate([[-_FAR * 10], above[:-1]])
    following = np.concatenate([below[1:], [len(flags) + _FAR * 10]])
    return _float32(np.minimum(_FAR, at - previous)), _float32(np.minimum(_FAR, following - at))


def first_stage(seen: Seen, words: Floats) -> Floats:
    """Return the features of the first stage, given the score of each line's words."""
    layout, size = seen.layout, len(seen.lines)
    length, sentence, capitals = layout[:, 0], layout[:, 2], layout[:, 4 + characters.COUNTED]
    small = layout[:, 9 + characters.COUNTED]
    at = np.arange(size, dtype=np.float32)
    good = np.where(seen.prose & (words < 0), length, 0).astype(np.float32)
    before = _float32(np.cumsum(good))
    total = max(1.0, float(before[-1]))
    solid = good > 0
    above, below = _to_next(solid)
    log = np.log1p(length)
    columns = [words]
    for by in (-4, -3, -2, -1, 1, 2, 3, 4):
        columns += [_shifted(words, by), _shifted(log, by), _shifted(sentence, by)]
    for by in (-2, -1, 1, 2):
        columns += [_shifted(capitals, by), _shifted(small, by)]
    columns += [_window(words, *around) for around in ((3, 0), (0, 3), (8, 8), (20, 0), (0, 20))]
    columns += [_window(log, *around) for around in ((3, 0), (0, 3), (8, 8), (20, 0), (0, 20))]
    columns += [_window(_float32(solid), *around) for around in ((5, 0), (0, 5), (12, 12))]
    stamped, link = layout[:, -2], layout[:, -1]
    columns += [_shifted(stamped, by) for by in (-3, -2, -1, 1, 2, 3)]
    columns += [_window(_float32(stamped * (length < 120)), *around) for around in ((10, 0), (0, 10), (25, 25))]
    columns += [_shifted(link, by) for by in (-3, -2, -1, 1, 2, 3)]
    columns += [_window(link, *around) for around in ((4, 0), (0, 4), (15, 15))]
    strong = (words > 1) & (length < 80)
    strong_above = _float32(np.cumsum(strong))
    columns += [strong_above, _float32(strong_above[-1] - strong_above), *_to_next(strong)]
    columns += [np.abs(log - _shifted(log, by)) for by in (-2, -1, 1, 2)]
    full = np.full(size, 1.0, dtype=np.float32)
    columns += [
        at,
        size - at,
        _float32(at / size),
        before / total,
        1 - before / total,
        before - good,
        total - before,
        above,
        below,
        full * size,
        full * float(words.mean()),
        full * float(solid.mean()),
        full * total,
        full * float(log.mean()),
        full * float(link.mean()),
        full * float(stamped.mean()),
    ]
    return np.column_stack([layout, *columns]).astype(np.float32)


def second_stage(seen: Seen, first: Floats, scores: Floats) -> Floats:
    """Return the features of the second stage: those of the first, and its log-odds `scores` round each line."""
    length = seen.layout[:, 0]
    keep = (1 / (1 + np.exp(scores))).astype(np.float32)
    columns = [scores]
    columns += [_shifted(scores, by) for by in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)]
    columns += [_window(scores, *around) for around in ((2, 0), (0, 2), (5, 0), (0, 5), (12, 0), (0, 12), (30, 30))]
    weight = keep * length
    before = _float32(np.cumsum(weight))
    total = max(1.0, float(before[-1]))
    sure_keep = (keep > 0.9) & (length > 60)
    sure_drop = keep < 0.15
    columns += [before / total, 1 - before / total, *_to_next(sure_keep), *_to_next(sure_drop)]
    columns += [_window(_float32(sure_drop), *around) for around in ((4, 0), (0, 4), (15, 15))]
    above, below = _to_next(keep > 0.5)
    columns += [above, below, above + below]
    places = np.flatnonzero(sure_keep)
    head, end = (places[0], places[-1]) if len(places) else (0, len(length) - 1)
    at = np.arange(len(length), dtype=np.float32)
    columns += [at - head, end - at, np.full_like(at, keep.mean())]
    return np.column_stack([first, *columns]).astype(np.float32)
