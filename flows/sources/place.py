"""One file of a SOURCE, where it stands, and the captures that say something of it as a whole."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath

from schemas.page import Capture, Verdict

PAGE_TYPES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".md": "text/markdown"}
"""Suffix → media type of files that are one page each."""

SUFFIXES = (
    *PAGE_TYPES,
    ".jsonl",
    ".warc",
    ".wet",
    ".parquet",
)
"""What a SOURCE's file can be; all but Parquet also with .gz."""

UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a stretch of input: the verdict it gives, and why, for a person."""

    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """A file to read: its path, its name within the SOURCE (POSIX separators), and how a capture names it.

    `fault` is set where the file is known to be unreadable before it is opened.
    """

    path: Path
    name: str
    source: str
    fault: Fault | None = None

    @property
    def gzipped(self) -> bool:
        """Whether the file's name says it is compressed."""
        return self.name.lower().endswith(".gz")

    @property
    def plain_name(self) -> str:
        """The name without a trailing .gz."""
        return self.name[:-3] if self.gzipped else self.name

    @property
    def suffix(self) -> str:
        """What the file holds, of SUFFIXES; empty for a file nothing here reads."""
        suffix = PurePosixPath(self.plain_name).suffix.lower()
        return suffix if suffix in SUFFIXES and not (self.gzipped and suffix == ".parquet") else ""

    @property
    def media_type(self) -> str:
        """Media type of the page the file is; that of unknown bytes for files of many pages."""
        return PAGE_TYPES.get(self.suffix, UNKNOWN_TYPE)

    @property
    def identity(self) -> str:
        """Identity of the file as a document.

        A trailing .gz is no part of it: to compress a file does not make it a new document.
        """
        return f"file:{self.plain_name}"

    def capture(self, started: datetime, body: bytes = b"", fault: Fault | None = None) -> Capture:
        """Return the file as a page, or what is wrong with it as a whole."""
        return Capture(
            identity=self.identity,
            source=self.source,
            body=body,
            media_type=self.media_type,
            captured_at=started,
            verdict=fault.verdict if fault else Verdict.OK,
            detail=fault.detail if fault else None,
        )


def reason(error: Exception) -> str:
    """Return what an error says to a person: the system's words where it has them."""
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno).lower()
    return str(error).partition("\n")[0] or type(error).__name__


def moment(value: object) -> datetime | None:
    """Return a time in UTC from ISO 8601 or a date; None if it is neither. Without a zone it is UTC.

    >>> moment("2020-11-10T01:00:00+04:00").isoformat()
    '2020-11-09T21:00:00+00:00'
    """
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
