"""What a run must know of the archive before it adds to it: the states of each document, and its captures.

Read anew for each attempt to commit, with the few columns that are needed (about 300 bytes a document).
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from archive.archive import Archive
from archive.raw import Place
from archive.versions import versions
from schemas.tables import CAPTURES

_GONE = frozenset({"withdraw", "erase"})
_UNCHANGED = "not_modified"


@dataclass(frozen=True, slots=True)
class State:
    """One state of a document: what a revision says of it, but for the content itself."""

    captured_at: datetime
    version: int
    revision: int
    op: str
    capture_id: str | None
    content_sha256: str | None
    input_sha256: str | None
    recipe: str | None
    identity: str | None
    url: str | None
    site: str | None

    @property
    def gone(self) -> bool:
        """Whether the document is withdrawn in this state."""
        return self.op in _GONE


class Heads:
    """The states of every document, in the order (captured_at, version, revision)."""

    def __init__(self, states: dict[str, list[State]]) -> None:
        self._states = states
        for line in states.values():
            line.sort(key=_order)

    def at(self, doc_id: str, moment: datetime) -> State | None:
        """Return the state that a capture of that moment is to be compared with, or None before the first."""
        line = self._states.get(doc_id, [])
        place = bisect_right(line, moment, key=lambda s: s.captured_at)
        return line[place - 1] if place else None

    def current(self, doc_id: str) -> State | None:
        """Return the newest state, also where it is a withdrawal."""
        line = self._states.get(doc_id)
        return line[-1] if line else None

    def next_revision(self, doc_id: str) -> int:
        """Return the number of the revision that comes next."""
        return 1 + max((s.revision for s in self._states.get(doc_id, ())), default=0)

    def add(self, doc_id: str, state: State) -> None:
        """Take in a state that this run adds."""
        line = self._states.setdefault(doc_id, [])
        line.insert(bisect_right(line, _order(state), key=_order), state)

    def present(self) -> Iterator[tuple[str, State]]:
        """Yield the documents that are not withdrawn, with their current states, by doc_id."""
        for doc_id in sorted(self._states):
            state = self._states[doc_id][-1]
            if not state.gone:
                yield doc_id, state


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest ok capture of a document, and what came of it."""

    captured_at: datetime
    input_sha256: str | None
    recipe: str | None
    content_sha256: str | None
    capture_id: str
    raw_sha256: str


class _Stored(NamedTuple):
    """Where bytes were stored, and when."""

    recorded_at: datetime
    place: Place
    captured_at: datetime


class Captures:
    """What was captured before: the newest of each document, and where each of its byte strings is stored."""

    def __init__(self, rows: Iterator[dict[str, object]], raw: Path) -> None:
        self._newest: dict[str, Seen] = {}
        self._stored: dict[tuple[str, str], _Stored] = {}
        self._there: dict[str, datetime] = {}
        self._gone: dict[str, datetime] = {}
        for row in rows:
            self._note_answer(row)
            match row:
                case {
                    "doc_id": str(doc_id),
                    "captured_at": datetime() as captured_at,
                    "raw_sha256": str(sha256),
                    "warc_file": str(file),
                    "warc_record_id": str(record_id),
                    "warc_offset": int(offset),
                    "recorded_at": datetime() as recorded_at,
                }:
                    stored = _Stored(recorded_at, Place(raw / file, record_id, offset), captured_at)
                    known = self._stored.get((doc_id, sha256))
                    # of the records of the same bytes, the first holds them and the others refer to it
                    holds = row["verdict"] != _UNCHANGED
                    if holds and (known is None or recorded_at < known.recorded_at):
                        self._stored[doc_id, sha256] = stored
                    self._note(doc_id, row, captured_at)

    def _note(self, doc_id: str, row: dict[str, object], captured_at: datetime) -> None:
        known = self._newest.get(doc_id)
        if row["verdict"] == "ok" and (known is None or known.captured_at <= captured_at):
            told, recipe, content = (_text(row[name]) for name in ("input_sha256", "recipe", "content_sha256"))
            name, sha256 = str(row["capture_id"]), str(row["raw_sha256"])
            self._newest[doc_id] = Seen(captured_at, told, recipe, content, name, sha256)

    def _note_answer(self, row: dict[str, object]) -> None:
        answers = {"ok": self._there, "not_modified": self._there, "gone": self._gone}.get(str(row["verdict"]))
        doc_id, moment = str(row["doc_id"]), row["captured_at"]
        if answers is not None and isinstance(moment, datetime):
            answers[doc_id] = max(moment, answers.get(doc_id, moment))

    def gone_since(self, doc_id: str, before: datetime) -> bool:
        """Return whether the page was found gone before that moment, and not found there at or after that."""
        gone, there = self._gone.get(doc_id), self._there.get(doc_id)
        return gone is not None and gone < before and (there is None or there < gone)

    def newest(self, doc_id: str) -> Seen | None:
        """Return the newest ok capture of a document."""
        return self._newest.get(doc_id)

    def original(self, doc_id: str, raw_sha256: str) -> tuple[Place, datetime] | None:
        """Return where the same bytes of this document were first stored, and when they were captured."""
        stored = self._stored.get((doc_id, raw_sha256))
        return (stored.place, stored.captured_at) if stored else None


