"""Trains the line model: one for each fold of sites, for honest figures (score_lines.py), and one on all sites.

    python benchmarks/train_lines.py DATA --pages PAGES           # models per fold, in build/line-folds
    python benchmarks/train_lines.py DATA --pages PAGES --write   # and cleaners/model/lines.npz, from all sites

DATA is a folder with `dev.jsonl.gz`: one text a line, `{id, url, site, set, lang, lines: [{text, keep, zone}]}`, keep
true, false or null (not judged). PAGES has a folder a page set, with `truth.jsonl.gz` and `pages/<id>.html.gz`: pages
that are no articles make more texts (`page_lines.py`). Needs the `quality` extra, which cleaning itself does not.
"""

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import line_network
import numpy as np
import page_lines
import scipy.sparse
from folds import FOLDS, fold_of
from unseen import remember

from cleaners import language, ledger
from cleaners.catalogue import CLEANERS
from cleaners.lines import has_word
from cleaners.matching import split_lines
from cleaners.model import features, lexicon, words
from cleaners.model.links import link_shares
from cleaners.model.network import coded
from cleaners.model.weights import BITS, Model, save
from schemas.edit import Step
from schemas.page import Document

ROOT = Path(__file__).parents[1]
SITES, OFTEN = 5, 8
"""A word is known if it stands on so many sites, and a word, pair or triple has weights if it stands on so many."""
NETWORKS = 4
"""Networks whose scores are averaged."""
PART, FEWEST = 0.3, 6
"""Up to this share of a text's lines is left out to make another text of it, if so many are left."""
ROUGH = 0.3
"""What labels of whole pages count for: they are many, and rougher."""


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled text as the model meets it: rules have run, `labels` has 1 for boilerplate, 0, -1 not judged.

    `trust` is what these labels count for.
    """

    site: str
    page: str
    url: str
    lines: tuple[str, ...]
    links: tuple[float, ...]
    labels: np.ndarray
    trust: float


def prepared(row: str, trust: float = 1.0) -> Text:
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
        *(item["site"], page, item["url"], texts, tuple(link_shares(source, texts))),
        *(np.array(labels, dtype=np.int64), trust),
    )


def thinned(text: Text, random: np.random.Generator) -> Text | None:
    """Return the text without up to three tenths of its lines; None if too few are left."""
    return _only(text, random.random(len(text.lines)) >= PART * random.random())


def cut(text: Text, random: np.random.Generator) -> Text | None:
    """Return the text without up to three tenths at its beginning, at its end, and amid it; None if few are left."""
    size = len(text.lines)
    at = np.arange(size)
    from_start, from_end, amid = (int(PART * random.random() * size) * (random.random() < 0.5) for _ in range(3))
    place = random.integers(size)
    return _only(text, (at >= from_start) & (at < size - from_end) & ((at < place) | (at >= place + amid)))


def _only(text: Text, stays: np.ndarray) -> Text | None:
    places = np.flatnonzero(stays).tolist()
    if not FEWEST <= len(places) < len(text.lines):
        return None
    lines, links = (tuple(of[place] for place in places) for of in (text.lines, text.links))
    return replace(text, lines=lines, links=links, labels=text.labels[places])


def vocabulary(texts: Iterable[Text]) -> lexicon.Lexicon:
    """Return the words that stand at the ends of lines of SITES sites or more, numbered in order."""
    sites, nothing = defaultdict(set), lexicon.lexicon([], np.zeros(lexicon.FIRST_WORD, dtype=np.float32))
    for text in texts:
        for word in words.read(text.lines, nothing).spelled():
            sites[word].add(text.site)
    often = {word for word, on in sites.items() if len(on) >= SITES and not word[0].isdigit()}
    spelled = sorted(often.union(*lexicon.KINDS))
    total = len({text.site for text in texts})
    # a word that is not known is rarer than any that is; a number says little
    most = np.log2(total / (SITES - 1))
    bits = [np.log2(total / len(sites[word])) if word in often else most for word in spelled]
    return lexicon.lexicon(spelled, np.array([most, 0, 0, 0, 0, *bits], dtype=np.float32))


class Training:
    """Texts, looked at with one vocabulary, and the model fitted on them."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.lexicon = vocabulary(texts)
        seen = [features.see([features.Text(text.lines, text.links, text.url)], self.lexicon) for text in texts]
        self.labels = np.concatenate([text.labels for text in texts])
        sizes = np.array([len(text.lines) for text in texts])
        starts = np.cumsum(sizes) - sizes
        measures = np.vstack([one.measures for one in seen])
        self.edges = line_network.coding(measures)
        # row by row in memory: the order in which means of codes, and products with real weights, are summed
        codes = np.ascontiguousarray(coded(measures, np.vstack([one.ends for one in seen]), self.edges))
        self.shape = line_network.spread(codes, measures.shape[1])
        codes = ((codes - self.shape[0]) / self.shape[1]).astype(np.float32)
        sites = np.unique([text.site for text in texts], return_inverse=True)[1]
        self.often, known = self._grams(seen, starts, np.repeat(sites, sizes))
        self.lines = line_network.Lines(known, codes, starts, sizes)
        pages = defaultdict(list)
        for number, text in enumerate(texts):
            pages[text.page].append(number)
        # several texts of one page say little more than one, and of two whole pages one is drawn at a time
        self.trust = np.array([text.trust for text in texts])
        rough = [pages[page] for page in sorted(pages) if self.trust[pages[page][0]] < 1]
        self.pages = [pages[page] for page in sorted(pages) if self.trust[pages[page][0]] == 1]
        self.pages += [list(chain.from_iterable(rough[at : at + 2])) for at in range(0, len(rough), 2)]

    def _grams(
        self, seen: Sequence[features.Seen], starts: np.ndarray, sites: np.ndarray
    ) -> tuple[np.ndarray, scipy.sparse.csr_matrix]:
        width = len(self.lexicon.rarity)
        row = np.concatenate([one.row + start for one, start in zip(seen, starts, strict=True)])
        rows, found = words.grams(row, np.concatenate([one.sequence for one in seen]), BITS, width)
        shape = (len(sites), width + (1 << BITS))
        table = scipy.sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, found)), shape=shape)
        by_site = scipy.sparse.csr_matrix((np.ones(len(sites)), (sites, np.arange(len(sites))))) @ table
        often = np.asarray((by_site > 0).sum(axis=0)).ravel() >= OFTEN
        table = table[:, np.flatnonzero(often)]
        counts = np.asarray(table.sum(axis=1)).ravel()
        return often, (scipy.sparse.diags((1 / np.sqrt(np.maximum(1, counts))).astype(np.float32)) @ table).tocsr()

    def model(self) -> Model:
        """Fit the networks, and return them in whole numbers."""
        fits = [line_network.fit(self.lines, self.labels, self.trust, self.pages, seed) for seed in range(NETWORKS)]
        return Model(self.lexicon, line_network.quantised(fits, self.edges, self.often, self.shape))


