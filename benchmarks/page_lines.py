"""Labelled texts made of whole pages that are no articles: more boilerplate for the line model, from more sites.

Each page is read as text in two ways, everything on it and what an extractor keeps when set to keep more, and a line is
boilerplate if the page's truth lacks it. These labels are rougher than those of the article texts. Needs the `quality`
extra.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import trafilatura
from line_scores import survivors
from resiliparse.extract.html2text import extract_plain_text

_FEWEST, _MOST = 6, 320
_LARGEST = 1_500_000
_LISTING = frozenset({"listing", "collection", "product", "forum"})
_SHORT = 100
"""What the truth of such pages lacks of shorter lines (prices, names, counters) may well be what they are about."""


def rows(pages: Path) -> Iterator[str]:
    """Yield, for each page set in a folder that tells the types of its pages, rows like those of `dev.jsonl.gz`."""
    for truth in sorted(pages.glob("*/truth.jsonl.gz")):
        with gzip.open(truth, "rt", encoding="utf-8") as lines:
            for item in map(json.loads, lines):
                if item.get("type") not in (None, "article") and (item["text"] or "").strip():
                    yield from _of_page(item, truth.parent / "pages" / f"{item['id']}.html.gz")


def _of_page(item: dict[str, str], file: Path) -> Iterator[str]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as page:
        html = page.read()
    if len(html) > _LARGEST:
        return
    everything = extract_plain_text(html, main_content=False, alt_texts=False, links=False)
    kept = trafilatura.extract(html, favor_recall=True, include_comments=False) or ""
    for number, text in enumerate((everything, kept)):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if _FEWEST <= len(lines) <= _MOST:
            judged = [
                {"text": line, "keep": None if _unsure(line, good, item["type"]) else good}
                for line, good in zip(lines, survivors(lines, item["text"]), strict=True)
            ]
            yield json.dumps(
                {"id": f"{item['id']}:{number}", "url": item["url"], "site": item["site"], "lines": judged}
            )


def _unsure(line: str, good: bool, kind: str) -> bool:
    return not good and kind in _LISTING and len(line) < _SHORT
