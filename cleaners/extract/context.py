"""Second stage: a block's probability beside those of its neighbours and of the elements that hold it."""

from itertools import pairwise

import numpy as np

from cleaners.extract.columns import Floats
from cleaners.extract.features import LEVELS
from cleaners.extract.measure import Measures

CONTEXT = 42
"""Columns that the first stage adds."""


def context(measures: Measures, kept: Floats) -> Floats:
    """Return the features that first-stage probabilities add, shape (blocks, CONTEXT)."""
    m, rows = measures, measures.rows
    chars, page, place = m.chars, rows.page, rows.place
    weighed = kept * chars
    columns: list[Floats] = [kept]
    columns += [rows.shift(kept, by) for by in (1, 2, 3, 4, -1, -2, -3, -4)]
    sums = rows.cumulate(np.stack((kept, weighed, kept * m.prose), axis=1))
    whole = sums[rows.starts[1:] + np.arange(len(m.pages))]
    above_nothing = np.maximum(whole, 1e-9)[page]
    held = sums[m.end + m.element_page] - sums[m.first + m.element_page]
    level = m.own
    for _ in range(LEVELS):
        inside, size = held[level], m.held[level]
        count, length = np.maximum(size[:, 0], 1), np.maximum(size[:, 1], 1)
        columns += [inside[:, 0] / count, inside[:, 1] / length, inside[:, 1] / above_nothing[:, 1]]
        # the element without this block
        columns.append((inside[:, 1] - weighed) / np.maximum(length - chars, 1))
        level = m.up[level]
    for width in (5, 15):
        low, high = np.maximum(place - width, rows.start), np.minimum(place + width + 1, rows.end)
        columns.append((sums[high + page, 0] - sums[low + page, 0]) / (high - low))
        size = m.sums[rows.before, 1] - m.sums[low + page, 1]
        columns.append((sums[rows.before, 1] - sums[low + page, 1]) / np.maximum(size, 1))
    for group in m.groups:
        columns.append((np.bincount(group, kept) / np.maximum(np.bincount(group), 1))[group])
        columns.append((np.bincount(group, weighed) / np.maximum(np.bincount(group, chars), 1))[group])
    likely = kept > 0.5
    columns += [(place - rows.last(likely)).astype(float), (rows.following(likely) - place).astype(float)]
    columns += [sums[rows.before, number] / above_nothing[:, number] for number in (1, 2)]
    pages = [kept[start:end] for start, end in pairwise(rows.starts.tolist())]
    of_pages = (
        *(whole[:, 0], whole[:, 1], whole[:, 1] / np.maximum(m.total[:, 1], 1)),
        *([own.max() for own in pages], [np.abs(own - 0.5).mean() for own in pages]),
    )
    columns += [np.asarray(values)[page] for values in of_pages]
    return np.stack(columns, axis=1)
