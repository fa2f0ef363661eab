"""What a run that fetches has stored so far, in its spool: one line of JSON a capture, written after its records.

Bytes that were fetched cannot be asked for again without being impolite, so a run that is killed leaves them here, in
its WARC file and this journal, for the next run. A run holds its journal locked while it lives; the system lets the
lock go when it dies, however it dies.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from archive.raw import Place

JOURNAL = "journal.jsonl"
"""Name of the journal in a run's spool."""

_TIMES = ("captured_at", "recorded_at")

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Stored:
    """A capture that a run has stored: the source that listed it, its row, and where its bytes are to be read.

    Its records are the bytes [start, end) of the run's WARC file, whole gzip members. `place` is None where the
    capture has no bytes of its own; its file may be the run's, or one under raw/ that a revisit refers to.
    """

    source: str
    row: Row
    place: Place | None
    start: int
    end: int

    @property
    def capture_id(self) -> str:
        """The capture's id."""
        return str(self.row["capture_id"])


class Journal:
    """The journal of a live run; the file appears, locked, with the first capture."""

    def __init__(self, spool: Path) -> None:
        self._path = spool / JOURNAL
        self._stream: TextIO | None = None

    def note(self, stored: Stored) -> None:
        """Add a capture whose records are in the WARC file; it is in the journal's file when this returns."""
        if self._stream is None:
            beside = self._path.with_suffix(".new")
            self._stream = beside.open("w", encoding="utf-8")
            # locked before it has its name, so that nobody can take it for that of a run that died
            fcntl.flock(self._stream, fcntl.LOCK_EX)
            beside.rename(self._path)
        self._stream.write(json.dumps(_plain(stored), ensure_ascii=False) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Let the journal go."""
        if self._stream is not None:
            self._stream.close()


@contextmanager
def abandoned(spool: Path) -> Iterator[list[Stored] | None]:
    """Hold the spool of a run that died, and give what it had stored; None where a run holds it, or nothing is there.

    Captures whose records are not whole in the WARC file are left out, and so is all that follows them.
    """
    try:
        stream = (spool / JOURNAL).open("r+", encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        yield None
        return
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield list(_whole(stream, spool)) if _same(stream, spool / JOURNAL) else None


def leave(spool: Path) -> None:
    """Leave the spool of a run that failed to the next run, if there is anything in it that was fetched."""
    if not (spool / JOURNAL).exists():
        discard(spool)


def discard(spool: Path) -> None:
    """Remove a spool, its journal first: what is left of a removal that was interrupted is then nobody's."""
    (spool / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(spool, ignore_errors=True)


def warc_of(spool: Path) -> Path:
    """Return the path of a run's WARC file in its spool, whose name is the run's id."""
    return spool / f"{spool.name}-00000.warc.gz"


def _same(stream: TextIO, path: Path) -> bool:
    """Return whether the file that was opened is still the one with that name."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _whole(stream: TextIO, spool: Path) -> Iterator[Stored]:
    warc = warc_of(spool)
    size = warc.stat().st_size if warc.exists() else 0
    for line in stream:
        try:
            stored = _stored(json.loads(line), spool)
        except (ValueError, KeyError, TypeError):
            return  # the line that was being written
        if stored.end > size:
            return
        yield stored


def _plain(stored: Stored) -> dict[str, object]:
    row = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in stored.row.items()}
    place = stored.place and [stored.place.file.name, stored.place.record_id, stored.place.offset]
    return {"source": stored.source, "row": row, "place": place, "start": stored.start, "end": stored.end}


def _stored(line: dict[str, object], spool: Path) -> Stored:
    match line:
        case {"source": str(source), "row": dict(row), "place": place, "start": int(start), "end": int(end)}:
            times = {name: datetime.fromisoformat(row[name]) for name in _TIMES}
            where = Place(spool / place[0], place[1], place[2]) if isinstance(place, list) else None
            return Stored(source, row | times, where, start, end)
    raise ValueError("not a line of a journal")
