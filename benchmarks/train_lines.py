"""Trains the line model: one for each fold of sites, for honest figures (score_lines.py), and one on all sites.

    python benchmarks/train_lines.py DATA             # models per fold, in build/line-folds
    python benchmarks/train_lines.py DATA --write     # the same, and cleaners/model/lines.npz from all sites

DATA is a folder with `dev.jsonl.gz`: one text a line, `{id, url, site, set, lang, lines: [{text, keep, zone}]}`, keep
true, false or null (not judged). Needs scikit-learn and lightgbm, which cleaning itself does not.
"""

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import lightgbm
import numpy as np
import scipy.sparse
from folds import FOLDS, fold_of
from sklearn.linear_model import SGDClassifier
from unseen import remember

from cleaners import language, ledger
from cleaners.catalogue import CLEANERS
from cleaners.lines import has_word
from cleaners.matching import split_lines
from cleaners.model import features, words
from cleaners.model.links import link_shares
from cleaners.model.trees import Trees
from cleaners.model.weights import BITS, UNSEEN, Model, save
from schemas.edit import Step
from schemas.page import Document

ROOT = Path(__file__).parents[1]
INNER = 3
SITES = 5
"""A word, pair or triple has a weight if it stands on this many sites, so that the model holds nobody's text."""
CERTAIN_KEEP = -3.5
"""A line labelled as boilerplate that models of other sites score below this is a mistake of its label."""
ITSELF, BELOW = (0,), (1, 2, 3)
FIRST = {"n_estimators": 160, "num_leaves": 31}
SECOND = {"n_estimators": 300, "num_leaves": 31}


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled text as the model meets it: rules have run, `labels` has 1 for boilerplate, 0, -1 not judged."""

    site: str
    page: str
    url: str
    lines: tuple[str, ...]
    links: tuple[float, ...]
    labels: np.ndarray


def prepared(row: str) -> Text:
    """Run the cleaners that come before the model over one labelled text."""
    item = json.loads(row)
    source = "\n".join(line["text"] for line in item["lines"])
    spoken = language.of_document(source, "und").lang
    document = Document(source, url=item["url"], language=spoken, source=source)
    steps = []
    for cleaner in CLEANERS:
        if cleaner.name == "model":
            break
        if edits := tuple(ledger.settle(cleaner.propose(document))):
            steps.append(Step(cleaner.name, cleaner.version, edits))
            document = replace(document, text=ledger.apply(document.text, edits))
    places = ledger.Positions(ledger.flatten(steps))
    starts = [line.start for line in split_lines(source)]
    kept = [line for line in split_lines(document.text) if has_word(line.text)]
    origins = [places.back(at := document.text.index(line.text, line.start), at + len(line.text)) for line in kept]
    numbers = [int(np.searchsorted(starts, origin[0], side="right")) - 1 if origin else -1 for origin in origins]
    labels = [-1 if n < 0 or item["lines"][n]["keep"] is None else int(not item["lines"][n]["keep"]) for n in numbers]
    texts = tuple(line.text for line in kept)
    page = item["id"].rsplit(":", 1)[0]
    return Text(
        item["site"], page, item["url"], texts, tuple(link_shares(source, texts)), np.array(labels, dtype=np.int64)
    )


def vocabulary(texts: Iterable[Text]) -> words.Lexicon:
    """Return the words that stand at the ends of lines of SITES sites or more, numbered in order."""
    sites, nothing = defaultdict(set), words.lexicon([], np.zeros(words.FIRST_WORD, dtype=np.float32))
    for text in texts:
        for word in words.read(text.lines, nothing).spelled():
            sites[word].add(text.site)
    often = {word for word, on in sites.items() if len(on) >= SITES and not word[0].isdigit()}
    spelled = sorted(often.union(*words.KINDS))
    total = len({text.site for text in texts})
    # a word that is not known is rarer than any that is; a number says little
    most = np.log2(total / (SITES - 1))
    bits = [np.log2(total / len(sites[word])) if word in often else most for word in spelled]
    return words.lexicon(spelled, np.array([most, 0, 0, 0, 0, *bits], dtype=np.float32))


class Training:
    """Texts, looked at with one vocabulary, and the models fitted on them."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.texts = texts
        self.lexicon = vocabulary(texts)
        self.seen = [features.see(text.lines, text.links, self.lexicon, text.url) for text in texts]
        self.bounds = np.cumsum([0, *(len(text.lines) for text in texts)])
        self.labels = np.concatenate([text.labels for text in texts])
        self.text_of = np.repeat(np.arange(len(texts)), np.diff(self.bounds))
        self.inner = np.array([fold_of(text.site, INNER, "inner") for text in texts])[self.text_of]
        variants = Counter(text.page for text in texts)
        sizes = np.diff(self.bounds)
        # several texts of one page say little more than one, and a page of 500 lines should not rule the rest
        shares = [min(1.5, (60 / n) ** 0.3) / variants[t.page] ** 0.5 for t, n in zip(texts, sizes, strict=True)]
        self.shares = np.array(shares)[self.text_of]
        self.often, self.grams = self._grams()

    def _grams(self) -> tuple[np.ndarray, scipy.sparse.csr_matrix]:
        width = len(self.lexicon.rarity) + (1 << BITS)
        row = np.concatenate([seen.row + start for seen, start in zip(self.seen, self.bounds, strict=False)])
        sequence = np.concatenate([seen.sequence for seen in self.seen])
        rows, found = words.grams(row, sequence, BITS, len(self.lexicon.rarity))
        table = scipy.sparse.csr_matrix((np.ones(len(rows)), (rows, found)), shape=(len(self.labels), width))
        numbered = {site: n for n, site in enumerate(sorted({text.site for text in self.texts}))}
        sites = np.array([numbered[text.site] for text in self.texts])[self.text_of]
        by_site = scipy.sparse.csr_matrix((np.ones(len(sites)), (sites, np.arange(len(sites))))) @ table
        often = np.asarray((by_site > 0).sum(axis=0)).ravel() >= SITES
        table = (table @ scipy.sparse.diags(often.astype(float))).tocsr()
        table.eliminate_zeros()
        counts = np.asarray(table.sum(axis=1)).ravel()
        return often, (scipy.sparse.diags(1 / np.sqrt(np.maximum(1, counts))) @ table).tocsr()

    def word_model(self, rows: np.ndarray, below: Sequence[int] = (0,)) -> SGDClassifier:
        """Fit the weights of words of `rows` on the judged lines so many lines `below` them: 0 is the line itself."""
        rows, steps = np.tile(rows, len(below)), np.repeat(below, len(rows))
        told = np.minimum(rows + steps, len(self.labels) - 1)
        used = (self.labels[told] >= 0) & (self.text_of[told] == self.text_of[rows])
        rows, steps, told = rows[used], steps[used], told[used]
        model = SGDClassifier(loss="log_loss", alpha=3e-6, max_iter=8, tol=None, random_state=0)
        weights = self.shares[rows] / np.maximum(1, steps)
        return model.fit(self.grams[rows], self.labels[told], sample_weight=weights)

    def trees(self, table: np.ndarray, rows: np.ndarray, size: dict[str, int]) -> lightgbm.LGBMClassifier:
        """Fit trees on `rows` of the table of features."""
        model = lightgbm.LGBMClassifier(
            **size,
            max_depth=10,
            learning_rate=0.05,
            min_child_samples=80,
            subsample=0.7,
            subsample_freq=1,
            colsample_bytree=0.25,
            reg_lambda=10,
            path_smooth=5,
            max_bin=63,
            random_state=0,
            deterministic=True,
            force_row_wise=True,
            n_jobs=1,
            verbose=-1,
        )
        return model.fit(table[rows], self.labels[rows], sample_weight=self.shares[rows])

    def unseen(self, fit: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]]) -> np.ndarray:
        """Return scores of all lines by models that were fitted on lines of other sites."""
        scores = np.zeros(len(self.labels))
        for fold in range(INNER):
            rest = np.flatnonzero(self.inner == fold)
            scores[rest] = fit(np.flatnonzero(self.inner != fold))(rest)
        return scores.astype(np.float32)

    def model(self) -> Model:
        """Fit the whole model: each stage learns from what the one before it says of sites it has not seen."""
        judged = self.labels >= 0
        fitted = [self.word_model(np.arange(len(judged)), below) for below in (ITSELF, BELOW)]
        scores = [
            self.unseen(lambda rows, b=below: lambda rest: self.word_model(rows, b).decision_function(self.grams[rest]))
            for below in (ITSELF, BELOW)
        ]
        parts = list(zip(self.seen, self.bounds, self.bounds[1:], strict=False))
        table = np.vstack([features.first_stage(seen, *(s[a:b] for s in scores)) for seen, a, b in parts])
        first_scores = self.unseen(
            lambda rows: lambda rest: self.trees(table, rows[judged[rows]], FIRST).predict(table[rest], raw_score=True)
        )
        right = judged & ~((self.labels == 1) & (first_scores < CERTAIN_KEEP))
        first = self.trees(table, np.flatnonzero(right), FIRST)
        table = np.vstack([features.second_stage(seen, table[a:b], first_scores[a:b]) for seen, a, b in parts])
        second = self.trees(table, np.flatnonzero(right), SECOND)
        weights = np.array([model.coef_.ravel() for model in fitted])
        steps = np.quantile(np.abs(weights[:, self.often]), 0.9995, axis=1) / 127
        rounded = np.clip(np.rint(weights / steps[:, None]), -127, 127)
        quantised = np.where(self.often, rounded, UNSEEN).astype(np.int8)
        intercepts = np.array([model.intercept_[0] for model in fitted])
        return Model(self.lexicon, quantised, steps, intercepts, flat(first), flat(second))


