"""Second stage: a block's probability beside those of its section, and of the part of the article it stands in.

A section runs from a heading to the next one. The article is the deepest element that holds nearly all that the first
stage expects of the text; a part of it is what one of its children holds: a paragraph, or a whole box of links.
"""

import numpy as np

from cleaners.extract.columns import Floats, Ints
from cleaners.extract.features import Measure

_ARTICLE = 0.8
"""Share of the expected text that an element holds to be the article."""
_DEEPEST = 40
"""Levels of elements between a block and the article that are followed."""


def sections(measure: Measure, kept: Floats) -> Floats:
    """Return what sections and parts say of each block, shape (blocks, features)."""
    sums = np.zeros((measure.n + 1, 2))
    np.cumsum(np.stack((kept, kept * measure.chars), axis=1), axis=0, out=sums[1:])
    columns = [*_sections(measure, kept, sums), *_parts(measure, kept, sums)]
    return np.stack(columns).T


def _sections(measure: Measure, kept: Floats, sums: Floats) -> list[Floats]:
    """Return what the block's section holds, and how likely it, its heading and those beside it are kept."""
    n = measure.n
    opens = np.flatnonzero(measure.heading > 0)
    opens = opens if len(opens) and not opens[0] else np.concatenate(([0], opens))
    number = np.zeros(n, dtype=np.int64)
    number[opens[1:]] = 1
    number = np.cumsum(number)
    ends = np.append(opens[1:], n)
    held = measure.sums[ends] - measure.sums[opens]
    likely = sums[ends] - sums[opens]
    count, chars = np.maximum(held[:, 0], 1), np.maximum(held[:, 1], 1)
    share = likely[:, 1] / chars
    before, after = np.append(-1.0, share[:-1]), np.append(share[1:], -1.0)
    place = np.arange(n)
    found = [column[number] for column in (count, chars, held[:, 2] / chars, held[:, 3] / chars, share, before, after)]
    rest = (likely[number, 1] - kept * measure.chars) / np.maximum(chars[number] - measure.chars, 1)
    return [
        *found,
        kept[opens][number],
        rest,
        (place - opens[number]).astype(float),
        (ends[number] - place).astype(float),
    ]


def _parts(measure: Measure, kept: Floats, sums: Floats) -> list[Floats]:
    """Return what the part of the article holds that the block is in, and where it stands in the article."""
    n, place = measure.n, np.arange(measure.n)
    held = sums[measure.end, 1] - sums[measure.first, 1]
    size = measure.end - measure.first
    inside = np.flatnonzero(held >= _ARTICLE * sums[-1, 1])
    article = int(inside[size[inside].argmin()]) if len(inside) else 0
    part = _child_of(measure, article)
    first, end = measure.first[part], measure.end[part]
    count, chars = np.maximum(measure.held[part, 0], 1), np.maximum(measure.held[part, 1], 1)
    expected = sums[end, 1] - sums[first, 1]
    low, high = int(measure.first[article]), int(measure.end[article])
    within = (place >= low) & (place < high)
    rest = (expected - kept * measure.chars) / np.maximum(chars - measure.chars, 1)
    return [
        *(count, chars, measure.held[part, 2] / chars, measure.held[part, 3] / chars, expected / chars, rest),
        *((sums[end, 0] - sums[first, 0]) / count, kept[np.minimum(first, n - 1)], measure.merged[part, 0]),
        *(within.astype(float), (place - first).astype(float), (end - place).astype(float)),
        *((place - low).astype(float), (high - place).astype(float)),
        np.full(n, held[article] / max(float(measure.held[article, 1]), 1.0)),
    ]


def _child_of(measure: Measure, article: int) -> Ints:
    """Return for each block the element holding it that is a child of the article; its own where it is not inside."""
    level = measure.own.copy()
    for _ in range(_DEEPEST):
        above = measure.up[level]
        rises = (above != article) & (level != article) & (above != level)
        rises &= (measure.first[above] >= measure.first[article]) & (measure.end[above] <= measure.end[article])
        if not rises.any():
            break
        level = np.where(rises, above, level)
    return level
