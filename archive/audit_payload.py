"""What the block of an HTTP record holds: head, payload, and the digest of the page's bytes, for the audit.

Written from docs/data-format.md and not from the code that stores pages, so that each checks the other.
"""

import hashlib
import zlib
from collections.abc import Callable
from typing import Literal

import pyarrow as pa

_LARGEST = 1_000_000_000
_STEP = 1 << 17
_NO_CODING = ("", "identity", "none", "utf-8", "utf8", "binary", "7bit", "8bit")
_MOST_CODINGS = 4
_GZIP_NAME = "gzip"

_Take = Callable[[bytes], object]


def split(block: bytes) -> tuple[bytes, bytes]:
    """Return head and payload of a block: what stands before the first empty line, and what stands after it."""
    end = block.find(b"\r\n\r\n")
    return (block, b"") if end < 0 else (block[:end], block[end + 4 :])


def content_sha256(head: bytes, payload: bytes) -> bytes:
    """Return the SHA-256 of the page's bytes: the payload with what Content-Encoding names undone, last one first.

    Where that cannot be done to the end, of the payload itself.
    """
    as_sent = hashlib.sha256(payload).digest()
    codings = [coding for coding in reversed(_codings(head)) if coding not in _NO_CODING]
    if not payload or len(codings) > _MOST_CODINGS or not all(coding in _UNDO for coding in codings):
        return as_sent
    for place, coding in enumerate(codings):
        kept, digest = bytearray(), hashlib.sha256()
        last = place == len(codings) - 1
        if not _UNDO[coding](payload, digest.update if last else kept.extend):
            return as_sent
        if last:
            return digest.digest()
        payload = bytes(kept)
    return as_sent


def _codings(head: bytes) -> list[str]:
    named = []
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-encoding":
            named += value.decode("latin-1").split(",")
    return [coding.strip().lower() for coding in named]


def _bounded(take: _Take) -> _Take:
    """Return a taker that raises ValueError once it has been given more than the largest page holds."""
    given = 0

    def bounded(piece: bytes) -> None:
        nonlocal given
        given += len(piece)
        if given > _LARGEST:
            raise ValueError("longer than the largest page")
        take(piece)

    return bounded


def _zlib(payload: bytes, window: int, take: _Take) -> bool:
    """Give the first stream of a payload to `take`, piece by piece; return whether it was whole."""
    stream, taken = zlib.decompressobj(window), _bounded(take)
    try:
        for start in range(0, len(payload), _STEP):
            piece = payload[start : start + _STEP]
            while piece and not stream.eof:
                taken(stream.decompress(piece, 8 * _STEP))
                piece = stream.unconsumed_tail
        taken(stream.flush())
    except (zlib.error, ValueError):
        return False
    return stream.eof


def _gzip(payload: bytes, take: _Take) -> bool:
    return _zlib(payload, 32 + zlib.MAX_WBITS, take)


def _deflate(payload: bytes, take: _Take) -> bool:
    # tried first without keeping anything: `take` cannot be given the pieces of a stream that proves to be none
    wrapped = _zlib(payload, 32 + zlib.MAX_WBITS, len)
    return _zlib(payload, 32 + zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, take)


def _through_arrow(codec: Literal["brotli", "zstd"]) -> Callable[[bytes, _Take], bool]:
    def undo(payload: bytes, take: _Take) -> bool:
        taken = _bounded(take)
        try:
            with pa.CompressedInputStream(pa.BufferReader(payload), codec) as stream:
                while piece := stream.read(_STEP):
                    taken(piece)
        except (OSError, ValueError, pa.ArrowException):
            return False
        return True

    return undo


_UNDO: dict[str, Callable[[bytes, _Take], bool]] = {
    _GZIP_NAME: _gzip,
    f"x-{_GZIP_NAME}": _gzip,
    "deflate": _deflate,
    "br": _through_arrow("brotli"),
    "zstd": _through_arrow("zstd"),
}