def flat(model: lightgbm.LGBMClassifier) -> Trees:
    """Return LightGBM's trees as flat arrays."""
    nodes: list[list[float]] = []  # feature, threshold, left, right, value
    depth = 0

    def add(node: dict, level: int) -> int:
        nonlocal depth
        depth = max(depth, level)
        at = len(nodes)
        if "leaf_value" in node:
            nodes.append([0, np.inf, at, at, node["leaf_value"]])
            return at
        # features are float32: the greatest float32 that is not above the threshold splits them alike
        edge = np.float32(node["threshold"])
        edge = np.nextafter(edge, np.float32(-np.inf)) if edge > node["threshold"] else edge
        nodes.append([node["split_feature"], edge, 0, 0, 0])
        nodes[at][2:4] = add(node["left_child"], level + 1), add(node["right_child"], level + 1)
        return at

    roots = [add(tree["tree_structure"], 0) for tree in model.booster_.dump_model()["tree_info"]]
    table = np.array(nodes)
    return Trees(
        np.array(roots, dtype=np.int32),
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.float32),
        table[:, 2:4].astype(np.int32).ravel(),
        table[:, 4].astype(np.float32),
        depth,
    )


def train(texts: Sequence[Text], fold: int | None, path: Path) -> tuple[int | None, float]:
    """Train on all sites but those of a fold, write the model, and return the fold and the seconds it took."""
    start = time.perf_counter()
    save(Training([text for text in texts if fold is None or fold_of(text.site) != fold]).model(), path)
    return fold, time.perf_counter() - start


