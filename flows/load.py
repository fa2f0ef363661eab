"""From sources to jobs: every capture goes into the WARC before anything reads it, and into the jobs if it is new."""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from archive.heads import Captures, Heads, Seen
from archive.journal import Journal, Stored
from archive.raw import Original, Place, RawWriter, record_id_of, same_payload, target_uri
from flows.batch import Batch, Job, write_rows
from flows.pickup import Found
from flows.rows import CAPTURED, Row, capture_row, placed
from flows.sources.identity import site_of
from schemas.choices import Choices
from schemas.page import Capture, Verdict

_BATCH_PAGES = 500
_FIRST_PAGES = 20
_HIDING = frozenset({Verdict.ERROR, Verdict.TRUNCATED, Verdict.UNDECODABLE, Verdict.TOO_LARGE, Verdict.TIMED_OUT})
"""Verdicts of a file that may hold documents the run has not met: it withdraws nothing then."""
_BATCH_BYTES = 32 << 20
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,80}")


class TwiceError(ValueError):
    """Two sources of one run claim the same document."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A capture that needs no cleaning: the same bytes were cleaned with the same recipe before."""

    job: Job
    captured_at: datetime
    content_sha256: str


@dataclass(slots=True)
class Loaded:
    """What a run has met: the source of each identity, skipped captures by document, what may hide documents.

    `again` are ids of earlier captures to be cleaned with the new recipe, since their page has changed as well.
    """

    owners: dict[str, str] = field(default_factory=dict)
    hiding: set[str] = field(default_factory=set)
    skipped: dict[str, list[Skipped]] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    captures: int = 0
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run must know to load: its id, recipe, policy, site memory, spool and start, and the archive as it was."""

    run_id: str
    recipe: str
    policy: str
    choices: Choices
    memory: Path | None
    spool: Path
    started: datetime
    heads: Heads
    captures: Captures

    def batch(self, number: int, jobs: Sequence[Job]) -> Batch:
        """Return a batch of the run."""
        return Batch(number, tuple(jobs), self.spool, self.recipe, self.policy, self.choices, self.memory)


class Loader:
    """Loads captures into a WARC file and makes batches of those that must be cleaned."""

    def __init__(self, setting: Setting, writer: RawWriter) -> None:
        self.loaded = Loaded()
        self._setting = setting
        self._writer = writer
        self._sequence = 0
        self._number = 0
        self._stored: dict[tuple[str, str], tuple[Place, datetime]] = {}
        self._met: set[tuple[str, str, datetime]] = set()
        self._busy: set[str] = set()
        self._journal = Journal(setting.spool)
        self._moved: dict[str, Place] = {}

    def close(self) -> None:
        """Let go of what another run could take in, were this one killed."""
        self._journal.close()

    def batches(self, outcomes: Iterable[Job | Row]) -> Iterator[Batch]:
        """Yield batches of jobs as they fill; rows that need no job go to the spool at once."""
        jobs: list[Job] = []
        settled: list[Row] = []
        size, pages = 0, _FIRST_PAGES
        for outcome in outcomes:
            if isinstance(outcome, Job):
                jobs.append(outcome)
                size += int(str(outcome.row["size"]))
            else:
                settled.append(outcome)
            if len(jobs) >= pages or size >= _BATCH_BYTES:
                yield self._batch(jobs)
                jobs, size = [], 0
                # small batches first, so that a small run keeps every worker busy too
                pages = min(pages * 5 // 4, _BATCH_PAGES)
            if len(settled) >= 20 * _BATCH_PAGES:
                self._settle(settled)
                settled = []
        if jobs:
            yield self._batch(jobs)
        self._settle(settled)

    def recorded(self, rows: Iterable[Row], captures: Captures | None = None) -> Iterator[Job]:
        """Yield jobs for captures that are in the archive already, as the run began or as `captures` have it."""
        known = captures or self._setting.captures
        for row in rows:
            stored = known.original(str(row["doc_id"]), str(row["raw_sha256"]))
            if stored is not None:
                self._busy.add(str(row["doc_id"]))
                yield Job(self._next(), row, stored[0], recorded=True)

    def load(self, source: str, captures: Iterable[Capture], *, shared: bool = False) -> Iterator[Job | Row]:
        """Store what a source holds; yield jobs, and rows where nothing is left to do. TwiceError stops the run.

        A `shared` source may hold documents of others: a page that was fetched is the page that a crawl has.
        """
        for capture in captures:
            owner = self.loaded.owners.setdefault(capture.identity, source)
            if owner != source and not shared:
                raise TwiceError(
                    f"{owner} and {source} both hold {capture.identity}; ingest them in two runs, or leave one out"
                )
            self.loaded.captures += 1
            yield from self._admit(capture)

    def _admit(self, capture: Capture) -> Iterator[Job | Row]:
        if not _MEDIA_TYPE.fullmatch(capture.media_type):
            capture = replace(capture, media_type="application/octet-stream")
        if capture.captured_at > datetime.now(UTC):
            # it would stay the document's newest state for as long as its date lies ahead
            said = f"captured_at {capture.captured_at.isoformat()} lies in the future; the time of this run was taken"
            capture = replace(capture, captured_at=self._setting.started, detail=said)
        row = capture_row(capture, uuid.uuid4().hex, self._setting.run_id, site_of(capture.url))
        start = self._writer.size
        if capture.exchanges and not capture.rendered:
            row = placed(row, self._store_fetched(row, capture))
        elif capture.body or capture.verdict is Verdict.OK:
            row = placed(row, self._store(row, capture))
        bytes_at = self._stored.get(_key(row))
        stored = Stored(capture.source, row, bytes_at[0] if bytes_at else None, start, self._writer.size)
        if capture.exchanges:
            self._journal.note(stored)
        if capture.identity.startswith("file:") and capture.verdict in _HIDING:
            self.loaded.hiding.add(str(capture.verdict))
        yield from self._sorted(stored, capture.captured_at)

    def take_in(self, captures: Iterable[Found]) -> Iterator[Job | Row]:
        """Take in captures of killed runs, with their records as they are; yield what `load` would have."""
        for found in captures:
            stored, shift = found.stored, self._writer.size - found.stored.start
            place = self._moved_place(stored, shift)
            if stored.place and place is None:
                continue  # a reference to bytes that are nowhere
            row = stored.row | {"run_id": self._setting.run_id}
            if record_id := row.get("warc_record_id"):
                own = Place(self._writer.path, str(record_id), int(str(row["warc_offset"])) + shift)
                row, self._moved[own.record_id] = placed(row, own), own
            moment = datetime.fromisoformat(str(row["captured_at"]))
            if place:
                self._stored.setdefault(_key(row), (place, moment))
            self._writer.add_packed(found.records)
            moved = Stored(stored.source, row, place, stored.start + shift, stored.end + shift)
            self._journal.note(moved)
            self.loaded.captures += 1
            yield from self._sorted(moved, moment)

    def _moved_place(self, stored: Stored, shift: int) -> Place | None:
        """Return where the bytes of a killed run's capture are, once its records are in this run's file."""
        if stored.place is None:
            return None
        if stored.place.record_id == stored.row["warc_record_id"]:
            return Place(self._writer.path, stored.place.record_id, stored.place.offset + shift)
        known = self._setting.captures.original(*_key(stored.row))
        return self._moved.get(stored.place.record_id) or (known[0] if known else None)

    def _sorted(self, stored: Stored, captured_at: datetime) -> Iterator[Job | Row]:
        """Yield a job for what must be cleaned, else the row as it stays."""
        row = stored.row
        repeated = (*_key(row), captured_at) in self._met
        self._met.add((*_key(row), captured_at))
        if repeated:
            self.loaded.duplicates += 1
            yield row | {"duplicate": True}
        elif row["verdict"] != Verdict.OK or stored.place is None:
            yield row
        else:
            yield from self._plan(Job(self._next(), row, stored.place, recorded=False), captured_at)

    def _plan(self, job: Job, captured_at: datetime) -> Iterator[Job | Row]:
        """Yield the job, unless the same bytes were cleaned with the same recipe before and nothing lies between."""
        doc_id = str(job.row["doc_id"])
        seen = self._setting.captures.newest(doc_id)
        if seen is not None and doc_id not in self._busy and self._unchanged(job, seen, captured_at):
            content = str(seen.content_sha256)
            self.loaded.skipped.setdefault(doc_id, []).append(Skipped(job, captured_at, content))
            yield job.row | {"recipe": seen.recipe, "content_sha256": content}
            return
        if seen is not None and seen.recipe != self._setting.recipe and seen.input_sha256 != job.row["input_sha256"]:
            # page and recipe have both changed: what the recipe did is told apart from what the publisher did
            self.loaded.again.add(seen.capture_id)
        self._busy.add(doc_id)
        # an earlier capture of the same document may no longer be what it was compared with
        yield from (replace(skipped.job, recorded=True) for skipped in self.loaded.skipped.pop(doc_id, ()))
        yield job

    def _unchanged(self, job: Job, seen: Seen, captured_at: datetime) -> bool:
        base = self._setting.heads.at(str(job.row["doc_id"]), captured_at)
        return (
            base is not None
            and not base.gone
            and seen.captured_at <= captured_at
            and seen.content_sha256 is not None
            and seen.content_sha256 == base.content_sha256
            and (seen.input_sha256, seen.recipe) == (job.row["input_sha256"], self._setting.recipe)
        )

    def _store(self, row: Row, capture: Capture) -> Place:
        """Write the bytes, or a reference to where the same bytes of this document are; return the record's place."""
        key = _key(row)
        target, record_id = target_uri(capture.identity, capture.url), record_id_of(str(row["capture_id"]))
        if capture.rendered:
            target = f"urn:cleancopy:rendered:{target}"
            self._writer.add_beside(capture.exchanges, record_id, capture.captured_at)
        stored = self._stored.get(key) or self._setting.captures.original(*key)
        if stored is None:
            place = self._writer.add(target, capture.body, capture.media_type, record_id, capture.captured_at)
            self._stored[key] = (place, capture.captured_at)
            return place
        self._stored[key] = stored
        original = Original(stored[0].record_id, stored[1])
        return self._writer.add_revisit(target, capture.body, record_id, capture.captured_at, original)

    def _store_fetched(self, row: Row, capture: Capture) -> Place:
        """Write how a page was fetched, or how its host said that nothing changed; return the record's place."""
        doc_id, record_id = str(row["doc_id"]), record_id_of(str(row["capture_id"]))
        key = (doc_id, str(row["raw_sha256"]))
        known, last = self._setting.captures, capture.exchanges[-1]
        unchanged = capture.verdict is Verdict.NOT_MODIFIED
        if unchanged:
            seen = known.newest(doc_id)
            stored = known.original(doc_id, seen.raw_sha256) if seen else None
        else:
            stored = self._stored.get(key) or known.original(*key)
            # the same page in another coding is another payload, and a cut one must say so itself
            if stored and (last.truncated or not same_payload(stored[0], last.payload)):
                stored = None
        original = Original(stored[0].record_id, stored[1]) if stored else None
        place = self._writer.add_fetched(capture.exchanges, record_id, capture.captured_at, original)
        if not unchanged:
            self._stored[key] = stored or (place, capture.captured_at)
        return place

    def _batch(self, jobs: list[Job]) -> Batch:
        self._number += 1
        return self._setting.batch(self._number, jobs)

    def _settle(self, rows: list[Row]) -> None:
        if rows:
            self._number += 1
            write_rows(self._setting.spool / f"captures-{self._number:06d}.arrow", rows, CAPTURED)

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence


def _key(row: Row) -> tuple[str, str]:
    """Return what makes bytes the same: the document they are of, and their digest."""
    return str(row["doc_id"]), str(row["raw_sha256"])
