"""Prints how well cleancopy and other tools clean a folder of labelled pages and texts.

    make quality DATA=folder
    make quality DATA=folder SAMPLE=10        # every tenth site

The folder holds sets of pages, `html/<set>/truth.jsonl.gz` with id, url, site, type, text, lang and
`html/<set>/pages/<id>.html.gz`, and labelled texts, `lines/*.jsonl.gz` with id, url, site, set, lang and lines, each
`{text, keep}` with keep true, false or null. Either may be missing.

Every page and text is cleaned by models that have not seen its site: those of its fold, which are trained from the
folder first (about half an hour, once; kept in build/quality), or the shipped ones where the site was never trained on.
Names stay as written. The figures are explained in benchmarks/README.md.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import unseen
from line_scores import LabelledLine, LinesScore, score_text
from others import EXTRACTORS, by_justext
from page_scores import PageScore, score_page, score_pages

_T = TypeVar("_T")
OURS = "cleancopy"
EVERYTHING = "as it came"
_MADE_FROM_PAGES = "resili_full"
"""Texts of whole pages, menus and all; the figures are of the close-cut ones."""


@dataclass(frozen=True, slots=True)
class PageCase:
    """One labelled page of a set; `page` is the file of its HTML."""

    group: str
    name: str
    url: str
    site: str
    kind: str
    truth: str
    page: Path


@dataclass(frozen=True, slots=True)
class TextCase:
    """One labelled text."""

    group: str
    name: str
    url: str
    site: str
    language: str
    lines: tuple[LabelledLine, ...]


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        yield from map(json.loads, rows)


def read_pages(data: Path) -> list[PageCase]:
    """Return the pages that have a text, in the order of their sets."""
    return [
        PageCase(
            truth.parent.name,
            *(str(row.get(key) or "") for key in ("id", "url", "site", "type", "text")),
            truth.parent / "pages" / f"{row['id']}.html.gz",
        )
        for truth in sorted(data.glob("html/*/truth.jsonl.gz"))
        for row in _rows(truth)
        if str(row.get("text") or "").strip()
    ]


def read_texts(data: Path) -> list[TextCase]:
    """Return one close-cut text a page: of several, the first of those whose ids draw the smallest number."""
    chosen: dict[str, TextCase] = {}
    for path in sorted(data.glob("lines/*.jsonl.gz")):
        for row in _rows(path):
            if row.get("source_extractor") == _MADE_FROM_PAGES or not row.get("site"):
                continue
            lines = tuple(LabelledLine(line["text"], line["keep"]) for line in row["lines"])
            found = TextCase(*(str(row.get(key) or "") for key in ("set", "id", "url", "site", "lang")), lines)
            page = found.name.rsplit(":", 1)[0]
            if page not in chosen or _draw(found.name) < _draw(chosen[page].name):
                chosen[page] = found
    return list(chosen.values())


def _draw(name: str) -> int:
    return int(hashlib.md5(f"x{name}".encode(), usedforsecurity=False).hexdigest()[:8], 16) % 100


def page_texts(case: PageCase, models: Path | None) -> dict[str, str]:
    """Return what each tool makes of a page; nothing where it fails."""
    with gzip.open(case.page, "rt", encoding="utf-8", newline="") as file:
        html = file.read()
    found = {OURS: unseen.clean_html(html, case.url, case.site, models)}
    for name, extract in EXTRACTORS.items():
        try:
            found[name] = extract(html, case.url)
        except Exception:  # noqa: BLE001 - they raise what they like on odd pages
            found[name] = ""
    return found


def score_case(case: PageCase, models: Path | None) -> dict[str, PageScore]:
    """Return each tool's score of a page."""
    return {name: score_page(case.truth, text) for name, text in page_texts(case, models).items()}


def score_lines_of(case: TextCase, models: Path | None) -> dict[str, tuple[LinesScore, LinesScore]]:
    """Return each tool's counts of a text, by lines and by characters."""
    text = "\n".join(line.text for line in case.lines)
    found = {
        OURS: unseen.clean_text(text, case.url, case.site, models),
        "jusText": by_justext([line.text for line in case.lines], case.language),
        EVERYTHING: text,
    }
    return {name: score_text(case.lines, cleaned) for name, cleaned in found.items()}


