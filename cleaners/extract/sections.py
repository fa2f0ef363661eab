"""Second stage: a block's probability beside those of its section, and of the part of the article it stands in.

A section runs from a heading to the next one. The article is the deepest element that holds nearly all that the first
stage expects of the text; a part of it is what one of its children holds: a paragraph, or a whole box of links.
"""

from itertools import pairwise

import numpy as np

from cleaners.extract.columns import Floats, Ints
from cleaners.extract.measure import Measures

SECTIONS = 26
"""Columns that sections and parts add."""

_ARTICLE = 0.8
"""Share of the expected text that an element holds to be the article."""
_DEEPEST = 40
"""Levels of elements between a block and the article that are followed."""


def sections(measures: Measures, kept: Floats) -> Floats:
    """Return what sections and parts say of each block, shape (blocks, SECTIONS)."""
    sums = measures.rows.cumulate(np.stack((kept, kept * measures.chars), axis=1))
    columns = [*_sections(measures, kept, sums), *_parts(measures, kept, sums)]
    return np.stack(columns, axis=1)


def _sections(m: Measures, kept: Floats, sums: Floats) -> list[Floats]:
    """Return what the block's section holds, and how likely it, its heading and those beside it are kept."""
    rows = m.rows
    begins = (m.heading > 0) | (rows.place == rows.start)
    opens = np.flatnonzero(begins)
    number = np.cumsum(begins) - 1
    ends = np.append(opens[1:], rows.size)
    page = rows.page[opens]
    held = m.sums[ends + page] - m.sums[opens + page]
    likely = sums[ends + page] - sums[opens + page]
    count, chars = np.maximum(held[:, 0], 1), np.maximum(held[:, 1], 1)
    share = likely[:, 1] / chars
    before, after = np.append(-1.0, share[:-1]), np.append(share[1:], -1.0)
    before[opens == rows.start[opens]] = after[ends == rows.end[opens]] = -1.0
    found = [column[number] for column in (count, chars, held[:, 2] / chars, held[:, 3] / chars, share, before, after)]
    rest = (likely[number, 1] - kept * m.chars) / np.maximum(chars[number] - m.chars, 1)
    return [
        *found,
        kept[opens][number],
        rest,
        (rows.place - opens[number]).astype(float),
        (ends[number] - rows.place).astype(float),
    ]


def _parts(m: Measures, kept: Floats, sums: Floats) -> list[Floats]:
    """Return what the part of the article holds that the block is in, and where it stands in the article."""
    rows, page, place = m.rows, m.rows.page, m.rows.place
    held = sums[m.end + m.element_page, 1] - sums[m.first + m.element_page, 1]
    articles = _articles(m, held, sums)
    article = articles[page]
    part = _child_of(m, article)
    first, end = m.first[part], m.end[part]
    count, chars = np.maximum(m.held[part, 0], 1), np.maximum(m.held[part, 1], 1)
    expected = sums[end + page, 1] - sums[first + page, 1]
    low, high = m.first[article], m.end[article]
    within = (place >= low) & (place < high)
    rest = (expected - kept * m.chars) / np.maximum(chars - m.chars, 1)
    return [
        *(count, chars, m.held[part, 2] / chars, m.held[part, 3] / chars, expected / chars, rest),
        *((sums[end + page, 0] - sums[first + page, 0]) / count, kept[np.minimum(first, rows.end - 1)]),
        *(m.merged[part, 0], within.astype(float), (place - first).astype(float), (end - place).astype(float)),
        *((place - low).astype(float), (high - place).astype(float)),
        held[article] / np.maximum(m.held[article, 1], 1.0),
    ]


def _articles(m: Measures, held: Floats, sums: Floats) -> Ints:
    """Return of each page the element that is the article: the smallest that holds enough; its root where none does."""
    whole = sums[m.rows.starts[1:] + np.arange(len(m.pages)), 1]
    size = np.where(held >= _ARTICLE * whole[m.element_page], m.end - m.first, m.rows.size + 1)
    bounds = m.roots.tolist()
    found = [start + int(size[start:end].argmin()) for start, end in pairwise(bounds)]
    return np.array(found, dtype=np.int64)


def _child_of(m: Measures, article: Ints) -> Ints:
    """Return for each block the element holding it that is a child of the article; its own where it is not inside."""
    level = m.own.copy()
    for _ in range(_DEEPEST):
        above = m.up[level]
        rises = (above != article) & (level != article) & (above != level)
        rises &= (m.first[above] >= m.first[article]) & (m.end[above] <= m.end[article])
        if not rises.any():
            break
        level = np.where(rises, above, level)
    return level
