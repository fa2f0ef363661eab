"""The site memory that an archive has adopted."""

import functools
from pathlib import Path

from archive.archive import Archive, ArchiveError
from archive.memory import adopted, memory_path
from schemas.memory import MemoryFileError, SiteMemory, parse_memory


@functools.lru_cache(maxsize=2)
def adopted_memory(path: Path) -> SiteMemory:
    """Read a snapshot that an archive has adopted, once per process; ArchiveError where it is not what was adopted."""
    try:
        found = parse_memory(path.read_bytes(), str(path))
    except (OSError, MemoryFileError) as error:
        raise ArchiveError(f"{error}: this site memory was adopted; `cleancopy verify` says more") from error
    if found.sha256 != path.stem:
        raise ArchiveError(f"{path} is not what was adopted; `cleancopy verify` says more")
    return found


def memory_in(archive: Archive) -> str | None:
    """Return the SHA-256 of the site memory that an archive has adopted, its file checked; None where it has none."""
    holds = adopted(archive)
    path = memory_path(archive, holds.sha256 if holds else None)
    return adopted_memory(path).sha256 if path else None
