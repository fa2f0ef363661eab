"""Trains the block model and prints what it reaches on sites it has not seen.

    python benchmarks/train_blocks.py DATA [--out cleaners/extract/model] [--texts PREDICTIONS.jsonl]

DATA holds a folder a page set: `truth.jsonl.gz` with id, url, site, type and text, and `pages/<id>.html.gz`. All
pages of a site are in the same of three parts, chosen by the digest of its name; each part is read by models trained
on the other two, through the code that reads pages in use. The models that are written are trained on all parts.
Needs about 6 GB of memory; takes about 15 minutes on two free cores.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from pathlib import Path

import lightgbm
import numpy as np
from block_cases import PARTS, Case, read_data, word_table
from block_labels import score, shingle_f1
from numpy.typing import NDArray

from cleaners.extract.article import GAIN, SURE, choose, without_comments
from cleaners.extract.context import context
from cleaners.extract.doubt import comparison, doubt
from cleaners.extract.features import Floats, Measure
from cleaners.extract.kept import compose
from cleaners.extract.model import FOLDER
from cleaners.extract.words import WordTable, lines_of

Settings = dict[str, float | str]
BLOCK: Settings = {
    "objective": "binary",
    "learning_rate": 0.08,
    "num_leaves": 63,
    "min_data_in_leaf": 40,
    "lambda_l2": 2.0,
    "feature_fraction": 0.35,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 7,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
CONTEXT = BLOCK | {"learning_rate": 0.07, "num_leaves": 31, "seed": 11}
WHOLE = BLOCK | {
    "objective": "regression",
    "learning_rate": 0.05,
    "num_leaves": 12,
    "min_data_in_leaf": 12,
    "feature_fraction": 0.5,
    "max_bin": 255,
    "seed": 3,
}
ROUNDS, CONTEXT_ROUNDS, WHOLE_ROUNDS = 220, 140, 120

Matrix = NDArray[np.float32]
Rows = dict[int, Matrix]
Kept = dict[int, Floats]


def fit(
    cases: Sequence[Case], rows: Rows, chosen: Iterable[int], settings: dict[str, object], rounds: int
) -> lightgbm.Booster:
    """Train on the blocks of the chosen pages: all near a kept block, a quarter of the others, at four times weight."""
    data, labels, weights = [], [], []
    for i in chosen:
        if i not in rows:
            continue
        case = cases[i]
        near = np.convolve(case.labels, np.ones(13), "same")[: len(case.labels)] > 0
        if len(near) < 13:
            near[:] = True
        drawn = np.random.default_rng(i).random(len(near)) < 0.25
        keep = (near | drawn) & (case.weights > 0)
        data.append(rows[i][keep])
        labels.append(case.labels[keep])
        weights.append((case.weights * np.where(near, 1.0, 3.0))[keep])
    dataset = lightgbm.Dataset(np.concatenate(data), np.concatenate(labels), weight=np.concatenate(weights))
    return lightgbm.train(settings, dataset, rounds)


def measured(cases: Sequence[Case], table: Callable[[Case], WordTable]) -> Rows:
    """Return the first-stage features of all pages that have a block."""
    found = {i: Measure(c.page, table(c)) for i, c in enumerate(cases) if c.page.blocks.text}
    return {i: measure.table().astype(np.float32) for i, measure in found.items()}


def second_rows(cases: Sequence[Case], rows: Rows, kept: Kept, tables: Callable[[Case], WordTable]) -> Rows:
    """Return the features of the second stage: those of the first, and what its probabilities add."""
    found = {}
    for i, own in rows.items():
        measure = Measure(cases[i].page, tables(cases[i]))
        found[i] = np.concatenate((own, context(measure, kept[i]).astype(np.float32)), axis=1)
    return found


@dataclass(slots=True)
class Stage:
    """One stage over blocks: each page's features as its own part sees them, and unseen probabilities."""

    settings: Settings
    rounds: int
    rows: Rows = field(default_factory=dict)
    kept: Kept = field(default_factory=dict)


def stages(cases: Sequence[Case]) -> tuple[Stage, Stage, dict[str, WordTable]]:
    """Return both stages, each page read by models that were trained on the other parts.

    A page that is trained on has word scores from which its own part is left out as well.
    """
    tables = {
        f"{one}{two}": word_table(c for c in cases if c.part not in (one, two))
        for one, two in combinations_with_replacement(range(PARTS), 2)
    }
    first, second = Stage(BLOCK, ROUNDS), Stage(CONTEXT, CONTEXT_ROUNDS)
    seen: list[Rows] = []
    for part in range(PARTS):
        seen.append(measured(cases, lambda case, part=part: tables["".join(map(str, sorted((part, case.part))))]))
        learn(cases, seen[part], part, first)
    for part in range(PARTS):
        rows = second_rows(cases, seen[part], first.kept, lambda case: tables[f"{case.part}{case.part}"])
        learn(cases, rows, part, second)
    return first, second, tables


def learn(cases: Sequence[Case], rows: Rows, part: int, stage: Stage) -> None:
    """Train on all parts but one, and note what comes out for that one."""
    others = [i for i, case in enumerate(cases) if case.part != part]
    trees = fit(cases, rows, others, stage.settings, stage.rounds)
    for i in rows:
        if cases[i].part == part:
            stage.rows[i] = rows[i]
            stage.kept[i] = trees.predict(rows[i], num_threads=1)


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
        measure = Measure(case.page, table(case))
        chosen = without_comments(case.page, measure.words, choose(measure.words, probabilities))
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


def decide(cases: Sequence[Case], pages: Sequence[Whole]) -> tuple[dict[int, str], set[int]]:
    """Return the text of each page as `article.best` chooses it, by trees that have not seen it; and who asked."""
    texts = {i: case.theirs for i, case in enumerate(cases)}
    asked: set[int] = set()
    for part in range(PARTS):
        sure, better = fit_wholes([p for p in pages if cases[p.number].part != part])
        for page in pages:
            if cases[page.number].part == part:
                doubtful = sure.predict(page.row[None, :])[0] < SURE
                asked |= {page.number} if doubtful else set()
                theirs = doubtful and cases[page.number].theirs and better.predict(page.compared[None, :])[0] > GAIN
                texts[page.number] = cases[page.number].theirs if theirs else page.ours
    return texts, asked


def write(cases: Sequence[Case], first: Stage, second: Stage, pages: Sequence[Whole], out: Path) -> None:
    """Train on all parts and write the model files."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "words.tsv").write_text("".join(f"{line}\n" for line in lines_of(word_table(cases))), "utf-8")
    everything = range(len(cases))
    fit(cases, first.rows, everything, BLOCK, ROUNDS).save_model(out / "first.txt")
    fit(cases, second.rows, everything, CONTEXT, CONTEXT_ROUNDS).save_model(out / "second.txt")
    for name, trees in zip(("sure", "better"), fit_wholes(pages), strict=True):
        trees.save_model(out / f"{name}.txt")


def main() -> None:
    """Train, print the figures on unseen sites, write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--texts", type=Path, help="write the unseen pages' texts here, a JSON object a line")
    arguments = parser.parse_args()
    cases = read_data(arguments.data)
    first, second, tables = stages(cases)
    pages = wholes(cases, second.kept, lambda case: tables[f"{case.part}{case.part}"])
    report(cases, pages, arguments.texts)
    write(cases, first, second, pages, arguments.out)


def report(cases: Sequence[Case], pages: Sequence[Whole], out: Path | None) -> None:
    """Print the figures of trafilatura, of the blocks alone, and of both."""
    texts, asked = decide(cases, pages)
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
