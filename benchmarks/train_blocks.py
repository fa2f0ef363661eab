"""Trains the block model and prints what it reaches on sites it has not seen.

    python benchmarks/train_blocks.py DATA [--workers N] [--write] [--folds-to FOLDER] [--texts PREDICTIONS.jsonl]

DATA holds a folder a page set: `truth.jsonl.gz` with id, url, site, type and text, and `pages/<id>.html.gz`. All
pages of a site are in the same fold (`folds.py`); each fold is read by models trained on the others, through the code
that reads pages in use. `--folds-to` writes these models, each to a folder named for the fold it has not seen:
`extract_by_fold.py` reads pages with them. `--write` trains on all folds and writes what comes with the project.
Needs about 8 GB of memory; takes about 15 minutes on a free core.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from pathlib import Path

import lightgbm
import numpy as np
from block_cases import Case, read_data, word_table
from block_labels import score, shingle_f1
from folds import FOLDS
from numpy.typing import NDArray
from unseen import remember

from cleaners.extract.article import GAIN, SURE, pick
from cleaners.extract.columns import Floats
from cleaners.extract.context import context
from cleaners.extract.doubt import comparison, doubt
from cleaners.extract.features import table as features
from cleaners.extract.kept import compose
from cleaners.extract.measure import Measures
from cleaners.extract.model import FOLDER, SURELY_NOT
from cleaners.extract.sections import sections
from cleaners.extract.words import WordTable, lines_of

Settings = dict[str, float | str]
BLOCK: Settings = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 63,
    "min_data_in_leaf": 40,
    "lambda_l2": 2.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 7,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
CONTEXT = BLOCK | {"num_leaves": 31, "seed": 11, "learning_rate": 0.05}
WHOLE = BLOCK | {
    "objective": "regression",
    "learning_rate": 0.05,
    "num_leaves": 12,
    "min_data_in_leaf": 12,
    "feature_fraction": 0.5,
    "max_bin": 255,
    "seed": 3,
}
ROUNDS, CONTEXT_ROUNDS, WHOLE_ROUNDS = 150, 200, 120

Matrix = NDArray[np.float32]
Rows = dict[int, Matrix]
Kept = dict[int, Floats]


def measured(cases: Sequence[Case], table: Callable[[Case], WordTable]) -> Rows:
    """Return the first-stage features of all pages that have a block."""
    found = {i: Measures([c.page], table(c)) for i, c in enumerate(cases) if c.page.blocks.text}
    return {i: features(measures).astype(np.float32) for i, measures in found.items()}


def added(cases: Sequence[Case], kept: Kept, words: WordTable) -> Rows:
    """Return what the first stage's probabilities add to the features of each page; words have no part in it."""
    found = {}
    for i, chances in kept.items():
        measures = Measures([cases[i].page], words)
        parts = context(measures, chances), sections(measures, chances)
        found[i] = np.concatenate(parts, axis=1).astype(np.float32)
    return found


@dataclass(slots=True)
class Stage:
    """One stage over blocks: each fold's trees, each page's features as its own fold sees them, and what comes out.

    `before` is what the stage before it says, which stands where this one is not asked.
    """

    settings: Settings
    rounds: int
    before: Kept | None = None
    trees: list[lightgbm.Booster] = field(default_factory=list)
    rows: Rows = field(default_factory=dict)
    kept: Kept = field(default_factory=dict)

    def learn(self, cases: Sequence[Case], seen: Sequence[Rows], workers: int) -> None:
        """Train for each fold on all others, with the features as `seen` has them, and note what comes out for it.

        All trees are asked, where in use those left are not once the sum is sure (`model.SURELY`).
        """

        def train(part: int) -> lightgbm.Booster:
            others = [i for i, case in enumerate(cases) if case.part != part]
            return fit(cases, seen[part], others, self)

        with ThreadPoolExecutor(workers) as pool:  # the trainer leaves the interpreter to others
            self.trees = list(pool.map(train, range(FOLDS)))
        for part, rows in enumerate(seen):
            for i in rows:
                if cases[i].part == part:
                    self.rows[i] = rows[i]
                    found = self.trees[part].predict(rows[i], num_threads=1)
                    before = None if self.before is None else self.before[i]
                    self.kept[i] = found if before is None else np.where(before > SURELY_NOT, found, before)


