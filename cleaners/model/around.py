"""Where each line stands in its text: how far from others, and in which run of lines."""

import numpy as np
from numpy.typing import NDArray

from cleaners.model.bounds import Bounds

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_FAR = 60


def far(within: Bounds, flags: Flags) -> Numbers:
    """Return how many lines above and below each line the nearest flagged one is, 60 where there is none near.

    Two rows for each of the rows of `flags`, a column a line.
    """
    size = flags.shape[1]
    at = np.arange(size)
    # the nearest above a line is that nearest below it if all is turned round
    above = np.full((len(flags), size), -_FAR)
    below = np.full((len(flags), size), size + _FAR)
    np.maximum.accumulate(np.where(flags[:, :-1], at[:-1], -_FAR), axis=1, out=above[:, 1:])
    turned = np.where(flags[:, :0:-1], at[:0:-1], size + _FAR)
    below[:, -2::-1] = np.minimum.accumulate(turned, axis=1)
    near = np.empty((len(flags), 2, size), dtype=np.int64)
    for distance, found, most in (
        (near[:, 0], at - above, within.place),
        (near[:, 1], below - at, within.sizes[within.text_of] - 1 - within.place),
    ):
        # what is further away than the text's end is in another text
        distance[:] = np.where(found > most, _FAR, np.minimum(_FAR, found))
    return near.reshape(2 * len(flags), size)


def runs(within: Bounds, flags: Flags) -> list[Numbers]:
    """Return, about the run of equal flags each line is in: size, lines before and after, whether it is last."""
    begins = within.first()
    begins[1:] |= flags[1:] != flags[:-1]
    starts = np.flatnonzero(begins)
    run = np.cumsum(begins) - 1
    sizes = np.diff(np.append(starts, len(flags)))[run]
    before = np.arange(len(flags)) - starts[run]
    is_last = within.place + sizes - before == within.sizes[within.text_of]
    return [sizes, before, sizes - before, is_last.astype(np.int64)]
