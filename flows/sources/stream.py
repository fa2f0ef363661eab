"""Regular files as streams of bytes, gunzipped where they are compressed, which end instead of failing."""

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from flows.sources.place import Fault, Place, reason
from schemas.page import Verdict

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 16
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


STANDARD_INPUT = Place(Path("-"), "-", "-")
"""What the SOURCE `-` is: JSONL."""


class _Source(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Tolerant(io.RawIOBase):
    """A stream that ends where its source ends or fails; `fault` then says why it failed."""

    def __init__(self, source: _Source) -> None:
        super().__init__()
        self._source = source
        self._given = 0
        self.fault: Fault | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        data = b"" if self.fault else self._next(len(view))
        view[: len(data)] = data
        self._given += len(data)
        return len(data)

    def _next(self, size: int) -> bytes:
        try:
            return self._source.read1(size)
        except EOFError:
            self.fault = Fault(Verdict.TRUNCATED, f"the gzip data ends early, after {self._given:,} bytes of content")
        except gzip.BadGzipFile as error:
            if self._given:
                self.fault = self._damaged(error)
            else:
                self.fault = Fault(Verdict.UNDECODABLE, "the name ends in .gz, but the data is not gzip")
        except (zlib.error, OSError) as error:
            self.fault = self._damaged(error)
        return b""

    def _damaged(self, error: Exception) -> Fault:
        return Fault(Verdict.ERROR, f"cannot be read after {self._given:,} bytes of content: {reason(error)}")


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file, uncompressed, to read once; ask for `fault` when they have ended."""

    stream: io.BufferedReader
    raw: _Tolerant

    @property
    def fault(self) -> Fault | None:
        """Why the content ended before its true end; None if it did not."""
        return self.raw.fault


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file for reading; OSError for anything else. A FIFO or device is never waited for."""
    kind = stat.S_IFMT(path.stat().st_mode)
    if kind != stat.S_IFREG:
        raise OSError(f"not a file but {_KINDS.get(kind, 'something else')}")
    return io.BufferedReader(io.FileIO(os.open(path, _FLAGS)), _CHUNK)


@contextmanager
def content_of(place: Place) -> Iterator[Content]:
    """Open the content of a file, gunzipped if its name ends in .gz; OSError if it cannot be opened.

    STANDARD_INPUT is read as it comes and left open.
    """
    if place is STANDARD_INPUT:
        if sys.stdin is None:
            raise OSError("standard input is closed")
        raw = _Tolerant(cast("_Source", sys.stdin.buffer))
        yield Content(io.BufferedReader(raw, _CHUNK), raw)
        return
    with open_regular(place.path) as file:
        source = gzip.GzipFile(fileobj=file) if place.gzipped else file
        raw = _Tolerant(source)
        yield Content(io.BufferedReader(raw, _CHUNK), raw)
