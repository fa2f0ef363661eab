"""WARC files record by record: each is read once, from its start to its end, and every payload is digested.

After a place that cannot be read, reading goes on at the next offset that a capture gives as a hint, so that
one damaged record is told apart from a lost file.
"""

import base64
import hashlib
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fastwarc.stream_io import FastWARCError
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from archive.audit_files import Fixity, Progress
from archive.audit_payload import content_sha256, split
from archive.audit_rows import Proofs
from archive.audit_states import EMPTY, Record, States, as_bytes
from schemas.finding import Finding

_BLOCK = 1 << 18
_BESIDE = frozenset({WarcRecordType.request, WarcRecordType.response})
"""Types of records that no capture names: its request, and responses and requests of redirects."""
_WITH_HEAD = frozenset({WarcRecordType.request, WarcRecordType.response, WarcRecordType.revisit})
_UNREADABLE = (FastWARCError, OSError, ValueError, EOFError, OverflowError)


@dataclass(frozen=True, slots=True)
class _Met:
    """A record as read: its id, its type, what it refers to or belongs to, and the digests of what it holds.

    `page` is the digest of the page's bytes, `payload` that of the payload, which may be in a content coding; `stated`
    is the one that the record gives for the payload. `whole` says that the block fits its own digest.
    """

    name: bytes
    kind: WarcRecordType
    refers_to: bytes | None
    concurrent_to: bytes | None
    unchanged: bool
    page: bytes
    payload: bytes
    stated: bytes | None
    whole: bool


@dataclass(slots=True)
class _Audit:
    """What is known of all records so far: ids met, payloads of responses, and revisits that state a payload."""

    states: States
    whole: bool
    """Whether all rows of captures could be read."""
    seen: set[bytes] = field(default_factory=set)
    payloads: dict[bytes, bytes] = field(default_factory=dict)
    revisits: list[tuple[str, _Met]] = field(default_factory=list)


def audit_raw(
    folder: Path, paths: list[str], fixity: Fixity, known: tuple[States, Proofs], progress: Progress
) -> Iterator[Finding]:
    """Check that every capture's record is there with its bytes, and that every record is some capture's."""
    states, proofs = known
    audit = _Audit(states, "captures" not in proofs.incomplete)
    hints: dict[str, list[int]] = {}
    for record in states.records.values():
        hints.setdefault(f"raw/{record.file}", []).append(record.offset)
    for done, path in enumerate(paths):
        progress("records", done, len(paths))
        if path in fixity.missing:
            continue
        for entry in _records(folder, path, sorted(hints.get(path, ()))):
            if isinstance(entry, Finding):
                yield entry
            elif entry.name in audit.seen:
                yield Finding("record-unclaimed", path, f"the record {entry.name.hex()} is there twice")
            else:
                audit.seen.add(entry.name)
                yield from _claimed(path, entry, audit)
    for path, entry in audit.revisits:
        yield from _referring(path, entry, audit)
    for name, record in states.records.items():
        path = f"raw/{record.file}"
        if name not in audit.seen and path not in fixity.missing:
            yield Finding("raw-missing", path, f"the record {name.hex()} of a capture is not in any WARC file")


def _claimed(path: str, entry: _Met, audit: _Audit) -> Iterator[Finding]:
    """Check a record that a capture names, or that belongs to one as a request or a redirect does."""
    record, who = audit.states.records.get(entry.name), f"record {entry.name.hex()}"
    if record is not None:
        yield from _compare(path, entry, record, audit)
        return
    beside = audit.states.records.get(entry.concurrent_to or b"")
    if entry.kind in _BESIDE and beside is not None and f"raw/{beside.file}" == path:
        if not entry.whole or entry.stated not in {None, entry.payload}:
            yield Finding("raw-changed", path, f"{who}, beside that of a capture, does not fit its own digest")
    elif audit.whole:
        yield Finding("record-unclaimed", path, f"no capture names the {who}, and it is beside none that one names")