def main() -> None:
    """Train per fold, and on all sites where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with dev.jsonl.gz")
    parser.add_argument("--folds", type=Path, default=ROOT / "build" / "line-folds", help="where fold models go")
    parser.add_argument("--only", choices=("folds", "all"), help="train only these models")
    parser.add_argument("--write", action="store_true", help="write cleaners/model/lines.npz, from all sites")
    arguments = parser.parse_args()
    with gzip.open(arguments.data / "dev.jsonl.gz", "rt", encoding="utf-8") as rows, ProcessPoolExecutor(2) as pool:
        texts = [text for text in pool.map(prepared, rows, chunksize=32) if text.lines]
    print(f"{len(texts)} texts, {sum(len(text.lines) for text in texts)} lines, {len({t.site for t in texts})} sites")
    arguments.folds.mkdir(parents=True, exist_ok=True)
    jobs = [] if arguments.only == "all" else [(fold, arguments.folds / f"{fold}.npz") for fold in range(FOLDS)]
    jobs += [(None, ROOT / "cleaners" / "model" / "lines.npz")] if arguments.write else []
    with ProcessPoolExecutor(2) as pool:
        for fold, seconds in pool.map(train, *zip(*((texts, *job) for job in jobs), strict=True)):
            print(f"{'all sites' if fold is None else f'fold {fold}'}: {seconds:.0f} s", flush=True)
    if arguments.write:
        remember(text.site for text in texts)


if __name__ == "__main__":
    main()
