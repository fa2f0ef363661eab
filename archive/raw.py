"""Raw captures as WARC 1.1, one gzip member a record: every byte as it came, before anything has read it.

Written with warcio, read with fastwarc: two implementations that check each other. What was loaded is a `resource`
record, what was fetched a `response` with all that led to it (`archive.exchanges`).
"""

import io
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.warcwriter import WARCWriter

from archive.coding import content_of
from archive.exchanges import Fetch, digest_of, field, parted, records_beside, records_of
from archive.seal import instant
from schemas.fetch import Exchange

_WITH_HEAD = frozenset({WarcRecordType.response, WarcRecordType.revisit})


class RawError(OSError):
    """A raw record that is not where the archive says, or not what it says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is: the WARC file's path, the WARC-Record-ID as it stands there, and its offset, a hint."""

    file: Path
    record_id: str
    offset: int


@dataclass(frozen=True, slots=True)
class Original:
    """The record that a revisit refers to."""

    record_id: str
    captured_at: datetime


class RawWriter:
    """One WARC file in the making. Each record is in the file when `add` returns, so a reader can follow."""

    def __init__(self, path: Path, software: str) -> None:
        self.path = path
        self._stream = path.open("wb")
        self._end = 0
        self._writer = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")
        info = {"software": software, "format": "WARC File Format 1.1"}
        self._write(self._writer.create_warcinfo_record(path.name, info))

    def add(self, target: str, body: bytes, media_type: str, record_id: str, captured_at: datetime) -> Place:
        """Write the bytes as a `resource` record; return its place."""
        headers = self._headers(record_id, captured_at)
        headers["WARC-Payload-Digest"] = digest_of(body)
        record = self._writer.create_warc_record(
            target, "resource", io.BytesIO(body), len(body), media_type, warc_headers_dict=headers
        )
        return Place(self.path, record_id, self._write(record))

    def add_revisit(self, target: str, body: bytes, record_id: str, captured_at: datetime, original: Original) -> Place:
        """Write a `revisit` record for bytes that are already stored; return its place."""
        headers = self._headers(record_id, captured_at)
        headers["WARC-Refers-To"] = original.record_id
        record = self._writer.create_revisit_record(
            target, digest_of(body), target, instant(original.captured_at), warc_headers_dict=headers
        )
        return Place(self.path, record_id, self._write(record))

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._end

    def add_packed(self, members: bytes) -> int:
        """Take in records as they stand in another WARC file, whole gzip members; return the first one's offset."""
        offset = self._end
        self._stream.write(members)
        self._stream.flush()
        self._end += len(members)
        return offset

    def add_fetched(
        self, exchanges: Sequence[Exchange], record_id: str, captured_at: datetime, original: Original | None
    ) -> Place:
        """Write how a page was fetched; return the place of the page's own record, which stands first.

        With an `original` it is a `revisit`: the same payload is there already, or the host said that nothing changed.
        """
        refers_to = (original.record_id, instant(original.captured_at)) if original else None
        records = records_of(self._writer, exchanges, Fetch(record_id, instant(captured_at), refers_to))
        return Place(self.path, record_id, self._write(*records))

    def add_beside(self, exchanges: Sequence[Exchange], record_id: str, captured_at: datetime) -> None:
        """Write what was exchanged for a record that is not itself a response: the document of a browser."""
        self._write(*records_beside(self._writer, exchanges, Fetch(record_id, instant(captured_at), None)))

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()

    def _headers(self, record_id: str, captured_at: datetime) -> dict[str, str]:
        return {"WARC-Record-ID": record_id, "WARC-Date": instant(captured_at)}

    def _write(self, *records: object) -> int:
        """Write records that belong together at once; return the offset of the first."""
        return self.add_packed(b"".join(map(self._packed, records)))

    def _packed(self, record: object) -> bytes:
        # warcio compresses at level 9, three times the time of level 6 for one percent of the size
        self._writer.out = io.BytesIO()
        self._writer.write_record(record)
        packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        return packer.compress(self._writer.out.getvalue()) + packer.flush()


def record_id_of(capture_id: str) -> str:
    """Return the WARC-Record-ID of a capture.

    >>> record_id_of("0" * 32)
    '<urn:uuid:00000000-0000-0000-0000-000000000000>'
    """
    return f"<urn:uuid:{uuid.UUID(capture_id)}>"


def target_uri(identity: str, url: str | None) -> str:
    """Return the WARC-Target-URI of a document: its URL, or a URI made of its identity.

    >>> target_uri("file:сайт/a b.txt", None)
    'file:%D1%81%D0%B0%D0%B9%D1%82/a%20b.txt'
    >>> target_uri("id:42", None)
    'urn:cleancopy:id:42'
    """
    if identity.startswith("file:"):
        return "file:" + quote(identity.removeprefix("file:"))
    if identity.startswith("id:"):
        return "urn:cleancopy:id:" + quote(identity.removeprefix("id:"))
    return quote(url or identity, safe=":/?#[]@!$&'()*+,;=%~-._")


def read_record(place: Place) -> bytes:
    """Return the bytes of a page from its record, content coding undone; none where it is a `revisit`.

    RawError where the record cannot be found, even by searching the whole file.
    """
    head, payload = _found(place)
    return content_of(payload, field(head, "content-encoding"))


def same_payload(place: Place, payload: bytes) -> bool:
    """Return whether a record holds exactly this payload, as it was sent."""
    try:
        return _found(place)[1] == payload
    except RawError:
        return False


def _found(place: Place) -> tuple[bytes, bytes]:
    for start in (place.offset, 0):
        for record_id, head, payload in _records(place.file, start):
            if record_id == place.record_id:
                return head, payload
            if start:
                break
    raise RawError(f"{place.file} has no record {place.record_id}; `cleancopy verify` says more")


def check(path: Path) -> int:
    """Read a WARC file that was just written from end to end; return the number of its records.

    RawError where a block's digest does not fit.
    """
    count = 0
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            if record.record_type != WarcRecordType.warcinfo and not record.verify_block_digest(consume=False):
                raise RawError(f"{path}: the record {record.record_id} was not written as it came; check the disk")
            count += 1
    return count


def _records(path: Path, offset: int) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield id, head of the response (empty where there is none) and payload of each record from an offset on."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            for record in ArchiveIterator(stream, parse_http=False):
                block = record.reader.read()
                has_head = record.record_type in _WITH_HEAD
                head, payload = parted(block) if has_head else (b"", block)
                yield record.record_id or "", head, payload
    except OSError as error:
        raise RawError(f"{path} cannot be read: {error}") from error
