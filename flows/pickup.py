"""What runs that were killed had fetched: the next run of the same sources takes it in, and asks for none of it again.

A run's spool belongs to whoever holds its journal's lock, so any number of runs can look for what is left at once.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from archive.archive import Archive
from archive.heads import capture_rows, captures_committed_by, unfinished_runs
from archive.journal import JOURNAL, Stored, abandoned, discard, warc_of

FRESH = timedelta(hours=12)
"""So long what a killed run captured stands for the page; after that it is taken in, and the page asked for again."""

_UNCLAIMED = timedelta(hours=24)
"""After so long what a killed run left is for any run to take in: its sources may be in no configuration any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A capture of a killed run, with its records as they stand in that run's WARC file."""

    stored: Stored
    records: bytes


@dataclass(slots=True)
class Leftovers:
    """What killed runs had fetched for the sources of this run, and which pages need not be asked for again.

    `runs` are the ids of the runs whose captures were taken in; `captured` the identities of pages that were stored
    less than FRESH ago. Both are whole once `found` has come to its end.
    """

    archive: Archive
    own: Path
    sources: frozenset[str]
    started: datetime
    runs: list[str] = field(default_factory=list)
    captured: set[str] = field(default_factory=set)

    def found(self) -> Iterator[Found]:
        """Yield the captures, each once; what a run left is removed when all of it has been yielded."""
        log = self.archive.log("captures")
        committed = {log.run_of(version) for version in range(1, log.newest + 1)}
        self._note_committed(set(unfinished_runs(self.archive)))
        met: set[str] = set()
        for spool in sorted(self.own.parent.iterdir()):
            if spool == self.own or not (spool / JOURNAL).exists():
                continue
            with abandoned(spool) as stored:
                if stored is None or not (spool.name in committed or self._is_ours(stored)):
                    continue
                if spool.name not in committed:
                    yield from self._new(stored, spool, met)
                    self.runs.append(spool.name)
                discard(spool)

    def _is_ours(self, stored: Sequence[Stored]) -> bool:
        """Return whether all was fetched for sources of this run, or so long ago that nobody else will come for it."""
        if {s.source for s in stored} <= self.sources:
            return True
        return max(_moment(s) for s in stored) < self.started - _UNCLAIMED

    def _new(self, stored: Sequence[Stored], spool: Path, met: set[str]) -> Iterator[Found]:
        """Yield what neither the archive has nor another run that was killed while it took the same in."""
        known = capture_rows(self.archive, {s.capture_id for s in stored})
        with warc_of(spool).open("rb") as warc:
            for item in stored:
                warc.seek(item.start)
                records = warc.read(item.end - item.start)
                if not _is_whole(records):
                    return
                if item.capture_id in known or item.capture_id in met:
                    continue
                met.add(item.capture_id)
                if item.row.get("warc_record_id") and _moment(item) >= self.started - FRESH:
                    self.captured.add(str(item.row["identity"]))
                yield Found(item, records)

    def _note_committed(self, runs: set[str]) -> None:
        """Note the pages of runs that were killed between the commit of their captures and their version.

        Once a version has taken these in, their pages are asked for as any others.
        """
        for row in captures_committed_by(self.archive, runs):
            moment = row["captured_at"]
            if isinstance(moment, datetime) and moment >= self.started - FRESH and row["warc_record_id"]:
                self.captured.add(str(row["identity"]))


def _moment(stored: Stored) -> datetime:
    return datetime.fromisoformat(str(stored.row["captured_at"]))


def _is_whole(members: bytes) -> bool:
    """Return whether bytes are whole gzip members, none or more."""
    while members:
        unpack = zlib.decompressobj(zlib.MAX_WBITS + 16)
        try:
            unpack.decompress(members)
        except zlib.error:
            return False
        if not unpack.eof:
            return False
        members = unpack.unused_data
    return True
