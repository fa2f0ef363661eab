"""WARC records of what was fetched: the page's response or revisit, its request, and every redirect before it.

The heads go into the records byte for byte as they are given.
"""

import base64
import hashlib
import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas.fetch import Exchange

_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Fetch:
    """A fetched page: its WARC-Record-ID and WARC-Date, and id and date of the record that it refers to, if any."""

    record_id: str
    date: str
    refers_to: tuple[str, str] | None


def records_of(writer: WARCWriter, exchanges: Sequence[Exchange], fetch: Fetch) -> Iterator[ArcWarcRecord]:
    """Yield the page's own record, then its request, then response and request of each redirect, all concurrent to it.

    `exchanges` are redirects first, as they came.
    """
    *redirects, page = exchanges
    yield _page(writer, page, fetch)
    yield _request(writer, page, fetch)
    yield from records_beside(writer, redirects, fetch)


def records_beside(writer: WARCWriter, exchanges: Sequence[Exchange], fetch: Fetch) -> Iterator[ArcWarcRecord]:
    """Yield response and request of each exchange, all concurrent to the page's own record."""
    for exchange in exchanges:
        yield _response(writer, exchange, _named(fetch) | {"WARC-Date": fetch.date})
        yield _request(writer, exchange, fetch)


def parted(block: bytes) -> tuple[bytes, bytes]:
    r"""Return head and payload of the block of a response record.

    >>> parted(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody")
    (b'HTTP/1.1 200 OK\r\nA: b\r\n\r\n', b'body')
    """
    head, end, payload = block.partition(_HEAD_END)
    return head + end, payload


def field(head: bytes, name: str) -> str:
    r"""Return the values of a field of a head, joined by commas; empty where it has none.

    >>> field(b"HTTP/1.1 200 OK\r\nVary: a\r\nvary: b\r\n\r\n", "vary")
    'a, b'
    """
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    wanted = name.encode("ascii").lower()
    return ", ".join(value.strip().decode("latin-1") for key, _, value in lines if key.strip().lower() == wanted)


class _Head(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """A head that is written as it came; warcio's own would be put together anew."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = head

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Leave the bytes as they are."""


def _page(writer: WARCWriter, page: Exchange, fetch: Fetch) -> ArcWarcRecord:
    fields = {"WARC-Record-ID": fetch.record_id, "WARC-Date": fetch.date}
    if fetch.refers_to is None:
        return _response(writer, page, fields)
    original, date = fetch.refers_to
    unchanged = page.response.split(b" ", 2)[1] == b"304"
    fields |= {
        "WARC-Profile": _REVISIT + ("server-not-modified" if unchanged else "identical-payload-digest"),
        "WARC-Refers-To": original,
        "WARC-Refers-To-Target-URI": page.url,
        "WARC-Refers-To-Date": date,
    }
    if not unchanged:
        fields["WARC-Payload-Digest"] = digest_of(page.payload)
    head = _Head(page.response)
    record = writer.create_warc_record(page.url, "revisit", http_headers=head, warc_headers_dict=fields | _met(page))
    return _told(record, page)


def _response(writer: WARCWriter, exchange: Exchange, fields: dict[str, str]) -> ArcWarcRecord:
    fields |= {"WARC-Payload-Digest": digest_of(exchange.payload)} | _met(exchange)
    if exchange.truncated:
        fields["WARC-Truncated"] = exchange.truncated
    record = writer.create_warc_record(
        exchange.url,
        "response",
        io.BytesIO(exchange.payload),
        len(exchange.payload),
        http_headers=_Head(exchange.response),
        warc_headers_dict=fields,
    )
    return _told(record, exchange)


def _request(writer: WARCWriter, exchange: Exchange, fetch: Fetch) -> ArcWarcRecord:
    fields = _named(fetch) | {"WARC-Date": fetch.date} | _met(exchange)
    head = _Head(exchange.request)
    record = writer.create_warc_record(exchange.url, "request", http_headers=head, warc_headers_dict=fields)
    return _told(record, exchange)


def _named(fetch: Fetch) -> dict[str, str]:
    return {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>", "WARC-Concurrent-To": fetch.record_id}


def _met(exchange: Exchange) -> dict[str, str]:
    return {"WARC-IP-Address": exchange.address} if exchange.address else {}


def _told(record: ArcWarcRecord, exchange: Exchange) -> ArcWarcRecord:
    for name in exchange.protocol.split(",") if exchange.protocol else ():
        record.rec_headers.add_header("WARC-Protocol", name)
    return record


def digest_of(body: bytes) -> str:
    """Return a digest as WARC has it: SHA-256 in Base32."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode("ascii")
