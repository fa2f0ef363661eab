"""A file that the user names for what a command writes."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from flows.errors import UsageError

if TYPE_CHECKING:
    from archive.archive import Archive


def check_outside(path: Path, archive: "Archive") -> None:
    """Raise UsageError where a file would lie in the archive's folder."""
    if path.parent.resolve().is_relative_to(archive.folder.root.resolve()):
        raise UsageError(f"{path} lies in the archive, which holds nothing but its own files; name another place")


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing: at the end it is there whole, or what was there before still is.

    UsageError where it cannot be written. A device or a pipe is written to as it is.
    """
    from archive.store import DamagedError

    whole = path.is_file() or not path.exists()
    beside = path.parent / f".{path.name}.{uuid.uuid4().hex}.tmp" if whole else path
    try:
        with beside.open("wb") as stream:
            yield stream
        if whole:
            beside.replace(path)
    except DamagedError:
        raise
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or 'is there room?'}") from error
    finally:
        if whole:
            with suppress(OSError):
                beside.unlink()
