"""Looks for the bounds of the line model's settings, and says what choosing them on the same texts is worth.

    OPENBLAS_NUM_THREADS=1 PYTHONPATH=. python benchmarks/line_bounds.py DATA [--most 0.1]

DATA holds labelled texts as for `make quality`; the models of the folds come from `train_lines.py`. Each text is
cleaned whole, by a model that has not seen its site, with each of a grid of bounds. Of those that lose no more than
`--most` per cent of the good characters the one with the highest F1 is best. So that no text is judged by what was
chosen for it, bounds are also chosen on all folds but one and counted on that one, four times.
"""

import argparse
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import product
from pathlib import Path

from folds import FOLDS, fold_of
from line_scores import LinesScore, score_text
from quality import TextCase, read_texts
from train_lines import ROOT
from unseen import clean_by

from cleaners import lines
from cleaners.model.weights import Model, load

LEAST, LONGER = (0.375, 0.5, 0.625, 0.75, 0.875), (0.28125, 0.34375, 0.40625, 0.46875, 0.53125)
GRID = tuple(lines.Setting(*bounds, lines.DEFAULT.untrained_language) for bounds in product(LEAST, LONGER))
Counts = tuple[LinesScore, LinesScore]
"""By lines and by characters."""
NOTHING = LinesScore(0, 0, 0, 0)


@cache
def _model(folds: Path, fold: int) -> Model:
    return load(folds / f"{fold}.npz")


def counted(case: TextCase, folds: Path) -> tuple[int, list[Counts]]:
    """Return the fold of a text, and what each setting of the grid makes of it."""
    fold = fold_of(case.site)
    text = "\n".join(line.text for line in case.lines)
    model = _model(folds, fold)
    found = [score_text(case.lines, clean_by(model, text, case.url, setting)) for setting in GRID]
    return fold, found


def best(of: Mapping[lines.Setting, Counts], most: float) -> lines.Setting:
    """Return the setting with the highest F1 that loses no more than the share `most` of the characters.

    The one that loses least, if none does.
    """
    allowed = [setting for setting in of if of[setting][1].lost_share <= most]
    if not allowed:
        return min(of, key=lambda setting: of[setting][1].lost_share)
    return max(allowed, key=lambda setting: of[setting][0].f1)


def told(counts: Counts) -> str:
    """Return what is told of counts."""
    by_line, by_character = counts
    return f"F1 {by_line.f1:.4f}  lost {by_line.lost_share:.3%} of lines, {by_character.lost_share:.4%} of characters"


def main() -> None:
    """Print the grid, and the figures of what is chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with lines/*.jsonl.gz")
    parser.add_argument("--folds", type=Path, default=ROOT / "build" / "line-folds")
    parser.add_argument("--most", type=float, default=0.1, help="per cent of good characters that may be lost")
    arguments = parser.parse_args()
    by_fold: list[dict[lines.Setting, Counts]] = [defaultdict(lambda: (NOTHING, NOTHING)) for _ in range(FOLDS)]
    with ProcessPoolExecutor(2) as pool:
        for fold, found in pool.map(partial(counted, folds=arguments.folds), read_texts(arguments.data), chunksize=16):
            for setting, counts in zip(GRID, found, strict=True):
                by_fold[fold][setting] = _sum(by_fold[fold][setting], counts)
    whole = _all(by_fold)
    for setting in GRID:
        print(f"{setting.least:7.5f} {setting.longer:7.5f}  {told(whole[setting])}")
    chosen = best(whole, arguments.most / 100)
    print(f"chosen on all: {chosen.least} {chosen.longer}  {told(whole[chosen])}")
    apart = (NOTHING, NOTHING)
    for fold in range(FOLDS):
        others = best(_all([by_fold[n] for n in range(FOLDS) if n != fold]), arguments.most / 100)
        print(f"chosen without fold {fold}: {others.least} {others.longer}  {told(by_fold[fold][others])} on it")
        apart = _sum(apart, by_fold[fold][others])
    print(f"each counted on the fold it was chosen without: {told(apart)}")


def _sum(some: Counts, more: Counts) -> Counts:
    return some[0] + more[0], some[1] + more[1]


def _all(folds: list[dict[lines.Setting, Counts]]) -> dict[lines.Setting, Counts]:
    whole: dict[lines.Setting, Counts] = defaultdict(lambda: (NOTHING, NOTHING))
    for fold in folds:
        for setting, counts in fold.items():
            whole[setting] = _sum(whole[setting], counts)
    return whole


if __name__ == "__main__":
    main()
