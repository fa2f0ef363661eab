"""`cleancopy ingest`: one run, one version."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.errors import UsageError
from flows.output import one_line, print_json
from schemas.page import Removal

if TYPE_CHECKING:
    from archive.archive import Archive
    from flows.run import Outcome
    from schemas.config import Settings

_SHOWN = 5
"""So many failures are told with their reasons."""

EXAMPLES = """Examples:

  cleancopy ingest pages/                     a folder of .html, .txt, .jsonl, .warc, .parquet (also .gz)

  cleancopy ingest crawl.warc.gz --archive my-archive

  zcat crawl.jsonl.gz | cleancopy ingest -    JSONL rows with html or text, and url or id

  cleancopy ingest pages/ --mirror            withdraw documents that pages/ no longer holds
"""


def ingest(
    source: Annotated[list[str], typer.Argument(help="Files or folders, or - for JSONL on standard input.")],
    archive: Annotated[Path | None, typer.Option(help="Folder of the archive; made if it does not exist.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that clean pages.")] = None,
    names: Annotated[str | None, typer.Option(help="Naming policy, for an archive that is made now.")] = None,
    removal: Annotated[
        Removal | None, typer.Option(help="How sure the line model has to be before it takes a line.")
    ] = None,
    mirror: Annotated[bool, typer.Option("--mirror", help="Withdraw documents the sources no longer hold.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 where a page failed.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Read pages from SOURCE..., clean them and add one version to the archive."""
    from flows.settings import prefect_environment
    from schemas.config import Settings

    settings = Settings()
    _check(source)
    opened = _open(archive or settings.archive, names, settings)
    count = workers or settings.workers
    chosen = removal or settings.removal
    told = "" if chosen == Removal.DEFAULT else f", {chosen} removal of lines"
    _say(f"archive {opened.folder.root}, naming policy {opened.policy}{told}")
    with prefect_environment() as server:
        _say(f"starting: {server}")
        outcome = _run(opened, source, count, mirror, chosen)
    _report(outcome, json)
    if strict and any(name not in {"verdict.ok", "verdict.not_modified"} for name in _verdicts(outcome)):
        raise typer.Exit(1)


def _check(sources: list[str]) -> None:
    """Refuse what cannot be a SOURCE before anything is made; one missing among others is a failed capture."""
    from flows.sources.files import captures

    for name in sources:
        captures(name, datetime.now(UTC))
    if not any(name == "-" or os.path.lexists(name) for name in sources):
        raise UsageError(f"{', '.join(sources)}: no such file or folder")


def _open(root: Path, names: str | None, settings: "Settings") -> "Archive":
    from archive.archive import create_archive, open_archive
    from cleaners.gazetteer import PolicyError, choices

    if (root / "cleancopy.json").exists():
        opened = open_archive(root)
        if names is not None and names != opened.policy:
            raise PolicyError(f"{root} has the naming policy {opened.policy!r}, which ingest does not change")
        return opened
    policy = names or settings.names
    choices(policy)  # an unknown policy is refused before anything is made
    return create_archive(root, policy)


def _run(opened: "Archive", source: list[str], workers: int, mirror: bool, removal: Removal) -> "Outcome":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from flows.ingest import abandon, progress, stopping
    from flows.ingest import ingest as flow
    from flows.run import Options
    from flows.sources.files import count

    known = [count(name) for name in source]
    total = sum(n for n in known if n is not None) if None not in known else None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

    def stop(number: int, _: object) -> None:
        _say("stopped; the archive's last version is whole, and the next run clears up")
        abandon(128 + number)

    before = signal.signal(signal.SIGINT, stop)
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            bar = bars.add_task("cleaning", total=total)

            def show(loaded: int, cleaned: int) -> None:
                bars.update(bar, completed=max(loaded, cleaned), total=None if total is None else max(total, loaded))

            tokens = progress.set(show), stopping.set(stop)
            try:
                return flow(opened.folder.root, source, workers=workers, options=Options(mirror, removal))
            finally:
                progress.reset(tokens[0])
                stopping.reset(tokens[1])
    finally:
        signal.signal(signal.SIGINT, before)


def _report(outcome: "Outcome", json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    version = outcome.version
    if json:
        row = {"version": version.version, "seal": version.seal, "run_id": version.run_id, "time": version.time}
        seconds = round(outcome.seconds, 3)
        print_json([row | {"policy": version.policy, "seconds": seconds, "counts": version.counts}])
        return
    counts = version.counts
    table = Table(title=f"version {version.version}", title_justify="left", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    for name in ("added", "changed", "restored", "withdrawn", "unchanged", "duplicate", "absent"):
        if counts[name] or name in {"added", "changed", "unchanged"}:
            table.add_row(name, str(counts[name]))
    for name, number in _verdicts(outcome).items():
        if name != "verdict.ok":
            table.add_row(f"failed: {name.removeprefix('verdict.')}", str(number))
    Console().print(table)
    for failure in outcome.failures[:_SHOWN]:
        _say(one_line(f"failed: {failure.identity}: {failure.verdict}: {failure.detail or ''}"))
    if len(outcome.failures) > _SHOWN:
        query = "SELECT identity, verdict, detail FROM captures WHERE verdict <> 'ok'"
        _say(f'and {len(outcome.failures) - _SHOWN} more: cleancopy sql "{query}"')
    if outcome.absent:
        shown = ", ".join(outcome.absent[:5]) + (" ..." if len(outcome.absent) > 5 else "")
        _say(f"{len(outcome.absent)} not in the input, and kept (--mirror would withdraw them): {shown}")
    if outcome.kept_for:
        _say(f"nothing was withdrawn, since part of the input could not be read ({', '.join(outcome.kept_for)})")
    if not counts["captures"]:
        _say("the sources hold no page")
    elif not counts["revisions"]:
        _say("nothing changed: the version has no revisions")
    rate = counts["captures"] / outcome.seconds if outcome.seconds else 0.0
    typer.echo(f"{counts['captures']} pages in {outcome.seconds:.1f} s ({rate:.1f} pages/s)")
    typer.echo(f"seal {version.seal}")


def _verdicts(outcome: "Outcome") -> dict[str, int]:
    return {name: n for name, n in sorted(outcome.version.counts.items()) if name.startswith("verdict.")}


def _say(text: str) -> None:
    typer.echo(text, err=True)