def read_heads(archive: Archive) -> Heads:
    """Read the states of all documents."""
    columns = list(State.__slots__)
    states: dict[str, list[State]] = {}
    for path in archive.table("revisions").files():
        for row in pq.read_table(path, columns=["doc_id", *columns]).to_pylist():
            states.setdefault(str(row.pop("doc_id")), []).append(State(**row))
    return Heads(states)


def read_captures(archive: Archive, but_of: str | None = None) -> Captures:
    """Read what was captured before, but what the run `but_of` has captured."""
    columns = ["doc_id", "captured_at", "raw_sha256", "warc_file", "warc_record_id", "warc_offset", "duplicate"]
    columns += ["verdict", "input_sha256", "recipe", "content_sha256", "capture_id", "recorded_at", "run_id"]
    files = archive.table("captures").files()
    rows = (row for path in files for row in pq.read_table(path, columns=columns).to_pylist())
    rows = (row for row in rows if but_of is None or row["run_id"] != but_of)
    return Captures(rows, archive.folder.path("raw"))


def unfinished_runs(archive: Archive) -> tuple[str, ...]:
    """Return the ids of runs that committed captures and then never a version, and that no version took in since."""
    finished = {run for version in versions(archive) for run in (version.run_id, *version.adopted)}
    log = archive.log("captures")
    runs = {log.run_of(version) for version in range(1, log.newest + 1)}
    return tuple(sorted(run for run in runs if run and run not in finished))


def captures_of_runs(archive: Archive, runs: tuple[str, ...]) -> list[dict[str, object]]:
    """Return the ok captures that these runs committed."""
    rows = captures_committed_by(archive, set(runs))
    return [row for row in rows if row["verdict"] == "ok" and not row["duplicate"]]


def captures_committed_by(archive: Archive, runs: set[str]) -> list[dict[str, object]]:
    """Return the rows of all captures that these runs committed."""
    log = archive.log("captures")
    named = [version for version in range(1, log.newest + 1) if runs and log.run_of(version) in runs]
    return [row for version in named for path in log.added(version) for row in pq.read_table(path).to_pylist()]


def captures_about(archive: Archive, doc_ids: set[str]) -> list[dict[str, object]]:
    """Return all ok captures of these documents, oldest first."""
    rows: list[dict[str, object]] = []
    for path in archive.table("captures").files() if doc_ids else ():
        found = pq.read_table(path, filters=[("doc_id", "in", sorted(doc_ids))])
        rows += [row for row in found.to_pylist() if row["verdict"] == "ok"]
    return sorted(rows, key=lambda row: (str(row["captured_at"]), str(row["recorded_at"])))


def capture_rows(archive: Archive, ids: set[str]) -> dict[str, dict[str, object]]:
    """Return the capture rows with these ids, whole."""
    found: dict[str, dict[str, object]] = {}
    if ids:
        for path in archive.table("captures").files():
            table = pq.read_table(path, schema=CAPTURES)
            found |= {str(row["capture_id"]): row for row in table.to_pylist() if row["capture_id"] in ids}
    return found


def capture_of(state: State, seen: Seen | None) -> str:
    """Return the id of the capture to clean for a state anew: the newest that confirmed it, or the one that gave it."""
    confirms = seen and seen.captured_at >= state.captured_at and seen.content_sha256 == state.content_sha256
    return seen.capture_id if seen and confirms else str(state.capture_id)


def stream_captures(archive: Archive, ids: set[str]) -> Iterator[dict[str, object]]:
    """Yield the capture rows with these ids, whole, a file at a time."""
    for path in archive.table("captures").files() if ids else ():
        table = pq.read_table(path, schema=CAPTURES, filters=[("capture_id", "in", sorted(ids))])
        yield from table.to_pylist()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _order(state: State) -> tuple[datetime, int, int]:
    return state.captured_at, state.version, state.revision
