"""`cleancopy sources`: which sources are configured, and what each would fetch, without fetching any article."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import JsonOption
from flows.output import one_line, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.discover.selection import Selection
    from schemas.source import Source

EXAMPLES = """Examples:

  cleancopy sources list                      the sources of cleancopy.toml

  cleancopy sources check                     what each would fetch now, and why not

  cleancopy sources check desk --show 20      the first 20 addresses of one

  cleancopy sources check --json | jq '.[] | {source, taken, skipped}'
"""


def list_sources(json: JsonOption = False) -> None:
    """List the sources of cleancopy.toml: of what kind each is, where, how much and when."""
    from flows.sources.web import configured
    from schemas.config import Settings

    sources = configured(Settings()).sources
    if json:
        print_json([{"source": name, "kind": s.kind} | s.model_dump(mode="json") for name, s in sources.items()])
        return
    rows = ((name, s.kind, ", ".join(s.places), s.limit, _when(s)) for name, s in sources.items())
    print_table(("source", "kind", "where", "limit", "when"), rows)


def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Sources of cleancopy.toml; without any, all.")
    ] = None,
    show: Annotated[int, typer.Option("--show", min=0, metavar="N", help="Print the first N addresses of each.")] = 5,
    json: JsonOption = False,
) -> None:
    """Tell what sources would fetch now and why not: only listings and robots.txt are asked for, no article."""
    from rich.console import Console

    from flows.discover import check as checking
    from flows.sources.web import configured
    from schemas.config import Settings

    chosen = configured(Settings(), names or [])
    with Console(stderr=True).status("reading listings"):
        checking.check(chosen.selections, chosen.rules, chosen.client)
    known = {selection.name: selection for selection in chosen.selections}
    rows = [_row(known[name], show) if name in known else _files_row(name, s) for name, s in chosen.sources.items()]
    if json:
        print_json(rows)
        return
    print_table(
        ("source", "kind", "listed", "taken", "not taken"),
        ((row["source"], row["kind"], row["listed"], row["taken"], _reasons(row["skipped"])) for row in rows),
        width=100,
    )
    for row in rows:
        _tell(row)


def _row(selection: "Selection", show: int) -> dict[str, object]:
    pages = [
        {
            "url": entry.url,
            **{name: entry.listed[name] for name in ("title", "published", "lastmod") if entry.listed.get(name)},
        }
        for _, entry in zip(range(show), (entry for _, entry in selection.chosen()), strict=False)
    ]
    return {
        "source": selection.name,
        "kind": selection.source.kind,
        "listed": selection.found,
        "taken": selection.taken,
        "skipped": {str(reason): count for reason, count in selection.skipped.most_common()},
        "examples": {str(reason): addresses for reason, addresses in selection.examples.items()},
        "pages": pages,
        "problems": selection.problems,
        "remarks": selection.remarks,
    }


def _files_row(name: str, source: "Source") -> dict[str, object]:
    from pathlib import Path

    from flows.sources.files import count

    there = [place for place in source.places if Path(place).exists()]
    counts = [count(place) for place in there]
    total = sum(n for n in counts if n is not None) if None not in counts else None
    problems = [f"{place}: no such file or folder" for place in source.places if place not in there]
    remarks = ["files of many pages are not read here"] if total is None else []
    return {
        "source": name,
        "kind": "files",
        "listed": total,
        "taken": total,
        "skipped": {},
        "examples": {},
        "pages": [],
        "problems": problems,
        "remarks": remarks,
    }


def _tell(row: "Mapping[str, object]") -> None:
    """Print the first pages of a source, and say what is wrong with it and what it leaves out."""
    pages, examples = row["pages"], row["examples"]
    if isinstance(pages, list) and pages:
        typer.echo(f"\n{row['source']}")
        for page in pages:
            dated = str(page.get("lastmod") or page.get("published") or "")[:10]
            typer.echo(f"  {one_line('  '.join(part for part in (page['url'], dated, page.get('title')) if part))}")
    if isinstance(examples, dict):
        for reason, addresses in examples.items():
            say(one_line(f"{row['source']}: {reason}: {', '.join(addresses)}", 300))
    for told in ("problems", "remarks"):
        lines = row[told]
        for line in lines if isinstance(lines, list) else ():
            say(one_line(f"{row['source']}: {line}"))


def _reasons(skipped: object) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in skipped.items()) if isinstance(skipped, dict) else ""


def _when(source: "Source") -> str:
    if source.cron:
        return source.cron if source.timezone == "UTC" else f"{source.cron} {source.timezone}"
    return f"every {source.every}" if source.every else ""
