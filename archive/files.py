"""Every file access of the archive, through one layer: names relative to the archive's folder, whole files only."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO


class EscapeError(ValueError):
    """A name that would lead out of the archive's folder."""


class Folder:
    """A local folder. Files appear whole or not at all: written beside their place, synced, then renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """Return the file's path; EscapeError where the name leads outside the folder."""
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            raise EscapeError(f"{name!r} is not a name inside {self.root}")
        return self.root / pure

    def exists(self, name: str) -> bool:
        """Return whether there is such a file."""
        return self.path(name).is_file()

    def read(self, name: str) -> bytes:
        """Return the file's bytes."""
        return self.path(name).read_bytes()

    def digest(self, name: str) -> str:
        """Return the SHA-256 of the file, in hex."""
        with self.path(name).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def names(self, under: str) -> Iterator[str]:
        """Yield the names of all files in a folder, not deeper, sorted; nothing where it does not exist."""
        place = self.path(under)
        if place.is_dir():
            yield from sorted(f"{under}/{entry.name}" for entry in place.iterdir() if entry.is_file())

    def write(self, name: str, content: bytes) -> str:
        """Put a file whole; return its SHA-256."""
        with self._beside(name).open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        self._settle(name)
        return hashlib.sha256(content).hexdigest()

    def put(self, name: str, spooled: Path) -> str:
        """Put a finished file from elsewhere whole, read back what was written, and return its SHA-256.

        OSError where the bytes that arrived are not the bytes that were sent.
        """
        sent = hashlib.sha256()
        beside = self._beside(name)
        with spooled.open("rb") as source, beside.open("wb") as stream:
            for block in _blocks(source):
                sent.update(block)
                stream.write(block)
            stream.flush()
            os.fsync(stream.fileno())
        with beside.open("rb") as stream:
            arrived = hashlib.file_digest(stream, "sha256").hexdigest()
        if arrived != sent.hexdigest():
            beside.unlink()
            raise OSError(f"{self.path(name)}: what was written is not what was sent; check the disk")
        self._settle(name)
        return arrived

    def remove(self, name: str) -> None:
        """Remove a file that no version knows."""
        self.path(name).unlink(missing_ok=True)

    def _beside(self, name: str) -> Path:
        place = self.path(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place.parent / f".{place.name}.tmp"

    def _settle(self, name: str) -> None:
        place = self.path(name)
        self._beside(name).replace(place)
        handle = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(1 << 20):
        yield block
