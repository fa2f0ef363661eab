"""`cleancopy status`: each source of cleancopy.toml, its last run, when it is due, and what fails."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer

from flows.commands.document import JsonOption
from flows.errors import UsageError
from flows.output import cell, print_json_rows, print_table, say

if TYPE_CHECKING:
    from flows.source_history import Yield
    from schemas.config import Settings
    from schemas.source import Source

_LATE = timedelta(hours=1)
"""A run may take this long before it is called overdue: until it has ended, the archive does not know of it."""
_MOST_FAILED = 0.5

EXAMPLES = """Examples:

  cleancopy status                            every source of cleancopy.toml, and what is due

  cleancopy status --json                     the same as rows, for a script or a monitor
"""


def status(json: JsonOption = False) -> None:
    """Show each source: its last run, when it runs next, and what fails. Needs no Prefect server."""
    from schemas.config import Settings

    settings = Settings()
    if not settings.sources:
        from flows.opening import without

        # a monitor in the wrong folder is not to take that for good news
        raise UsageError(f"{without('source: [sources.NAME]')} (docs/sources.md)")
    now = datetime.now(UTC)
    history = _history(settings)
    rows = [_row(name, source, history.get(name, []), now) for name, source in settings.sources.items()]
    if json:
        print_json_rows(rows)
        return
    typer.echo(f"archive {settings.archive}" + ("" if _has_version(settings) else ": nothing is in it yet"))
    print_table(
        ("source", "kind", "when", "last run (UTC)", "version", "captures", "failed", "next (UTC)", "state"),
        (
            [
                *(row[name] for name in ("source", "kind", "when", "last_run", "version", "captures", "failed")),
                row["next_due"],
                row["state"],
            ]
            for row in rows
        ),
    )
    for row in rows:
        if row["why"]:
            say(f"{row['source']}: {row['why']}")


def _history(settings: "Settings") -> "dict[str, list[Yield]]":
    from archive.archive import open_archive
    from flows.source_history import yields

    if not (settings.archive / "cleancopy.json").exists():
        return {}
    return yields(open_archive(settings.archive), settings.sources)


def _has_version(settings: "Settings") -> bool:
    from archive.archive import open_archive
    from archive.versions import newest

    return (settings.archive / "cleancopy.json").exists() and newest(open_archive(settings.archive)) is not None


def _row(name: str, source: "Source", runs: "list[Yield]", now: datetime) -> dict[str, object]:
    from flows.due import next_due

    last = runs[0] if runs else None
    state, why = _state(source, last, now)
    return {
        "source": name,
        "kind": source.kind,
        "when": source.cron or (str(source.every) if source.every else None),
        "timezone": source.timezone,
        "last_run": last.recorded_at if last else None,
        "version": last.version if last else None,
        "captures": last.captures if last else None,
        "failed": last.failed if last else None,
        "verdicts": dict(sorted(last.verdicts.items())) if last else {},
        "next_due": next_due(source, now),
        "state": state,
        "why": why,
    }


def _state(source: "Source", last: "Yield | None", now: datetime) -> tuple[str, str | None]:
    """Return one word for how a source stands, and what a person should know of it."""
    from flows.due import last_due

    due = last_due(source, now)
    if last is None:
        return "never", "no run has asked for it yet"
    if due is not None and last.recorded_at < due and now - due > _LATE:
        said = f"it was due {cell(due)} UTC, and no run of it has ended since"
        return "overdue", f"{said}; does `cleancopy schedule` run?"
    if not last.captures:
        return "empty", "its last run got no page of it; `cleancopy sources check` tells why"
    if last.failed > _MOST_FAILED * last.captures:
        return "failing", f"of {last.captures} captures {_told(last.verdicts)}"
    return "fine", None


def _told(verdicts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items(), key=lambda v: -v[1]))