def fit(cases: Sequence[Case], rows: Rows, chosen: Iterable[int], stage: Stage) -> lightgbm.Booster:
    """Train a stage on the chosen pages: all blocks near a kept one, and a fifth of the others, at four times weight.

    The second stage is trained on blocks that it is never asked about as well: without them it did worse.
    """
    data, labels, weights = [], [], []
    for i in chosen:
        if i not in rows:
            continue
        case = cases[i]
        near = np.convolve(case.labels, np.ones(13), "same")[: len(case.labels)] > 0
        if len(near) < 13:
            near[:] = True
        drawn = np.random.default_rng(i).random(len(near)) < 0.2
        keep = (near | drawn) & (case.weights > 0)
        data.append(rows[i][keep])
        labels.append(case.labels[keep])
        weights.append((case.weights * np.where(near, 1.0, 4.0))[keep])
    dataset = lightgbm.Dataset(np.concatenate(data), np.concatenate(labels), weight=np.concatenate(weights))
    return lightgbm.train(stage.settings, dataset, stage.rounds)


def stages(cases: Sequence[Case], workers: int) -> tuple[Stage, Stage, dict[str, WordTable]]:
    """Return both stages, each page read by models that were trained on the other folds.

    A page that is trained on has word scores from which its own fold is left out as well.
    """
    tables = {
        f"{one}{two}": word_table(c for c in cases if c.part not in (one, two))
        for one, two in combinations_with_replacement(range(FOLDS), 2)
    }
    first = Stage(BLOCK, ROUNDS)
    seen = [
        measured(cases, lambda case, part=part: tables["".join(map(str, sorted((part, case.part))))])
        for part in range(FOLDS)
    ]
    first.learn(cases, seen, workers)
    beside = added(cases, first.kept, tables["00"])
    for rows in seen:
        for i in rows:
            rows[i] = np.concatenate((rows[i], beside[i]), axis=1)
    second = Stage(CONTEXT, CONTEXT_ROUNDS, first.kept)
    second.learn(cases, seen, workers)
    return first, second, tables


@dataclass(slots=True)
class Whole:
    """A page as its unseen probabilities leave it: the two texts, how right they are, and the numbers on them."""

    number: int
    ours: str
    right: float
    right_theirs: float
    row: Floats
    compared: Floats


def wholes(cases: Sequence[Case], kept: Kept, table: Callable[[Case], WordTable]) -> list[Whole]:
    """Return the pages whose blocks give a text."""
    found = []
    for i, probabilities in kept.items():
        case = cases[i]
        measure = Measures([case.page], table(case)).of(0)
        chosen, _, _ = pick(case.page, measure.words, probabilities)
        text = compose(case.page, chosen)
        if text:
            row = doubt(measure, probabilities, chosen)
            compared = np.concatenate((row, comparison(measure, probabilities, text, case.theirs)))
            right = shingle_f1(case.truth, text), shingle_f1(case.truth, case.theirs)
            found.append(Whole(i, text, *right, row, compared))
    return found


def fit_wholes(pages: Sequence[Whole]) -> tuple[lightgbm.Booster, lightgbm.Booster]:
    """Train what expects the share of right shingles, and what a second opinion would add to it."""
    sure = lightgbm.Dataset(np.array([p.row for p in pages]), np.array([p.right for p in pages]))
    gain = np.array([p.right_theirs - p.right for p in pages])
    better = lightgbm.Dataset(np.array([p.compared for p in pages]), gain)
    return tuple(lightgbm.train(WHOLE, data, WHOLE_ROUNDS) for data in (sure, better))


