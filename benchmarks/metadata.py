"""Prints how often title, authors and date of pages are right, wrong and missing: ours beside trafilatura's.

    python benchmarks/metadata.py DATA [--half A|B] [--misses FIELD]

DATA holds a folder a page set: `truth.jsonl.gz` with id, url, site, title, author and date, and `pages/<id>.html.gz`.
A page belongs to half A or B by the digest of its site. What is compared, and how it is made alike:

title    letters and digits without case, accents composed (NFKC); marks, quotes and white space do not count
authors  the set of names, each made alike as a title is; the truth is split at ", ; & and", ours as it is given
date     the day: of both as written, or of both in UTC

`right` and `wrong` are shares of the pages whose truth has the field; the rest is missing. `unasked` counts pages
whose truth has no such field and that got one all the same: many of those are right, for truths leave fields open.
"""

import argparse
import gzip
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from folds import half_of
from trafilatura.settings import Document

from cleaners.extract.page import extract

FIELDS = ("title", "authors", "date")
_MARKS = re.compile(r"[\W_]+")
_BETWEEN = re.compile(r"\s*[,;&|]\s*|\s+(?:and|und|et|y)\s+")


@dataclass(frozen=True, slots=True)
class Found:
    """What is said of one page, in the form in which answers are compared."""

    title: str
    authors: frozenset[str]
    date: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A page and its truth."""

    group: str
    name: str
    url: str
    site: str
    html: str
    truth: Found

    @property
    def half(self) -> str:
        """Half of the data, the same for all pages of a site."""
        return half_of(self.site)


def read_cases(folder: Path, half: str | None) -> Iterator[Case]:
    """Yield the pages of one half, or all of them."""
    for truth in sorted(folder.glob("*/truth.jsonl.gz")):
        for line in gzip.decompress(truth.read_bytes()).decode("utf-8").strip().split("\n"):
            row = json.loads(line)
            page = truth.parent / "pages" / f"{row['id']}.html.gz"
            author = row.get("author") or ""
            found = Found(alike(row.get("title")), people(_BETWEEN.split(author)), days(row.get("date")))
            with gzip.open(page, "rt", encoding="utf-8", newline="") as file:
                case = Case(truth.parent.name, row["id"], row["url"], row["site"], file.read(), found)
            if half in {None, case.half}:
                yield case


def alike(text: str | None) -> str:
    """Return a text in the form in which titles and names are compared."""
    return _MARKS.sub(" ", unicodedata.normalize("NFKC", text or "")).strip().casefold()


def people(names: list[str]) -> frozenset[str]:
    """Return names in the form in which they are compared."""
    return frozenset(filter(None, map(alike, names)))


def days(date: str | None) -> frozenset[str]:
    """Return the days that a date may be: as it is written, and in UTC."""
    if not date:
        return frozenset()
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return frozenset((date[:10],))
    return frozenset((date[:10], (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()))


def ours(case: Case) -> Found:
    """Return what cleancopy says of a page."""
    found = extract(case.html, case.url, None).metadata
    date = found.published.value if found.published else None
    return Found(alike(found.title), people(list(found.authors)), days(date))


def theirs(case: Case) -> Found:
    """Return what trafilatura says of a page."""
    found = trafilatura.bare_extraction(case.html, url=case.url, with_metadata=True, include_comments=False)
    if not isinstance(found, Document):
        return Found("", frozenset(), frozenset())
    return Found(alike(found.title), people((found.author or "").split(";")), days(found.date))


def judge(found: Found, truth: Found, field: str) -> str:
    """Return right, wrong or missing, where the truth has the field; unasked or unasked-missing where it has not."""
    said, true = getattr(found, field), getattr(truth, field)
    if not true:
        return "unasked" if said else "both-none"
    if not said:
        return "missing"
    return "right" if (said & true if field == "date" else said == true) else "wrong"


def main() -> None:
    """Print a row for each page set, field and reader; with --misses, each page that ours gets wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices=("A", "B"))
    parser.add_argument("--misses", choices=FIELDS, help="list what ours gets wrong in this field, and ask nobody else")
    options = parser.parse_args()
    readers: dict[str, Callable[[Case], Found]] = {"ours": ours}
    if not options.misses:
        readers["trafilatura"] = theirs
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    seconds: Counter[str] = Counter()
    for case in read_cases(options.data, options.half):
        for reader, read in readers.items():
            start = time.process_time()
            found = read(case)
            seconds[reader] += time.process_time() - start
            for field in FIELDS:
                judged = judge(found, case.truth, field)
                counts.setdefault((case.group, field, reader), Counter())[judged] += 1
                if options.misses == field and judged in {"wrong", "missing", "unasked"}:
                    print(judged, case.group, case.name, getattr(found, field), getattr(case.truth, field), sep="\t")
    print(
        f"{'set':<10} {'field':<8} {'reader':<12} {'asked':>6} {'right':>7} {'wrong':>7} {'missing':>8} {'unasked':>8}"
    )
    for (group, field, reader), judged in sorted(counts.items()):
        asked = judged["right"] + judged["wrong"] + judged["missing"]
        if asked:
            shares = " ".join(f"{judged[name] / asked:>7.1%}" for name in ("right", "wrong", "missing"))
            print(f"{group:<10} {field:<8} {reader:<12} {asked:>6} {shares:>24} {judged['unasked']:>8}")
    print(*(f"{reader}: {spent:.0f} s" for reader, spent in seconds.items()), sep=", ")


if __name__ == "__main__":
    main()
