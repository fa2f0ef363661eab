"""What each source has given run after run, by the archive's own rows: the newest run first."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow.parquet as pq

from archive.archive import Archive
from archive.versions import versions
from flows.sources.identity import storable
from flows.tally import COUNTED
from schemas.source import Source

FINE = frozenset({"ok", "not_modified"})
"""Verdicts of captures that went as they should."""

_COLUMNS = ["source", "run_id", "verdict", "recorded_at", "duplicate"]


@dataclass(slots=True)
class Yield:
    """What one run took from one source: the version that has it (None where none has yet), when, and the verdicts."""

    version: int | None
    recorded_at: datetime
    verdicts: Counter[str] = field(default_factory=Counter)

    @property
    def captures(self) -> int:
        """How many captures there were."""
        return self.verdicts.total()

    @property
    def failed(self) -> int:
        """How many of them did not go as they should."""
        return sum(count for verdict, count in self.verdicts.items() if verdict not in FINE)


def yields(archive: Archive, sources: Mapping[str, Source]) -> dict[str, list[Yield]]:
    """Return what each of the sources has given, the newest run first; nothing for one that no run has asked."""
    known = versions(archive)
    of_run = {run: version.version for version in known for run in (version.run_id, *version.adopted)}
    names = {name: name for name, source in sources.items() if source.kind != "files"}
    places = {
        storable(place).rstrip("/"): name
        for name, source in sources.items()
        if source.kind == "files"
        for place in source.places
    }
    found: dict[str, dict[str, Yield]] = defaultdict(dict)
    for path in archive.table("captures").files():
        groups = pq.read_table(path, columns=_COLUMNS).group_by(["source", "run_id", "verdict", "duplicate"])
        for row in groups.aggregate([("recorded_at", "max"), ("recorded_at", "count")]).to_pylist():
            source = str(row["source"] or "")
            name = names.get(source) or _place_of(source, places)
            if name is None or row["duplicate"]:
                continue
            run, moment = str(row["run_id"]), row["recorded_at_max"]
            seen = found[name].setdefault(run, Yield(of_run.get(run), moment))
            seen.recorded_at = max(seen.recorded_at, moment)
            seen.verdicts[str(row["verdict"])] += int(row["recorded_at_count"])
    for version in known:
        for name in sources:
            if f"{COUNTED}{name}" in version.counts and version.run_id not in found[name]:
                found[name][version.run_id] = Yield(version.version, datetime.fromisoformat(version.time))
    return {name: sorted(runs.values(), key=lambda run: run.recorded_at, reverse=True) for name, runs in found.items()}


def _place_of(source: str, places: Mapping[str, str]) -> str | None:
    """Return the source that a capture's path belongs to: the path it names, a file in it, or a row or record of it."""
    for place, name in places.items():
        if source.startswith(place) and source[len(place) : len(place) + 1] in {"", "/", ":"}:
            return name
    return None
