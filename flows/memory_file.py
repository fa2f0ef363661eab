"""A site memory in a file that somebody names: no archive, and none of its libraries, is needed to read it."""

from pathlib import Path

from schemas.memory import MemoryFileError, SiteMemory, parse_memory


def read_memory(path: Path) -> SiteMemory:
    """Read a snapshot; MemoryFileError where it cannot be."""
    try:
        return parse_memory(path.read_bytes(), str(path))
    except OSError as error:
        raise MemoryFileError(f"{path} cannot be read: {error.strerror or error}") from error
