"""WARC files record by record: each is read once, from its start to its end, and every payload is digested.

After a place that cannot be read, reading goes on at the next offset that a capture gives as a hint, so that
one damaged record is told apart from a lost file.
"""

import base64
import hashlib
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwarc.stream_io import FastWARCError
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from archive.audit_files import Fixity, Progress
from archive.audit_rows import Proofs
from archive.audit_states import Record, States, as_bytes
from schemas.finding import Finding

_BLOCK = 1 << 18
_UNREADABLE = (FastWARCError, OSError, ValueError, EOFError, OverflowError)


@dataclass(frozen=True, slots=True)
class _Payload:
    """A record as read: its id, what it refers to (a revisit only), the digest of its payload, and the stated one."""

    name: bytes
    refers_to: bytes | None
    revisit: bool
    sha256: bytes
    stated: bytes | None


def audit_raw(
    folder: Path, paths: list[str], fixity: Fixity, known: tuple[States, Proofs], progress: Progress
) -> Iterator[Finding]:
    """Check that every capture's record is there with its bytes, and that every record is some capture's."""
    states, proofs = known
    hints: dict[str, list[int]] = {}
    for record in states.records.values():
        hints.setdefault(f"raw/{record.file}", []).append(record.offset)
    seen: set[bytes] = set()
    for done, path in enumerate(paths):
        progress("records", done, len(paths))
        if path in fixity.missing:
            continue
        for entry in _payloads(folder, path, sorted(hints.get(path, ()))):
            if isinstance(entry, Finding):
                yield entry
            elif entry.name in seen:
                yield Finding("record-unclaimed", path, f"the record {entry.name.hex()} is there twice")
            elif entry.name not in states.records:
                if "captures" not in proofs.incomplete:
                    yield Finding("record-unclaimed", path, f"no capture names the record {entry.name.hex()}")
            else:
                seen.add(entry.name)
                yield from _compare(path, entry, states, whole="captures" not in proofs.incomplete)
    for name, record in states.records.items():
        path = f"raw/{record.file}"
        if name not in seen and path not in fixity.missing:
            yield Finding("raw-missing", path, f"the record {name.hex()} of a capture is not in any WARC file")


def _compare(path: str, entry: _Payload, states: States, *, whole: bool) -> Iterator[Finding]:
    wanted = states.records[entry.name].raw
    who = f"record {entry.name.hex()}"
    if entry.stated not in {None, wanted}:
        yield Finding("raw-changed", path, f"{who} states another digest than its capture")
    elif not entry.revisit:
        if entry.sha256 != wanted:
            yield Finding("raw-changed", path, f"{who} holds {entry.sha256.hex()}, not the bytes that were captured")
    else:
        original: Record | None = states.records.get(entry.refers_to or b"")
        if (original.raw != wanted) if original else whole:
            yield Finding("raw-missing", path, f"{who} refers to one that does not hold the bytes of its capture")


def _payloads(folder: Path, path: str, hints: list[int]) -> Generator[_Payload | Finding, None, None]:
    start = 0
    while True:
        last = start
        try:
            with (folder / path).open("rb") as stream:
                stream.seek(start)
                for record in ArchiveIterator(stream, parse_http=False):
                    last = record.stream_pos
                    payload = _payload(record)
                    if payload is not None:
                        yield payload
        except _UNREADABLE as error:
            detail = " ".join(str(error).split())[:200]
            yield Finding("warc-unreadable", path, f"at or after byte {last}: {detail}")
        else:
            return
        following = bisect_right(hints, last)
        if following == len(hints):
            return
        start = hints[following]


def _payload(record: WarcRecord) -> _Payload | None:
    if record.record_type not in {WarcRecordType.resource, WarcRecordType.response, WarcRecordType.revisit}:
        return None
    if record.record_type == WarcRecordType.response:
        record.parse_http()
    revisit = record.record_type == WarcRecordType.revisit
    refers_to, stated = record.headers.get("WARC-Refers-To"), record.headers.get("WARC-Payload-Digest")
    sha256 = hashlib.sha256()
    while block := record.reader.read(_BLOCK):
        sha256.update(block)
    name = as_bytes(record.record_id)
    return _Payload(name or b"", as_bytes(refers_to), revisit, sha256.digest(), _digest(stated))


def _digest(stated: str | None) -> bytes | None:
    if stated is None or not stated.startswith("sha256:"):
        return None
    value = stated.removeprefix("sha256:").strip()
    return bytes.fromhex(value) if len(value) == 64 else base64.b32decode(value)
