"""The pages that the block model is trained on, with the labels of their blocks and what their words say."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from block_labels import label
from folds import fold_of

from cleaners.extract.blocks import Page, parse, read_blocks
from cleaners.extract.columns import Floats
from cleaners.extract.other import SecondOpinion
from cleaners.extract.words import SHORT, WordTable, known_as, sign_words, text_words

LEAST_SITES = 6
MOST_OF_A_SITE = 5


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
    nears: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def part(self) -> int:
        """Part of the data, the same for all pages of a site."""
        return fold_of(self.site)


def read_case(group: str, row: dict[str, str], html: str) -> Case:
    """Return a page with its labels."""
    page = read_blocks(parse(html))
    pairs = np.array(label(page.blocks.text, row["text"])).reshape(-1, 2)
    words = np.array([min(text.count(" ") + 1, 100) for text in page.blocks.text])
    size = min(3.0, (200 / max(len(words), 1)) ** 0.5)
    weights = pairs[:, 1] * (1.5 + words / 20) * size * weight_of(group, row["type"])
    theirs = SecondOpinion(html, row["url"]).text()
    case = Case(group, row["id"], row["url"], row["site"], row["type"], row["text"], page, theirs, pairs[:, 0], weights)
    count_words(case)
    return case


def weight_of(group: str, kind: str) -> float:
    """Return what a page counts in training.

    Fundus' truths are nearly exact, and articles are what most pages in use are; CleanPortalEval's begin with the
    title and the date, and are only measured.
    """
    if group == "cleanportaleval":
        return 0.0
    return 2.0 if group == "fundus" else 1.6 if kind == "article" else 1.0


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
    bags = [[known_as(word) for word in bag] for bag in text_words(blocks.text)]
    for sign, words, kept in zip(blocks.inner, bags, case.labels, strict=True):
        for word in sign_words(sign):
            signs[word].append(kept - share)
        for word in set(words) if len(words) <= SHORT else ():
            texts[word].append(kept - share)
    inside = np.flatnonzero(case.labels)
    nears: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for block in range(max(inside[0] - 6, 0), min(inside[-1] + 10, len(case.labels))) if len(inside) else ():
        if case.weights[block]:
            for word in set(bags[block]):
                nears[word][int(case.labels[block])] += 1
    case.nears = {word: (dropped, kept) for word, (dropped, kept) in nears.items()}
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
    return WordTable(*found, near_scores(listed))


def near_scores(cases: Iterable[Case]) -> dict[str, float]:
    """Return the logarithm of how much more often a word stands in left out blocks beside an article than in it."""
    sites: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for case in cases:
        for word, counts in case.nears.items():
            of = sites[word][case.site]
            of[:] = (min(was + count, MOST_OF_A_SITE) for was, count in zip(of, counts, strict=True))
    sums = {w: np.sum(list(by.values()), axis=0) for w, by in sites.items() if len(by) >= LEAST_SITES}
    all_dropped, all_kept = np.sum(list(sums.values()), axis=0) if sums else (1, 1)
    return {
        word: round(float(np.log((dropped + 1) / (kept + 1) * all_kept / all_dropped)), 2)
        for word, (dropped, kept) in sums.items()
    }


def read_data(folder: Path) -> list[Case]:
    """Return all pages of the data that have a text."""
    jobs = []
    for truth in sorted(folder.glob("*/truth.jsonl.gz")):
        with gzip.open(truth, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        jobs += [(truth.parent, row) for row in rows if (row["text"] or "").strip()]
    with ProcessPoolExecutor() as pool:
        return list(pool.map(_read_job, jobs, chunksize=20))


def _read_job(job: tuple[Path, dict[str, str]]) -> Case:
    folder, row = job
    with gzip.open(folder / "pages" / f"{row['id']}.html.gz", "rt", encoding="utf-8", newline="") as page:
        return read_case(folder.name, row, page.read())
