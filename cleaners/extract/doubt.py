"""How sure the blocks of a page leave us, and which of two texts to take: numbers for the page's own trees."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from cleaners.extract.columns import Floats
from cleaners.extract.measure import Measure

_WORD = re.compile(r"\w+")
_MOST_WORDS = 20_000


def doubt(measure: Measure, kept: Floats, chosen: Sequence[int]) -> Floats:
    """Return what the probabilities `kept` and the blocks `chosen` say of a page, shape (features,)."""
    chars, prose = measure.chars, measure.prose
    inside = np.zeros(measure.n, dtype=bool)
    inside[list(chosen)] = True
    mine = float(chars[inside].sum())
    likely = float((kept * chars).sum())
    unsure = (kept > 0.15) & (kept < 0.85)
    first, end = (int(chosen[0]), int(chosen[-1]) + 1) if chosen else (0, 0)
    span = float(chars[first:end].sum())
    best = int(measure.direct.argmax())
    held = slice(int(measure.first[best]), int(measure.end[best]))
    runs = int(np.count_nonzero(np.diff(inside.astype(np.int8)) == 1)) + int(inside[0])
    tags = measure.block_tag
    return np.array(
        [
            *(measure.n, measure.total[1], measure.total[3], mine, len(chosen), kept.max(), runs),
            *(float((kept * chars)[inside].sum()) / max(mine, 1), float((kept * chars)[inside].sum()) / max(likely, 1)),
            *(float(chars[unsure].sum()) / max(mine, 1), float(np.abs(kept - inside).sum()), span / max(mine, 1)),
            *(float((np.abs(kept - inside) * chars).sum()) / max(mine, 1), mine / measure.total[1]),
            *(
                float(prose[inside].sum()) / measure.total[3],
                float(chars[inside][kept[inside] > 0.9].sum()) / max(mine, 1),
            ),
            *(float((measure.link * chars)[inside].sum()) / max(mine, 1), float(measure.total[2] / measure.total[1])),
            *(
                float(chars[held][inside[held]].sum()) / max(mine, 1),
                float(inside[held].mean()) if held.stop > held.start else 0,
            ),
            *(float((chars[held]).sum()) / max(mine, 1), float(prose[~inside].max(initial=0)), first / measure.n),
            *(float((tags[inside] == 1).mean()) if mine else 0, float((kept * ~inside).max(initial=0))),
            *(float(measure.ends[inside].mean()) if mine else 0, mine / max(len(chosen), 1), float(np.median(kept))),
        ]
    )


def comparison(measure: Measure, kept: Floats, ours: str, theirs: str) -> Floats:
    """Return how two texts of a page lie to each other and to the probabilities, shape (features,)."""
    one, two = _shingles(ours), _shingles(theirs)
    shared = sum((one & two).values())
    sizes = max(sum(one.values()), 1), max(sum(two.values()), 1)
    folded = " ".join(theirs.split())
    texts = measure.page.blocks.text
    with_them = np.array([len(t) > 25 and " ".join(t[:60].split()) in folded for t in texts], dtype=float)
    weights = with_them * measure.chars
    mine = (kept >= 0.5) * measure.chars
    return np.array(
        [
            *(*sizes, shared / sizes[0], shared / sizes[1], sizes[1] / sizes[0]),
            *(float((kept * weights).sum() / max(weights.sum(), 1)), float(weights.sum()) / max(len(theirs), 1)),
            *(float((kept * weights).sum() / max((kept * measure.chars).sum(), 1)), theirs.count("\n")),
            float((mine * with_them).sum() / max(mine.sum(), 1)),
        ]
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text[: 10 * _MOST_WORDS])
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
