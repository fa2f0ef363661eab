"""Site memories that an archive has adopted: files under memory/, each recorded by an event, none ever changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from archive.archive import Archive, ArchiveError

KIND = "memory"
"""Of the events that adopt a site memory, or none."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was adopted after which version: the SHA-256 of a snapshot; None for cleaning without one."""

    sha256: str | None
    version: int
    recorded_at: datetime


def memory_name(sha256: str) -> str:
    """Return the name of a snapshot's file, relative to the archive."""
    return f"memory/{sha256}.jsonl"


def memory_path(archive: Archive, sha256: str | None) -> Path | None:
    """Return the path of an adopted snapshot; None for none."""
    return archive.folder.path(memory_name(sha256)) if sha256 else None


def adoptions(archive: Archive) -> Iterator[Adoption]:
    """Yield what was adopted, newest first; ArchiveError where an event or its file cannot be used."""
    log = archive.log("events")
    for number in range(log.newest, 0, -1):
        for path in log.added(number):
            for row in pq.read_table(path, columns=["kind", "detail", "version", "recorded_at"]).to_pylist():
                if row["kind"] == KIND and row["detail"] is not None:
                    yield _adoption(row)


def adopted(archive: Archive) -> Adoption | None:
    """Return the adoption that holds now; None where the archive has no site memory."""
    found = next(adoptions(archive), None)
    return found if found and found.sha256 else None


def _adoption(row: dict[str, object]) -> Adoption:
    try:
        sha256 = json.loads(str(row["detail"]))["memory"]
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            f"an event of a site memory cannot be read ({error!r}); `cleancopy verify` says more"
        ) from error
    moment = row["recorded_at"]
    assert isinstance(moment, datetime)
    return Adoption(sha256, int(str(row["version"])), moment)
