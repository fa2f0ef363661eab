"""Trains the block model and prints what it reaches on sites it has not seen.

    python benchmarks/train_blocks.py DATA [--out cleaners/extract/model] [--texts PREDICTIONS.jsonl]

DATA holds a folder a page set: `truth.jsonl.gz` with id, url, site, type and text, and `pages/<id>.html.gz`. All
pages of a site are in the same of three parts, chosen by the digest of its name; each part is read by models trained
on the other two, through the code that reads pages in use. The models that are written are trained on all parts.
Needs about 6 GB of memory; takes about 15 minutes on two free cores.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import lightgbm
import numpy as np
from block_labels import label
from numpy.typing import NDArray

from cleaners.extract.blocks import Page, parse, read_blocks
from cleaners.extract.features import Floats, Measure
from cleaners.extract.other import SecondOpinion
from cleaners.extract.words import SHORT, WordTable, sign_words, text_words

PARTS = 3
LEAST_SITES = 6
BLOCK = {
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


@dataclass(slots=True)
class Case:
    """A page of the data with its blocks, their labels and weights, and what trafilatura makes of it."""

    group: str
    name: str
    url: str
    site: str
    kind: str
    truth: str
    page: Page
    theirs: str
    labels: Floats
    weights: Floats
    signs: dict[str, float] = field(default_factory=dict)
    texts: dict[str, float] = field(default_factory=dict)

    @property
    def part(self) -> int:
        """Part of the data, the same for all pages of a site."""
        return int(hashlib.sha256(self.site.encode()).hexdigest()[:8], 16) % PARTS


def read_case(group: str, row: dict[str, str], html: str) -> Case:
    """Return a page with its labels."""
    page = read_blocks(parse(html))
    pairs = np.array(label(page.blocks.text, row["text"])).reshape(-1, 2)
    words = np.array([min(text.count(" ") + 1, 100) for text in page.blocks.text])
    size = min(3.0, (200 / max(len(words), 1)) ** 0.5)
    article = 1.6 if group != "wcxb" or row["type"] == "article" else 1.0
    weights = pairs[:, 1] * (1 + words / 20) * size * article
    theirs = SecondOpinion(html, row["url"]).text()
    case = Case(group, row["id"], row["url"], row["site"], row["type"], row["text"], page, theirs, pairs[:, 0], weights)
    count_words(case)
    return case


def count_words(case: Case) -> None:
    """Note for each word of a page how much more of what it names is kept than of the page."""
    if not len(case.labels):
        return
    share = case.labels.mean()
    sums = np.concatenate(([0.0], np.cumsum(case.labels)))
    signs: dict[str, list[float]] = defaultdict(list)
    texts: dict[str, list[float]] = defaultdict(list)
    elements, blocks = case.page.elements, case.page.blocks
    for sign, first, end in zip(elements.sign, elements.first, elements.end, strict=True):
        if end > first:
            for word in sign_words(sign):
                signs[word].append((sums[end] - sums[first]) / (end - first) - share)
    for sign, text, kept in zip(blocks.inner, blocks.text, case.labels, strict=True):
        for word in sign_words(sign):
            signs[word].append(kept - share)
        words = text_words(text)
        for word in set(words) if len(words) <= SHORT else ():
            texts[word].append(kept - share)
    case.signs = {word: float(np.mean(values)) for word, values in signs.items()}
    case.texts = {word: float(np.mean(values)) for word, values in texts.items()}


def word_table(cases: Iterable[Case]) -> WordTable:
    """Return the scores of the words that stand on at least LEAST_SITES sites, each site counted once."""
    found: list[dict[str, float]] = []
    listed = list(cases)
    for counts in ([(c.site, c.signs) for c in listed], [(c.site, c.texts) for c in listed]):
        sites: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for site, words in counts:
            for word, value in words.items():
                sites[word][site].append(value)
        means = {
            word: round(sum(float(np.mean(v)) for v in by.values()) / (len(by) + 3), 3)
            for word, by in sites.items()
            if len(by) >= LEAST_SITES
        }
        found.append(means)
    return WordTable(*found)


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
