"""`cleancopy ingest`: one run, one version."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.kept import KeepOption
from flows.commands.running import as_row, chosen, tell_recipe, watched
from flows.errors import UsageError
from flows.output import print_json
from schemas.page import Removal

if TYPE_CHECKING:
    from archive.archive import Archive
    from flows.outcome import Outcome
    from flows.server import Server
    from flows.sources.web import Configured
    from schemas.choices import Choices
    from schemas.config import Settings
    from schemas.page import OwnGazetteer

_FINE = frozenset({"verdict.ok", "verdict.not_modified"})

EXAMPLES = """Examples:

  cleancopy ingest pages/                     a folder of .html, .txt, .jsonl, .warc, .parquet (also .gz)

  cleancopy ingest crawl.warc.gz --archive my-archive

  zcat crawl.jsonl.gz | cleancopy ingest -    JSONL rows with html or text, and url or id

  cleancopy ingest pages/ --mirror            withdraw documents that pages/ no longer holds

  cleancopy ingest                            all sources of cleancopy.toml (docs/sources.md)

  cleancopy ingest --source desk              one of them; `cleancopy sources check desk` tells what that is
"""


def ingest(
    source: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="Files or folders, or - for JSONL on standard input; without any, the sources of cleancopy.toml.",
            show_default=False,
        ),
    ] = None,
    named: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="A source of cleancopy.toml; can be given more than once."),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the archive; made if it does not exist.", show_default="archive-data, or as configured"
        ),
    ] = None,
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
    """Read pages from SOURCE... or from the web, clean them and add one version to the archive."""
    from archive.recover import check_whole
    from flows.settings import prefect_environment
    from schemas.config import Settings

    settings = Settings()
    web = _checked(settings, source or [], named or [], mirror=mirror)
    choices = chosen(settings, keep, removal)
    opened = _open(archive or settings.archive, names, settings, choices.own)
    check_whole(opened)  # the run asks again; a server takes seconds to start
    count = workers or settings.workers
    tell_recipe(opened, opened.policy, choices.own)
    with prefect_environment() as server:
        outcome = _run(opened, _What(source or [], named or [], web, server), count, mirror, choices)
    if json:
        print_json([as_row(outcome)])
    else:
        from flows.commands.closing import tell

        tell(outcome)
    if strict and any(name.startswith("verdict.") and name not in _FINE for name in outcome.version.counts):
        raise typer.Exit(1)


def _checked(settings: "Settings", sources: list[str], names: list[str], *, mirror: bool) -> "Configured | None":
    """Refuse what cannot be a source before anything is made; return the configured ones, if they are meant.

    A SOURCE that is missing among others is a failed capture.
    """
    if sources and names:
        raise UsageError("give SOURCE... or --source NAME, not both: they are two runs")
    if not sources:
        from flows.sources.web import configured

        if mirror:
            raise UsageError("--mirror is for SOURCE...: a source of cleancopy.toml says `mirror = true` itself")
        return configured(settings, names)
    from flows.sources.files import captures

    for name in sources:
        captures(name, datetime.now(UTC))
    if not any(name == "-" or os.path.lexists(name) for name in sources):
        raise UsageError(f"{', '.join(sources)}: no such file or folder")
    return None


def _open(root: Path, names: str | None, settings: "Settings", own: "OwnGazetteer | None") -> "Archive":
    from archive.archive import ArchiveError, create_archive, open_archive
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
    try:
        return create_archive(root, policy)
    except (ArchiveError, OSError):
        # another run may have made it a moment ago
        if not (root / "cleancopy.json").exists():
            raise
    return _open(root, names, settings, own)


@dataclass(frozen=True, slots=True)
class _What:
    """What a run reads, SOURCE arguments or configured sources by name, and the embedded server it starts with."""

    sources: list[str]
    names: list[str]
    web: "Configured | None"
    server: "Server | None"

    @property
    def paths(self) -> list[str]:
        """The files and folders that are loaded."""
        return [*self.sources, *(self.web.files if self.web else ())]

    @property
    def fetches(self) -> bool:
        """Whether pages are fetched."""
        return bool(self.web and self.web.names)


def _run(opened: "Archive", what: _What, workers: int, mirror: bool, choices: "Choices") -> "Outcome":
    from flows.sources.files import count

    def start() -> "Outcome":
        from flows.ingest import ingest as flow

        return flow(opened.folder.root, what.sources, workers, mirror, choices, what.names)

    known = [count(name) for name in what.paths]
    total = sum(n for n in known if n is not None) if None not in known else None
    return watched(start, total, what.server, fetches=what.fetches)
