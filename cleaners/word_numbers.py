"""Words as numbers: looked up and compared, thousands at once, without making a string of each."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.uint32]
Places = NDArray[np.int64]
Numbers = NDArray[np.uint64]

_FACTOR = 0x9E3779B97F4A7C15


def code_points(text: str) -> Points:
    """Return the code points of a text; a surrogate is a question mark."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def word_numbers(points: Points, first: Places, end: Places) -> Numbers:
    """Return the numbers of the words that are made of the code points [first, end), wherever they stand.

    A number is a polynomial of the word's code points modulo 2**64: two words have one by a chance of about 2**-64.
    """
    powers, inverse = _powers((len(points) + 1).bit_length())
    sums = np.zeros(len(points) + 1, dtype=np.uint64)
    np.cumsum(points * powers[: len(points)], out=sums[1:])
    # the place in the text has to go: a word is the same everywhere
    return (sums[end] - sums[first]) * inverse[first]


@cache
def _powers(bits: int) -> tuple[Numbers, Numbers]:
    """Return 2**bits powers of the polynomial's variable from 0 on, and those of its inverse."""
    bases = (_FACTOR, pow(_FACTOR, -1, 1 << 64))
    up, down = (
        np.cumprod(np.append(np.uint64(1), np.full((1 << bits) - 1, base, dtype=np.uint64)), dtype=np.uint64)
        for base in bases
    )
    return up, down
