"""`cleancopy ingest`: one run, one version."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.kept import KeepOption
from flows.commands.running import as_row, chosen, tell_recipe, watched
from flows.errors import UsageError
from flows.output import one_line, print_json
from schemas.page import Removal

if TYPE_CHECKING:
    from archive.archive import Archive
    from flows.outcome import Outcome
    from schemas.choices import Choices
    from schemas.config import Settings
    from schemas.page import OwnGazetteer

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
    keep: KeepOption = None,
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
    choices = chosen(settings, keep, removal)
    opened = _open(archive or settings.archive, names, settings, choices.own)
    count = workers or settings.workers
    tell_recipe(opened, opened.policy, choices.own)
    with prefect_environment() as server:
        _say(f"starting: {server}")
        outcome = _run(opened, source, count, mirror, choices)
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


def _open(root: Path, names: str | None, settings: "Settings", own: "OwnGazetteer | None") -> "Archive":
    from archive.archive import create_archive, open_archive
    from cleaners.gazetteer import PolicyError
    from cleaners.naming import choices

    if (root / "cleancopy.json").exists():
        opened = open_archive(root)
        if names is not None and names != opened.policy:
            said = f"{root} has the naming policy {opened.policy!r}"
            raise PolicyError(f"{said}; to change that: cleancopy reclean --archive {root} --names {names}")
        return opened
    policy = names or settings.names
    choices(policy, own)  # an unknown policy is refused before anything is made
    return create_archive(root, policy)


def _run(opened: "Archive", source: list[str], workers: int, mirror: bool, choices: "Choices") -> "Outcome":
    from flows.ingest import ingest as flow
    from flows.sources.files import count

    known = [count(name) for name in source]
    total = sum(n for n in known if n is not None) if None not in known else None
    return watched(lambda: flow(opened.folder.root, source, workers, mirror, choices), total)


def _report(outcome: "Outcome", json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    version = outcome.version
    if json:
        print_json([as_row(outcome)])
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
    for jump in outcome.jumps:
        told = f"{jump.kind} {jump.name}: {jump.now:.0%} of the text was taken out, before it was {jump.before:.0%}"
        _say(one_line(f"look: {told} ({jump.documents} documents, {jump.earlier} before)"))
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