def train(texts: Sequence[Text], fold: int | None, path: Path) -> tuple[int | None, float]:
    """Train on all sites but those of a fold, write the model, and return the fold and the seconds it took."""
    start = time.perf_counter()
    chosen = [text for text in texts if fold is None or fold_of(text.site) != fold]
    random = np.random.default_rng(0)
    fewer = [less for text in chosen for less in (thinned(text, random), cut(text, random)) if less]
    save(Training([*chosen, *fewer]).model(), path)
    return fold, time.perf_counter() - start


def main() -> None:
    """Train per fold, and on all sites where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with dev.jsonl.gz")
    parser.add_argument("--pages", type=Path, help="folder with page sets, for texts of pages that are no articles")
    parser.add_argument("--folds", type=Path, default=ROOT / "build" / "line-folds", help="where fold models go")
    parser.add_argument("--only", choices=("folds", "all"), help="train only these models")
    parser.add_argument("--write", action="store_true", help="write cleaners/model/lines.npz, from all sites")
    arguments = parser.parse_args()
    with gzip.open(arguments.data / "dev.jsonl.gz", "rt", encoding="utf-8") as rows, ProcessPoolExecutor(2) as pool:
        texts = [text for text in pool.map(prepared, rows, chunksize=32) if text.lines]
        more = page_lines.rows(arguments.pages) if arguments.pages else ()
        texts += [text for text in pool.map(partial(prepared, trust=ROUGH), more, chunksize=32) if text.lines]
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
