"""What a person sees of a run in Prefect's pages: how far it is, what it gave, and events that an automation can heed.

Nothing here may fail a run: where the server does not answer, the run goes on unseen.
"""

import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, cast

import httpx
from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, update_progress_artifact
from prefect.events import emit_event

from archive.archive import Archive
from flows.alarms import Alarm, alarms
from flows.outcome import Outcome, Stages
from flows.settings import embedded
from flows.source_history import yields
from schemas.source import Source

if TYPE_CHECKING:
    from uuid import UUID

_log = logging.getLogger(__name__)
_BETWEEN = 3.0
"""Least seconds between two updates of the progress artifact."""
_SHOWN = 20
"""So many pages that gave no text are listed with their reasons."""
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


class Display:
    """The pages of one run: of the configured sources, or of SOURCE arguments where there are none.

    It shows nothing where no server was named: those of a run's own server end with the run.
    """

    def __init__(self, archive: Archive, sources: Mapping[str, Source]) -> None:
        self._archive, self._sources = archive, sources
        self._on = bool(os.environ.get("PREFECT_API_URL")) and embedded.get() is None
        self._key = "-".join(sources).replace("_", "-")[:60].strip("-") or "ingest"
        self._artifact: UUID | None = None
        self._last = monotonic() - _BETWEEN

    def show(self, stages: Stages) -> None:
        """Bring the progress artifact up to date, if the last time was long enough ago."""
        now = monotonic()
        if self._on and now - self._last >= _BETWEEN:
            self._last = now
            expected = max(stages.listed + stages.loaded - stages.fetched, stages.loaded, 1)
            told = f"{stages.listed} listed, {stages.fetched} fetched, {stages.loaded} stored, {stages.cleaned} cleaned"
            self._quietly(lambda: self._progress(min(99.0, 100.0 * stages.cleaned / expected), told))

    def close(self, outcome: Outcome) -> None:
        """Show what the run gave, and raise the alarms that its sources call for."""
        if self._on:
            self._quietly(lambda: self._close(outcome))

    def _close(self, outcome: Outcome) -> None:
        version = outcome.version
        told = f"version {version.version}: {_counted(version.counts)}"
        get_run_logger().info("%s; seal %s", told, version.seal)
        self._progress(100.0, told)
        found = alarms(outcome, yields(self._archive, self._sources))
        markdown = report(outcome, self._archive.folder.root.name, found)
        create_markdown_artifact(markdown, key=f"{self._key}-report", description=told)
        for alarm in found:
            self._emit(alarm)

    def _progress(self, percent: float, told: str) -> None:
        if self._artifact is None:
            made = create_progress_artifact(percent, key=f"{self._key}-progress", description=told)
            self._artifact = cast("UUID", made)
        else:
            update_progress_artifact(self._artifact, percent, description=told)

    def _emit(self, alarm: Alarm) -> None:
        resource = {
            "prefect.resource.id": f"cleancopy.source.{alarm.source}",
            "prefect.resource.name": alarm.source,
            "cleancopy.archive": self._archive.archive_id,
        }
        emit_event(f"cleancopy.source.{alarm.kind}", resource, payload={"message": alarm.message, **alarm.numbers})

    def _quietly(self, call: Callable[[], object]) -> None:
        try:
            call()
        except (httpx.HTTPError, OSError) as error:
            _log.warning("what the run gave could not be shown: %s", error)


def report(outcome: Outcome, archive: str, found: Sequence[Alarm] = ()) -> str:
    """Return what a run gave, in Markdown: version and seal, counts, a row for each source, what to look at."""
    version = outcome.version
    run = f"`{version.run_id}`"
    lines = [
        f"# {_plain(archive)}, version {version.version}",
        f"Seal `{version.seal}`",
        f"{_counted(version.counts)}; {outcome.seconds:.0f} s, naming policy {_plain(version.policy)}, run {run}",
    ]
    verdicts = sorted({verdict for tally in outcome.listings for verdict in tally.verdicts})
    if outcome.listings:
        rows = [
            [tally.source, tally.kind, tally.found, tally.taken, *(tally.verdicts.get(v, 0) for v in verdicts)]
            for tally in outcome.listings
        ]
        lines.append(_table(["source", "kind", "listed", "taken", *verdicts], rows))
    look = [alarm.message for alarm in found]
    problems = ((tally.source, problem) for tally in outcome.listings for problem in tally.problems)
    look += [f"{source}: {problem}" for source, problem in problems if not any(problem in told for told in look)]
    look += [f"{f.identity}: {f.verdict}: {f.detail}" for f in outcome.failures[:_SHOWN]]
    if len(outcome.failures) > _SHOWN:
        look.append(f"and {len(outcome.failures) - _SHOWN} more pages that gave no text")
    if look:
        lines += ["## To look at", "\n".join(f"- {_plain(text)}" for text in look)]
    if not version.counts.get("revisions"):
        lines.append("No document changed.")
    elif version.version > 1:
        lines.append(f"`cleancopy diff {version.version - 1} {version.version}` shows what changed.")
    return "\n\n".join(lines) + "\n"


def _counted(counts: Mapping[str, int]) -> str:
    names = ("added", "changed", "restored", "withdrawn", "unchanged", "verdict.not_modified", "captures")
    shown = {name: name.removeprefix("verdict.").replace("_", " ") for name in names}
    return ", ".join(f"{counts[name]} {shown[name]}" for name in names if counts.get(name)) or "no captures"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_plain(str(cell)) for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line: nothing of a page may format the report."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
