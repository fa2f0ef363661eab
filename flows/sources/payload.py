"""What an HTTP response says: its status, its headers, and its payload out of chunks and compression."""

import re
from dataclasses import dataclass

from archive.coding import CodingError, codings_of, decoded
from flows.sources.place import Fault
from flows.sources.records import fields_of
from schemas.page import Verdict

PAYLOAD_LIMIT = 50_000_000
"""Bytes of a payload out of its compression; a larger one is too large."""

PAGE_TYPES = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "text/markdown": "text/markdown",
}
"""Media types of pages as they are sent, and what they are read as."""

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/[0-9.]{1,4} +([0-9]{3})(?![0-9])")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


@dataclass(frozen=True, slots=True)
class Response:
    """Status, header fields by lower-case name, and the bytes after them; all bytes where no status line stands."""

    status: int | None
    fields: dict[str, str]
    sent: bytes


def response_of(block: bytes) -> Response:
    """Return an HTTP response read from the block of a WARC record."""
    status = _STATUS.match(block)
    if not status:
        return Response(None, {}, block)
    end = _HEAD_END.search(block)
    head, sent = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    return Response(int(status[1]), fields_of(head.split(b"\n")[1:]), sent)


def payload_of(response: Response, *, cut: bool) -> tuple[bytes, Fault | None]:
    """Return the page's bytes, and what is wrong with them if something is.

    Crawlers keep the headers of chunks and compression also where they store the payload without them: a payload
    that does not begin as its headers say is taken as it is. `cut` says that the block is known to be incomplete.
    """
    body, fault = response.sent, None
    if "chunked" in response.fields.get("transfer-encoding", "").lower():
        body, whole = _unchunked(body, cut=cut)
        fault = None if whole else Fault(Verdict.TRUNCATED, "the payload ends within a chunk")
    try:
        codings = codings_of(response.fields.get("content-encoding", ""))
    except CodingError as error:
        return body, Fault(Verdict.UNDECODABLE, str(error))
    for coding in codings:
        found, whole = decoded(coding, body, PAYLOAD_LIMIT)
        if len(found) > PAYLOAD_LIMIT:
            return b"", Fault(Verdict.TOO_LARGE, f"more than {PAYLOAD_LIMIT:,} bytes out of its compression")
        if whole:
            body = found
        elif found and not body.lstrip().startswith(b"<"):
            body = found
            fault = Fault(Verdict.TRUNCATED, f"its compressed data ({coding}) ends early or is damaged")
    return body, fault


def content_type(declared: str, body: bytes) -> tuple[str, str | None]:
    """Return media type and charset from a Content-Type; without one, HTML is known by its first tags.

    >>> content_type('Text/HTML; charset="windows-1251"', b"")
    ('text/html', 'windows-1251')
    """
    media_type, _, parameters = declared.partition(";")
    charset = None
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = value.strip(" \t\"'")[:40] or None
    media_type = media_type.strip().lower()
    if not media_type:
        head = body[:1024].lower()
        media_type = "text/html" if b"<html" in head or b"<!doctype html" in head else ""
    return media_type, charset


def _unchunked(sent: bytes, *, cut: bool) -> tuple[bytes, bool]:
    chunks: list[bytes] = []
    here = 0
    while size := _CHUNK_SIZE.match(sent, here):
        start, length = size.end(), int(size[1], 16)
        chunk = sent[start : start + length]
        if not length:
            # a text that begins with a zero is not the end of no chunks
            return (b"".join(chunks), True) if chunks or len(sent) - start <= 2 else (sent, True)
        here = start + length
        if not chunks and len(chunk) < length and not cut:
            return sent, True
        chunks.append(chunk)
        if sent[here : here + 2] == b"\r\n":
            here += 2
        elif sent[here : here + 1] == b"\n":
            here += 1
        elif here < len(sent) and len(chunks) == 1:
            return sent, True
        else:
            break
    # without a first chunk it never was chunked
    return (b"".join(chunks), False) if chunks else (sent, True)
