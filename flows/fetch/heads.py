"""Heads of requests and responses as they go into the raw record: HTTP/1.1 form, fields in their order.

HTTP/2 has no form in bytes that a reader would know, so its heads are written as HTTP/1.1 would have them.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

Fields = Iterable[tuple[bytes, bytes]]

ORIGINAL = b"X-Archive-Orig-"
"""What is put before the name of a field that says how the payload was transferred and no longer is."""

_OF_THE_TRANSFER = frozenset({b"transfer-encoding"})
_UNFIT = bytes.maketrans(b"\r\n\0", b"   ")


def request_head(target: bytes, fields: Fields) -> bytes:
    r"""Return the head of a GET request.

    >>> request_head(b"/a?b", [(b"Host", b"example.org")])
    b'GET /a?b HTTP/1.1\r\nHost: example.org\r\n\r\n'
    """
    return _head(b"GET " + target + b" HTTP/1.1", fields)


def response_head(version: bytes, status: int, reason: bytes, fields: Fields) -> bytes:
    r"""Return the head of a response; a field on the transfer gets another name, since the payload is stored out of it.

    >>> response_head(b"HTTP/2", 200, b"", [(b"etag", b'"1"')])
    b'HTTP/1.1 200 OK\r\netag: "1"\r\n\r\n'
    """
    if not version.startswith(b"HTTP/1."):
        version = b"HTTP/1.1"
    line = b"%s %d %s" % (version, status, reason or _phrase(status))
    return _head(
        line, ((ORIGINAL + name if name.lower() in _OF_THE_TRANSFER else name, value) for name, value in fields)
    )


def joined(fields: Fields) -> Mapping[str, str]:
    """Return fields by lower-case name; values of repeated ones joined by commas.

    >>> joined([(b"Vary", b"a"), (b"vary", b"b")])
    {'vary': 'a, b'}
    """
    found: dict[str, str] = {}
    for name, value in fields:
        key, text = name.decode("latin-1").lower(), _text(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b"Unknown"


def _head(line: bytes, fields: Fields) -> bytes:
    lines = [line, *(name + b": " + value for name, value in fields)]
    # a line end inside a field would let what follows pass for fields of its own, or for the payload
    return b"".join(one.translate(_UNFIT) + b"\r\n" for one in lines) + b"\r\n"