def _compare(path: str, entry: _Met, record: Record, audit: _Audit) -> Iterator[Finding]:
    """Compare a record with its capture; what a revisit refers to can only be judged once all files are read."""
    who = f"record {entry.name.hex()}"
    if entry.kind == WarcRecordType.response:
        audit.payloads[entry.name] = entry.payload
    if entry.kind == WarcRecordType.revisit:
        audit.revisits.append((path, entry))
        if entry.unchanged and record.raw not in {None, EMPTY}:
            yield Finding("raw-changed", path, f"{who} says that nothing changed, and its capture has bytes")
    elif entry.kind == WarcRecordType.resource and entry.stated not in {None, record.raw}:
        yield Finding("raw-changed", path, f"{who} states another digest than its capture")
    elif entry.stated not in {None, entry.payload} or entry.page != record.raw:
        yield Finding("raw-changed", path, f"{who} holds {entry.page.hex()}, not the bytes that were captured")


def _referring(path: str, entry: _Met, audit: _Audit) -> Iterator[Finding]:
    """Check that a revisit refers to a record with the bytes of its capture, or to any where nothing changed."""
    who, record = f"record {entry.name.hex()}", audit.states.records[entry.name]
    original = audit.states.records.get(entry.refers_to or b"")
    if original is None:
        if audit.whole:
            yield Finding("raw-missing", path, f"{who} refers to one that does not hold the bytes of its capture")
    elif entry.unchanged:
        return
    elif entry.refers_to in audit.seen and entry.stated not in {None, audit.payloads.get(entry.refers_to, record.raw)}:
        yield Finding("raw-changed", path, f"{who} states another digest than its capture, or than what it refers to")
    elif original.raw != record.raw:
        yield Finding("raw-missing", path, f"{who} refers to one that does not hold the bytes of its capture")


def _records(folder: Path, path: str, hints: list[int]) -> Generator[_Met | Finding, None, None]:
    start = 0
    while True:
        last = start
        try:
            with (folder / path).open("rb") as stream:
                stream.seek(start)
                for record in ArchiveIterator(stream, parse_http=False):
                    last = record.stream_pos
                    if record.record_type != WarcRecordType.warcinfo:
                        yield _met(record)
        except _UNREADABLE as error:
            detail = " ".join(str(error).split())[:200]
            yield Finding("warc-unreadable", path, f"at or after byte {last}: {detail}")
        else:
            return
        following = bisect_right(hints, last)
        if following == len(hints):
            return
        start = hints[following]


def _met(record: WarcRecord) -> _Met:
    kind = record.record_type
    whole = (
        kind not in _BESIDE or "WARC-Block-Digest" not in record.headers or record.verify_block_digest(consume=False)
    )
    head, payload, sha256 = b"", b"", hashlib.sha256()
    if kind in _WITH_HEAD:
        head, payload = split(record.reader.read())
        sha256.update(payload)
    else:
        while block := record.reader.read(_BLOCK):
            sha256.update(block)
    stated = _digest(record.headers.get("WARC-Payload-Digest"))
    return _Met(
        name=as_bytes(record.record_id) or b"",
        kind=kind,
        refers_to=as_bytes(record.headers.get("WARC-Refers-To")),
        concurrent_to=as_bytes(record.headers.get("WARC-Concurrent-To")),
        unchanged=(record.headers.get("WARC-Profile") or "").endswith("/server-not-modified"),
        page=content_sha256(head, payload) if kind == WarcRecordType.response else sha256.digest(),
        payload=sha256.digest(),
        stated=stated,
        whole=whole,
    )


def _digest(stated: str | None) -> bytes | None:
    if stated is None or not stated.startswith("sha256:"):
        return None
    value = stated.removeprefix("sha256:").strip()
    return bytes.fromhex(value) if len(value) == 64 else base64.b32decode(value)