def fold_wholes(cases: Sequence[Case], pages: Sequence[Whole]) -> list[tuple[lightgbm.Booster, lightgbm.Booster]]:
    """Return for each fold the trees over pages that have not seen it."""
    return [fit_wholes([p for p in pages if cases[p.number].part != part]) for part in range(FOLDS)]


def decide(
    cases: Sequence[Case], pages: Sequence[Whole], trees: Sequence[tuple[lightgbm.Booster, lightgbm.Booster]]
) -> tuple[dict[int, str], set[int]]:
    """Return the text of each page as `article.best` chooses it, by trees that have not seen it; and who asked."""
    texts = {i: case.theirs for i, case in enumerate(cases)}
    asked: set[int] = set()
    for part, (sure, better) in enumerate(trees):
        for page in pages:
            if cases[page.number].part == part:
                doubtful = sure.predict(page.row[None, :])[0] < SURE
                asked |= {page.number} if doubtful else set()
                theirs = doubtful and cases[page.number].theirs and better.predict(page.compared[None, :])[0] > GAIN
                texts[page.number] = cases[page.number].theirs if theirs else page.ours
    return texts, asked


def write(words: WordTable, trees: Sequence[lightgbm.Booster], out: Path) -> None:
    """Write the files of one model: its words, and its trees in the order first, second, sure, better."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "words.tsv").write_text("".join(f"{line}\n" for line in lines_of(words)), "utf-8")
    for name, one in zip(("first", "second", "sure", "better"), trees, strict=True):
        one.save_model(out / f"{name}.txt")


def main() -> None:
    """Train, print the figures on unseen sites, write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--workers", type=int, default=1, help="how many folds to train at once")
    parser.add_argument("--write", action="store_true", help="write the model that comes with the project")
    parser.add_argument("--folds-to", type=Path, help="write the model of each fold to a folder in this one")
    parser.add_argument("--texts", type=Path, help="write the unseen pages' texts here, a JSON object a line")
    arguments = parser.parse_args()
    cases = read_data(arguments.data)
    first, second, tables = stages(cases, arguments.workers)
    pages = wholes(cases, second.kept, lambda case: tables[f"{case.part}{case.part}"])
    by_fold = fold_wholes(cases, pages)
    report(cases, pages, decide(cases, pages, by_fold), arguments.texts)
    if arguments.folds_to:
        for part, over_pages in enumerate(by_fold):
            model = first.trees[part], second.trees[part], *over_pages
            write(tables[f"{part}{part}"], model, arguments.folds_to / str(part))
    if arguments.write:
        everything = range(len(cases))
        over_blocks = (fit(cases, stage.rows, everything, stage) for stage in (first, second))
        write(word_table(cases), (*over_blocks, *fit_wholes(pages)), FOLDER)
        remember(case.site for case in cases)


def report(
    cases: Sequence[Case], pages: Sequence[Whole], decided: tuple[dict[int, str], set[int]], out: Path | None
) -> None:
    """Print the figures of trafilatura, of the blocks alone, and of both."""
    texts, asked = decided
    alone = dict.fromkeys(texts, "") | {page.number: page.ours for page in pages}
    theirs = {i: case.theirs for i, case in enumerate(cases)}
    if out:
        rows = ({"id": case.name, "text": texts[i]} for i, case in enumerate(cases))
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    groups: dict[str, list[int]] = defaultdict(list)
    for i, case in enumerate(cases):
        groups[case.group].append(i)
        if case.group == "wcxb":
            groups[f"{case.group} {case.kind}"].append(i)
    for group, members in groups.items():
        share = sum(i in asked for i in members) / len(members)
        print(f"{group}: {len(members)} pages, second opinion asked on {share:.1%}")
        for name, found in (("trafilatura", theirs), ("blocks", alone), ("both", texts)):
            print(f"  {name:12}{score([(cases[i].truth, found[i]) for i in members])}")


if __name__ == "__main__":
    main()
