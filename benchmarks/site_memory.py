"""Prints what a site memory adds, and what it takes wrongly, on pages that it has not counted.

    PYTHONPATH=. python benchmarks/site_memory.py DATA

DATA has folders with `pages/<id>.html.gz` and `truth.jsonl.gz` (rows with `id`, `url`, `site`, `title` and `text`, the
main text of the page). Each page of a site with eleven pages or more is read whole, menus and all, as a text would be
that a careless crawler left; all cleaners clean it without a memory, and with one counted on the site's other pages. A
line is good if the truth has it, letter by letter: as a line, or, from 20 letters on, within one.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cleaners.clean import clean
from cleaners.extract.tags import strip_tags
from cleaners.ledger import flatten
from cleaners.matching import split_lines
from cleaners.recurrence import FEWEST_DOCUMENTS, SiteCount, site_of
from schemas.memory import Origin, SiteMemory, parse_memory, spell
from schemas.page import Cleaned, Page

_ORIGIN = Origin("0" * 32, 1, "0" * 64, 0, "benchmark")
_LETTERS = 20


def main() -> None:
    """Print a row for each site."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the good lines that the memory takes")
    arguments = parser.parse_args()
    sites: dict[str, list[tuple[Page, str]]] = {}
    for row, html in _rows(arguments.data):
        page = Page(strip_tags(html).encode(), "text/plain", row["url"], "utf-8", row["title"] or None)
        sites.setdefault(row["site"], []).append((page, row["text"]))
    print(
        "| site | pages | to drop | dropped | with memory | good | lost | with memory | memory took | good of these |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    total: Counter[str] = Counter()
    for site, pages in sorted(sites.items()):
        if len(pages) > FEWEST_DOCUMENTS:
            counts = _site(site, pages, show=arguments.wrong)
            total += counts
            _print(site, counts)
    _print("all", total)


def _rows(data: Path) -> Iterator[tuple[dict[str, str], str]]:
    for file in sorted(data.glob("*/truth.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                page = file.parent / "pages" / f"{row['id']}.html.gz"
                if row["text"] and page.exists():
                    yield row, gzip.decompress(page.read_bytes()).decode("utf-8", "replace")


def _site(site: str, pages: list[tuple[Page, str]], *, show: bool) -> Counter[str]:
    counts: Counter[str] = Counter(pages=len(pages))
    for number, (page, truth) in enumerate(pages):
        memory = _memory(site, [other for place, (other, _) in enumerate(pages) if place != number])
        at_home = Page(page.body, page.media_type, f"https://{site}/", page.charset, page.title)
        alone, helped = clean(at_home, "keep-source"), clean(at_home, "keep-source", memory=memory)
        good = _good(alone.extracted, truth)
        taken = _taken(helped, "memory:")
        counts["good"] += len(good)
        counts["drop"] += len(_lines(alone.extracted)) - len(good)
        counts["alone"] += len(_taken(alone, "") - good)
        counts["helped"] += len(_taken(helped, "") - good)
        counts["lost alone"] += len(_taken(alone, "") & good)
        counts["lost helped"] += len(_taken(helped, "") & good)
        counts["taken"] += len(taken)
        counts["wrong"] += len(taken & good)
        if show:
            for start in sorted(taken & good):
                print(alone.extracted[start:].partition("\n")[0])
    return counts


def _memory(site: str, others: list[Page]) -> SiteMemory:
    count = SiteCount(site_of(f"https://{site}/") or "")
    for other in others:
        count.add(other.body.decode())
    return parse_memory(spell(_ORIGIN, list(count.shared())), "memory")


def _lines(text: str) -> dict[int, str]:
    """Map where each line with a letter or digit begins to its letters."""
    return {line.start: letters for line in split_lines(text) if (letters := _letters(line.text))}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _good(text: str, truth: str) -> set[int]:
    lines, whole = set(map(_letters, truth.split("\n"))), _letters(truth)
    return {
        start
        for start, letters in _lines(text).items()
        if letters in lines or (len(letters) > _LETTERS and letters in whole)
    }


def _taken(cleaned: Cleaned, rule: str) -> set[int]:
    """Return the lines that left whole, by rules that begin with `rule`."""
    gone = [edit for edit in flatten(cleaned.steps) if not edit.after.strip() and rule in edit.rule]
    lines = split_lines(cleaned.extracted)
    inside = {
        line.start
        for edit in gone
        for line in lines
        if edit.start <= line.start and line.start + len(cleaned.extracted[line.start : line.end].rstrip()) <= edit.end
    }
    return inside & _lines(cleaned.extracted).keys()


def _print(site: str, counts: Counter[str]) -> None:
    recall = [f"{100 * counts[name] / max(1, counts['drop']):.1f}%" for name in ("alone", "helped")]
    numbers = [counts[name] for name in ("good", "lost alone", "lost helped", "taken", "wrong")]
    cells = (site, counts["pages"], counts["drop"], *recall, *numbers)
    print("|", " | ".join(map(str, cells)), "|")


if __name__ == "__main__":
    main()
