"""Content codings of HTTP undone: gzip, deflate, Brotli and Zstandard, never to more than a limit."""

import zlib
from collections.abc import Callable
from typing import Literal

import pyarrow as pa

LARGEST = 1_000_000_000
"""Bytes of the largest page that an archive takes."""

_READ = 1 << 16
_AS_IT_IS = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "7bit", "8bit"})
_MOST = 4
"""Codings of one payload; more are no page's but an attack's."""


class CodingError(ValueError):
    """A content coding that is not known, or too many of them."""


def codings_of(declared: str) -> tuple[str, ...]:
    """Return what Content-Encoding names, last applied first; CodingError where it names one that is not known.

    >>> codings_of("gzip, BR, identity")
    ('br', 'gzip')
    """
    names = [name.strip().lower() for name in declared.split(",")]
    found = tuple(name for name in reversed(names) if name not in _AS_IT_IS)
    if len(found) > _MOST:
        raise CodingError(f"more than {_MOST} content encodings")
    for name in found:
        if name not in _DECODERS:
            raise CodingError(f"content encoding {name[:40]!r} is not known")
    return found


def decoded(coding: str, sent: bytes, limit: int) -> tuple[bytes, bool]:
    """Return data out of one coding, and whether it was whole.

    Of gzip and deflate the first stream counts. More than `limit` bytes are not decoded: what is longer ends at
    `limit` + 1. Nothing comes of what is not in the coding; of damaged data comes what stands before the damage.
    """
    return _DECODERS[coding](sent, limit)


def content_of(payload: bytes, declared: str, limit: int = LARGEST) -> bytes:
    """Return a stored payload with its content coding undone: what the archive calls the bytes of a page.

    Where that cannot be done to the end (unknown, damaged or cut coding, more than `limit` bytes), these are the bytes
    of the payload.
    """
    body = payload
    try:
        for coding in codings_of(declared) if payload else ():
            body, whole = decoded(coding, body, limit)
            if not whole or len(body) > limit:
                return payload
    except CodingError:
        return payload
    return body


def _inflated(sent: bytes, limit: int) -> tuple[bytes, bool]:
    return _inflate(sent, zlib.MAX_WBITS | 32, limit)


def _deflated(sent: bytes, limit: int) -> tuple[bytes, bool]:
    """Return data out of HTTP's "deflate": zlib, or the bare stream that some servers send."""
    found, whole = _inflated(sent, limit)
    if whole or len(found) > limit:
        return found, whole
    bare, whole = _inflate(sent, -zlib.MAX_WBITS, limit)
    return (bare, whole) if whole or not found else (found, False)


def _inflate(sent: bytes, bits: int, limit: int) -> tuple[bytes, bool]:
    stream = zlib.decompressobj(bits)
    found = bytearray()
    try:
        for here in range(0, len(sent), _READ):
            found += stream.decompress(sent[here : here + _READ], limit + 1 - len(found))
            if stream.eof or len(found) > limit:
                break
    except zlib.error:
        return bytes(found), False
    return bytes(found), stream.eof


def _arrow(codec: Literal["brotli", "zstd"]) -> Callable[[bytes, int], tuple[bytes, bool]]:
    def decode(sent: bytes, limit: int) -> tuple[bytes, bool]:
        found = bytearray()
        try:
            with pa.CompressedInputStream(pa.BufferReader(sent), codec) as stream:
                while len(found) <= limit and (data := stream.read(min(_READ, limit + 1 - len(found)))):
                    found += data
        except (OSError, pa.ArrowException):
            return bytes(found), False
        return bytes(found), True

    return decode


_DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _inflated,
    "x-gzip": _inflated,
    "deflate": _deflated,
    "br": _arrow("brotli"),
    "zstd": _arrow("zstd"),
}