def groups_of_pages(cases: Sequence[PageCase]) -> dict[str, list[int]]:
    """Return the sets, and the page types within a set that has several, with the places of their pages."""
    groups: dict[str, list[int]] = defaultdict(list)
    kinds: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        kinds[case.group].add(case.kind)
    for i, case in enumerate(cases):
        groups[case.group].append(i)
        if len(kinds[case.group]) > 1:
            groups[f"{case.group}: {case.kind}"].append(i)
    return dict(sorted(groups.items()))


def page_table(cases: Sequence[PageCase], scores: Sequence[dict[str, PageScore]]) -> list[dict[str, object]]:
    """Return a row for each group and tool."""
    return [
        {"set": group, "tool": tool, **asdict(score_pages([scores[i][tool] for i in members]))}
        for group, members in groups_of_pages(cases).items()
        for tool in (OURS, *EXTRACTORS)
    ]


def line_table(
    cases: Sequence[TextCase], scores: Sequence[dict[str, tuple[LinesScore, LinesScore]]]
) -> list[dict[str, object]]:
    """Return a row for each set and all together, and tool."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, case in enumerate(cases):
        groups[case.group].append(i)
        groups["all"].append(i)
    rows: list[dict[str, object]] = []
    for group, members in sorted(groups.items()):
        for tool in scores[members[0]] if members else ():
            by_line = sum((scores[i][tool][0] for i in members), LinesScore(0, 0, 0, 0))
            by_character = sum((scores[i][tool][1] for i in members), LinesScore(0, 0, 0, 0))
            damaged = sum(scores[i][tool][0].lost > 0 for i in members) / len(members)
            figures = {"drop_f1": by_line.f1, "precision": by_line.precision, "recall": by_line.recall}
            lost = {"lines_lost": by_line.lost_share, "characters_lost": by_character.lost_share, "damaged": damaged}
            rows.append({"set": group, "tool": tool, "texts": len(members), **figures, **lost})
    return rows


def show(rows: Sequence[dict[str, object]]) -> None:
    """Print rows as a Markdown table; shares below one with three digits."""
    if rows:
        print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
        for row in rows:
            print("| " + " | ".join(f"{v:.4f}" if isinstance(v, float) else str(v) for v in row.values()) + " |")
        print(flush=True)


def _progress(results: Iterator[_T], total: int, what: str) -> list[_T]:
    found = []
    for count, result in enumerate(results, 1):
        found.append(result)
        if count % 50 == 0 or count == total:
            print(f"\r{what}: {count} of {total}", end="" if count < total else "\n", file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Train what is missing, clean, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sample", type=int, default=1, help="only every Nth site, by digest")
    parser.add_argument("--only", choices=("html", "lines"), help="only this part")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the tables")
    arguments = parser.parse_args()
    pages = read_pages(arguments.data) if arguments.only != "lines" else []
    texts = read_texts(arguments.data) if arguments.only != "html" else []
    if not pages and not texts:
        parser.error(f"{arguments.data} has neither html/*/truth.jsonl.gz nor lines/*.jsonl.gz")
    models = unseen.prepare(arguments.data)
    pages = [case for case in pages if unseen.digest(case.site) % arguments.sample == 0]
    texts = [case for case in texts if unseen.digest(case.site) % arguments.sample == 0]
    with ProcessPoolExecutor() as pool:
        scored = _progress(pool.map(partial(score_case, models=models), pages, chunksize=5), len(pages), "pages")
        lined = _progress(pool.map(partial(score_lines_of, models=models), texts, chunksize=5), len(texts), "texts")
    tables = {"html": page_table(pages, scored), "lines": line_table(texts, lined)}
    if arguments.json:
        print(json.dumps(tables))
    else:
        show(tables["html"])
        show(tables["lines"])


if __name__ == "__main__":
    main()
