"""Prints how much faster extraction is than trafilatura, and where its time goes.

    PYTHONPATH=. python benchmarks/speed.py PAGES [--every N] [--rounds N]

PAGES holds a folder a page set: `pages/<id>.html.gz`, and `truth.jsonl.gz` with id, url and, where not all pages are
articles, type.
Every Nth page is read by ours and by `trafilatura.bare_extraction(html, url=url, with_metadata=True,
include_comments=False)`, in turn in one process, in CPU time (`time.process_time`). Second opinions are in it, the
account of the blocks is not: `clean` without `--ledger` makes none. Of several rounds the fastest counts, for each page
and each of the two; what is loaded once is loaded before. Steps are timed in rounds of their own, and one may be a part
of another.
"""

import argparse
import gzip
import json
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import trafilatura

from cleaners.extract import article, model, page
from cleaners.extract.page import extract

_STEPS: tuple[tuple[ModuleType | type, str, str], ...] = (
    (page, "strain", "guard against hostile pages"),
    (page, "parse", "tree"),
    (page, "read_blocks", "blocks"),
    (page, "read_head", "head"),
    (page, "read_metadata", "metadata"),
    (model, "Measure", "measuring blocks"),
    (model.Measure, "table", "feature table"),
    (model, "context", "context"),
    (article, "choose", "choice"),
    (article, "sift", "comments and strays"),
    (article, "doubt", "doubt"),
    (article, "compose", "text of the blocks"),
    (article, "kinds", "kinds"),
    (page.SecondOpinion, "text", "second opinion"),
    (page, "judge", "verdict"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A page to be read, the set it is from, and whether it is an article."""

    source: str
    article: bool
    html: str
    url: str | None


def main() -> None:
    """Print the table for a folder of page sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--every", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    cases = list(_cases(options.pages, options.every))
    for case in cases[:20]:
        _ours(case)
        _theirs(case)
    read = [(_fastest(_ours, case, options.rounds), _fastest(_theirs, case, options.rounds)) for case in cases]
    print(f"{len(cases)} pages, load {os.getloadavg()[0]:.1f}")
    for source in sorted({case.source for case in cases}):
        _print(f"articles, {source}", [t for c, t in zip(cases, read, strict=True) if c.article and c.source == source])
    _print("articles", [t for c, t in zip(cases, read, strict=True) if c.article])
    _print("all types", read)
    _print_steps([case for case in cases if case.article], options.rounds)


def _cases(folder: Path, every: int) -> Iterator[Case]:
    for truth in sorted(folder.glob("*/truth.jsonl.gz")):
        with gzip.open(truth, "rt", encoding="utf-8") as lines:
            for row in [json.loads(line) for line in lines][::every]:
                packed = truth.parent / "pages" / f"{row['id']}.html.gz"
                html = gzip.decompress(packed.read_bytes()).decode("utf-8", "replace")
                yield Case(truth.parent.name, row.get("type", "article") == "article", html, row.get("url"))


def _ours(case: Case) -> None:
    extract(case.html, case.url, None)


def _theirs(case: Case) -> None:
    trafilatura.bare_extraction(case.html, url=case.url, with_metadata=True, include_comments=False)


def _seconds(read: Callable[[Case], None], case: Case) -> float:
    start = time.process_time()
    read(case)
    return time.process_time() - start


def _fastest(read: Callable[[Case], None], case: Case, rounds: int) -> float:
    return min(_seconds(read, case) for _ in range(rounds))


def _print(name: str, times: list[tuple[float, float]]) -> None:
    if times:
        ours, theirs = (1_000 * sum(column) / len(times) for column in zip(*times, strict=True))
        both = f"ours {ours:6.2f} ms  trafilatura {theirs:6.2f} ms"
        print(f"{name:28} {len(times):5} pages  {both}  {theirs / ours:.2f} times")


def _print_steps(cases: list[Case], rounds: int) -> None:
    """Print what each step takes of a page's time, in milliseconds."""
    spent: Counter[str] = Counter()
    for place, name, label in _STEPS:
        setattr(place, name, _timed(getattr(place, name), label, spent))
    model_loaded = model.load()
    for name in ("first", "second", "sure", "better"):
        trees = getattr(model_loaded, name)
        trees.predict = _timed(trees.predict, f"trees, {name}", spent)
    whole = sum(_seconds(_ours, case) for case in cases for _ in range(rounds))
    count = rounds * len(cases)
    for label, seconds in (("a page", whole), *spent.most_common()):
        print(f"{label:30} {1_000 * seconds / count:6.2f} ms  {seconds / whole:5.1%}")


def _timed(step: Callable[..., object], label: str, spent: Counter[str]) -> Callable[..., object]:
    def timed(*arguments: object, **named: object) -> object:
        start = time.process_time()
        try:
            return step(*arguments, **named)
        finally:
            spent[label] += time.process_time() - start

    return timed


if __name__ == "__main__":
    main()
