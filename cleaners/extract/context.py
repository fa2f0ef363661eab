"""Second stage: a block's probability beside those of its neighbours and of the elements that hold it."""

import numpy as np

from cleaners.extract.columns import Floats, following, last, shift
from cleaners.extract.features import LEVELS, Measure


def context(measure: Measure, kept: Floats) -> Floats:
    """Return the features that first-stage probabilities add, shape (blocks, features)."""
    columns: list[Floats] = [kept]
    columns += [shift(kept, by) for by in (1, 2, 3, 4, -1, -2, -3, -4)]
    n, chars = measure.n, measure.chars
    place = np.arange(n)
    sums = np.zeros((n + 1, 3))
    np.cumsum(np.stack((kept, kept * chars, kept * measure.prose), axis=1), axis=0, out=sums[1:])
    level = measure.own
    held = sums[measure.end] - sums[measure.first]
    for _ in range(LEVELS):
        inside = held[level]
        count, length = np.maximum(measure.held[level, 0], 1), np.maximum(measure.held[level, 1], 1)
        columns += [inside[:, 0] / count, inside[:, 1] / length, inside[:, 1] / max(sums[-1, 1], 1e-9)]
        # the element without this block
        columns.append((inside[:, 1] - kept * chars) / np.maximum(length - chars, 1))
        level = measure.up[level]
    for width in (5, 15):
        low, high = np.maximum(place - width, 0), np.minimum(place + width + 1, n)
        columns.append((sums[high, 0] - sums[low, 0]) / (high - low))
        columns.append((sums[place, 1] - sums[low, 1]) / np.maximum(measure.sums[place, 1] - measure.sums[low, 1], 1))
    for group in measure.groups:
        columns.append((np.bincount(group, kept) / np.maximum(np.bincount(group), 1))[group])
        columns.append((np.bincount(group, kept * chars) / np.maximum(np.bincount(group, chars), 1))[group])
    likely = kept > 0.5
    columns += [(place - last(likely)).astype(float), (following(likely) - place).astype(float)]
    columns += [sums[:-1, 1] / max(sums[-1, 1], 1e-9), sums[:-1, 2] / max(sums[-1, 2], 1e-9)]
    whole = (sums[-1, 0], sums[-1, 1], sums[-1, 1] / max(measure.total[1], 1), kept.max(), np.abs(kept - 0.5).mean())
    columns += [np.full(n, value) for value in whole]
    return np.stack(columns).T
