"""Measures what each text cleaner costs a page, in ms of CPU time and as a share of `trafilatura.extract` on that page.

    OPENBLAS_NUM_THREADS=1 PYTHONPATH=. python benchmarks/cleaners_cost.py PAGES_FOLDER [--every N]

PAGES_FOLDER holds pages, `*.html` or `*.html.gz`, also in folders of its own. The text to clean is what trafilatura
extracts, given as text: the line model runs only on such. Extracting and cleaning are timed in turn, page by page, in
one process, with one thread for numpy as the command line has it. Every other page only warms up what is loaded and
remembered, as do the first lines of each, and the examples of all rules: they do not count.

Each text is cleaned alone. After every 16 of them their pages are extracted once more, and the line model is asked
about the 16 texts together, as `cleancopy clean --jsonl` and runs ask it: that is the row "line model, 16 together".
"all, 16 together" has it in place of "model", which is asked about each text alone; the other parts look at one text at
a time either way.
"""

import argparse
import gc
import gzip
import os
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import trafilatura

from cleaners import language, ledger, lines, names
from cleaners.catalogue import CLEANERS
from cleaners.clean import TOGETHER
from cleaners.matching import engine
from cleaners.rulesets import ALL, read_ruleset
from schemas.edit import Edit, Step
from schemas.page import Document

Result = TypeVar("Result")
POLICY = "keep-source"
WARMING = 8
"""Lines: enough for the line model to look at a text."""


@dataclass(slots=True)
class Clock:
    """Seconds of CPU time by what they were spent on."""

    spent: defaultdict[str, float]

    def time(self, on: str, work: Callable[[], Result]) -> Result:
        """Return what the work gives."""
        start = time.process_time()
        result = work()
        self.spent[on] += time.process_time() - start
        return result


def clean(text: str, clock: Clock) -> Document:
    """Clean a text as `cleaners.clean` does, each part by the clock; return what the line model was asked about."""
    judge = language.Judge()
    spoken = clock.time("language, twice", lambda: judge.of(text))
    document = Document(text, language=spoken.lang, policy=POLICY, source=text, others=spoken.others)
    steps: list[Step] = []
    asked = document
    for cleaner in CLEANERS:
        now = document
        if cleaner is lines.CLEANER:
            asked = now
        edits = clock.time(cleaner.name, lambda c=cleaner, now=now: tuple(ledger.settle(c.propose(now))))
        if edits:
            steps.append(Step(cleaner.name, cleaner.version, edits))
            changed = clock.time("ledger", lambda now=now, edits=edits: ledger.apply(now.text, edits))
            document = replace(document, text=changed)
    clock.time("ledger", lambda: ledger.revert(document.text, steps))
    spoken = clock.time("language, twice", lambda: judge.of(document.text))
    clock.time("names", lambda: names.mentions(text, document.text, steps, (spoken.lang, *spoken.others)))
    return asked


def ask(documents: list[Document]) -> list[list[Edit]]:
    """Ask the line model about documents together."""
    questions = [question for document in documents if (question := lines.question(document))]
    return [ledger.settle(edits) for edits in lines.answers(questions, lines.model())]


def warm_rules() -> None:
    """Match the examples of all rules, whose patterns are made ready when they are first asked."""
    rules = [rule for name in ALL for rule in read_ruleset(name).rules]
    engine("und").scan("\n".join(text for rule in rules for text in rule.removes), ALL)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every so manieth page")
    arguments = parser.parse_args()
    paths = sorted(p for p in arguments.folder.rglob("*") if p.name.endswith((".html", ".html.gz")))[:: arguments.every]
    raw = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]
    pages = [body.decode("utf-8", "replace") for body in raw]
    texts = [(page, text) for page in pages if (text := trafilatura.extract(page))]
    if not texts:
        parser.error(f"{arguments.folder}: no page with text in it")
    warm_rules()
    for number, (_, text) in enumerate(texts):
        # the marks keep what is remembered of these lines from helping when they are timed
        warming = text if number % 2 else " -\n".join(text.split("\n")[:WARMING])
        clean(warming, Clock(defaultdict(float)))
    texts = texts[::2]
    # one look of the garbage collector at all that is loaded takes as long as ten pages, and could fall on any part
    gc.collect()
    gc.freeze()
    clock, whole = Clock(defaultdict(float)), Clock(defaultdict(float))
    for first in range(0, len(texts), TOGETHER):
        some, asked = texts[first : first + TOGETHER], []
        for page, text in some:
            whole.time("extract", lambda page=page: trafilatura.extract(page))
            asked.append(clean(text, clock))
        for page, _ in some:
            trafilatura.extract(page)
        whole.time("together", lambda asked=asked: ask(asked))
    extraction, together, count = whole.spent["extract"], whole.spent["together"], len(texts)
    lengths = sum(len(text) for _, text in texts) // count
    every = sum(clock.spent.values())
    print(f"{count} pages, {lengths} characters of text each; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'trafilatura.extract':<25} {1000 * extraction / count:7.3f} ms")
    for name, spent in (
        *clock.spent.items(),
        ("all, each alone", every),
        (f"line model, {TOGETHER} together", together),
        (f"all, {TOGETHER} together", every - clock.spent[lines.CLEANER.name] + together),
    ):
        print(f"{name:<25} {1000 * spent / count:7.3f} ms {spent / extraction:7.2%}")


if __name__ == "__main__":
    main()
