"""Prints how much faster extraction is than trafilatura, and where its time goes.

    PYTHONPATH=. python benchmarks/speed.py PAGES [--every N] [--rounds N] [--together N]

PAGES holds a folder a page set: `pages/<id>.html.gz`, and `truth.jsonl.gz` with id, url and, where not all pages are
articles, type.
Every Nth page is read by ours, alone and together with others as batches and `clean --jsonl` read it, and by
`trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)`, in turn in one process, in CPU
time (`time.process_time`). Second opinions, metadata and the account of the blocks are in it. Of several rounds the
fastest counts, for each page and each reader, so what was met in the first round is remembered in the next; `new` is
the first round of pages read together, of which nothing was met before. Together are articles of one set, or its other
pages; a page's time is its share of theirs by the characters it has. What is loaded once is loaded before. Steps are
timed in rounds of their own, over articles read together, and one may be a part of another.
"""

import argparse
import gzip
import json
import logging
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import trafilatura

from cleaners.extract import article, model, page
from cleaners.extract.page import Source, extract, extract_many

_T = TypeVar("_T")
_STEPS: tuple[tuple[ModuleType | type, str, str], ...] = (
    (page, "strain", "guard against hostile pages"),
    (page, "parse", "tree"),
    (page, "read_blocks", "blocks"),
    (page, "read_head", "head"),
    (page, "read_metadata", "metadata"),
    (model, "Measures", "measuring blocks"),
    (model, "table", "feature table"),
    (model, "context", "context"),
    (article, "choose", "choice"),
    (article, "sift", "comments and strays"),
    (article, "doubt", "doubt"),
    (article, "compose", "text of the blocks"),
    (article, "kinds", "kinds"),
    (page.SecondOpinion, "text", "second opinion"),
    (page, "account", "account"),
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
    parser.add_argument("--together", type=int, default=16)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    cases = list(_cases(options.pages, options.every))
    for case in list(_cases(options.pages, options.every, options.every // 2))[:20]:
        _alone(case)
        _theirs(case)
    times: list[dict[str, float]] = [{} for _ in cases]
    for kind in dict.fromkeys((case.source, case.article) for case in cases):
        numbers = [number for number, case in enumerate(cases) if (case.source, case.article) == kind]
        for start in range(0, len(numbers), options.together):
            some = numbers[start : start + options.together]
            for number, found in zip(some, _measured([cases[n] for n in some], options.rounds), strict=True):
                times[number] = found
    print(f"{len(cases)} pages, {options.together} together, load {os.getloadavg()[0]:.1f}")
    for source in sorted({case.source for case in cases}):
        _print(
            f"articles, {source}", [t for c, t in zip(cases, times, strict=True) if c.article and c.source == source]
        )
    _print("articles", [t for c, t in zip(cases, times, strict=True) if c.article])
    _print("all types", times)
    _print_steps([case for case in cases if case.article], options.rounds, options.together)


def _measured(cases: list[Case], rounds: int) -> list[dict[str, float]]:
    """Return for each page the CPU seconds that each reader takes for it."""
    first = _seconds(_together, cases)
    together, theirs = first, [math.inf] * len(cases)
    alone = list(theirs)
    for _ in range(rounds):
        for number, case in enumerate(cases):
            theirs[number] = min(theirs[number], _seconds(_theirs, case))
            alone[number] = min(alone[number], _seconds(_alone, case))
        together = min(together, _seconds(_together, cases))
    whole = max(sum(len(case.html) for case in cases), 1)
    return [
        {"new": first * part, "together": together * part, "alone": own, "theirs": other}
        for part, own, other in zip((len(case.html) / whole for case in cases), alone, theirs, strict=True)
    ]


def _cases(folder: Path, every: int, first: int = 0) -> Iterator[Case]:
    for truth in sorted(folder.glob("*/truth.jsonl.gz")):
        with gzip.open(truth, "rt", encoding="utf-8") as lines:
            for row in [json.loads(line) for line in lines][first::every]:
                packed = truth.parent / "pages" / f"{row['id']}.html.gz"
                html = gzip.decompress(packed.read_bytes()).decode("utf-8", "replace")
                yield Case(truth.parent.name, row.get("type", "article") == "article", html, row.get("url"))


def _alone(case: Case) -> None:
    extract(case.html, case.url, None)


def _together(cases: list[Case]) -> None:
    extract_many([Source(case.html, case.url) for case in cases])


def _theirs(case: Case) -> None:
    trafilatura.bare_extraction(case.html, url=case.url, with_metadata=True, include_comments=False)


def _seconds(read: Callable[[_T], None], what: _T) -> float:
    start = time.process_time()
    read(what)
    return time.process_time() - start


def _print(name: str, times: list[dict[str, float]]) -> None:
    if times:
        mean = {reader: 1_000 * sum(one[reader] for one in times) / len(times) for reader in times[0]}
        ours = "  ".join(
            f"{reader} {mean[reader]:6.2f} ms, {mean['theirs'] / mean[reader]:.2f} times"
            for reader in ("together", "new", "alone")
        )
        print(f"{name:26} {len(times):4} pages  trafilatura {mean['theirs']:6.2f} ms  {ours}")


def _print_steps(cases: list[Case], rounds: int, together: int) -> None:
    """Print what each step takes of a page's time, in milliseconds."""
    spent: Counter[str] = Counter()
    for place, name, label in _STEPS:
        setattr(place, name, _timed(getattr(place, name), label, spent))
    model_loaded = model.load()
    for name in ("first", "second", "sure", "better"):
        trees = getattr(model_loaded, name)
        trees.predict = _timed(trees.predict, f"trees, {name}", spent)
    batches = [cases[start : start + together] for start in range(0, len(cases), together)]
    whole = sum(_seconds(_together, batch) for batch in batches for _ in range(rounds))
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
