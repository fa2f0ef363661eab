"""What rows must be to each other: documents, their revisions, the captures they were made from."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archive.audit_account import misfit
from archive.audit_chain import Edition
from archive.audit_json import loads, mapping
from archive.audit_rows import Located, Proofs
from schemas.finding import Finding

EMPTY = hashlib.sha256(b"").digest()
"""Digest of no bytes."""


@dataclass(frozen=True, slots=True)
class Caught:
    """What later checks need of a capture: its document and the SHA-256 of its bytes; None once erased."""

    doc_id: str
    raw: bytes | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A capture that found a page gone: its id, when, and the run that made it."""

    capture: bytes
    moment: datetime
    run: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """A WARC record that a capture names: its file, a hint of its offset, and the SHA-256 its payload must have."""

    file: str
    offset: int
    raw: bytes | None


@dataclass(slots=True)
class States:
    """What is known after reading rows: captures by id, WARC records by id, and the newest revision numbers.

    About 700 bytes a document: 70 MB for 100,000.
    """

    captures: dict[bytes, Caught] = field(default_factory=dict)
    records: dict[bytes, Record] = field(default_factory=dict)
    erased: set[bytes] = field(default_factory=set)
    gone: dict[str, list[Gone]] = field(default_factory=dict)
    newest: dict[bytes, int] = field(default_factory=dict)
    fresh: dict[bytes, list[int]] = field(default_factory=dict)


def check_capture(located: Located, states: States, proofs: Proofs) -> Iterator[Finding]:
    """Check a capture row, and keep what its revisions and its WARC record are checked with."""
    if located.erased:
        proofs.erased += 1
    else:
        proofs.captured[located.text("run_id") or "", located.text("verdict") or ""] += 1
    yield from _identity(located)
    name = as_bytes(located.text("capture_id"))
    doc_id = located.text("doc_id") or ""
    if name is None:
        yield located.finding("capture-wrong", "its id is no UUID")
        return
    if name in states.captures and located.sound:
        yield located.finding("capture-wrong", "another row has the same id")
        return
    raw = as_bytes(located.text("raw_sha256"))
    states.captures[name] = Caught(doc_id, raw)
    if located.erased:
        states.erased.add(name)
        return
    moment = located.row.get("captured_at")
    if located.text("verdict") == "gone" and isinstance(moment, datetime):
        states.gone.setdefault(doc_id, []).append(Gone(name, moment, located.text("run_id")))
    record = as_bytes(located.text("warc_record_id"))
    file, offset = located.text("warc_file"), located.row.get("warc_offset")
    if record is not None and file is not None:
        known = states.records.setdefault(record, Record(file, offset if isinstance(offset, int) else 0, raw))
        if known.raw != raw:
            yield located.finding("capture-wrong", "another capture names the same record with another digest")
    elif raw not in {None, EMPTY}:
        yield located.finding("raw-missing", "it has bytes by its digest, and names no record that holds them")


def check_revision(located: Located, states: States, proofs: Proofs) -> Iterator[Finding]:
    """Check a revision row: its place in history, its text, its ledger, and the capture it was made from."""
    row, version = located.row, located.part.version
    proofs.of(version).revisions += 1
    if located.sound and version is not None and row.get("version") != version:
        yield located.finding(
            "version-wrong", f"it says version {row.get('version')}, and version {version} brought it"
        )
    doc_id, revision = as_bytes(located.text("doc_id")), row.get("revision")
    if doc_id is None or not isinstance(revision, int):
        yield located.finding("revision-number-wrong", "its document or number is no such thing")
    else:
        states.fresh.setdefault(doc_id, []).append(revision)
    if located.erased:
        return
    yield from _identity(located)
    yield from _text(located)
    if located.text("cause") == "gone" and "captures" not in proofs.incomplete:
        yield from _gone(located, states)
    name = located.text("capture_id")
    caught = states.captures.get(as_bytes(name) or b"") if name is not None else None
    if name is not None and caught is None and "captures" not in proofs.incomplete:
        yield located.finding("capture-missing", f"it was made from capture {name}, of which there is no row")
    if caught is not None and as_bytes(name) not in states.erased:
        if caught.doc_id != located.text("doc_id"):
            yield located.finding("capture-missing", f"it was made from capture {name}, which is of another document")
        elif caught.raw != as_bytes(located.text("raw_sha256")):
            yield located.finding("capture-missing", f"it was made from capture {name}, which has other bytes")


def check_event(located: Located, brought: Mapping[str, dict[str, Edition]]) -> None:
    """Strike off what an event tells of, by its kind, where the event names exactly the files of its commit."""
    path = located.part.add.path
    editions = brought.get(located.text("kind") or "", {})
    if path not in editions:
        return
    try:
        detail = mapping(loads(located.text("detail") or ""), "detail")
    except (ValueError, RecursionError):
        return
    if detail.get("files") == list(editions[path].files):
        del editions[path]


def number_revisions(states: States, proofs: Proofs, name: str) -> Iterator[Finding]:
    """Check that the revisions of the version just read continue each document's numbers. `name`: its log file."""
    for doc_id, numbers in states.fresh.items():
        for number in sorted(numbers):
            wanted = states.newest.get(doc_id, 0) + 1
            if number != wanted and "revisions" not in proofs.incomplete:
                yield Finding(
                    "revision-number-wrong",
                    name,
                    f"document {doc_id.hex()}: revision {number} stands where {wanted} must",
                )
            states.newest[doc_id] = number
    states.fresh.clear()


def as_bytes(hexadecimal: str | None) -> bytes | None:
    """Return the bytes of an id or digest, in hex or as `<urn:uuid:...>`; None where it is neither."""
    if hexadecimal is None:
        return None
    try:
        return bytes.fromhex(hexadecimal.strip("<>").removeprefix("urn:uuid:").replace("-", ""))
    except ValueError:
        return None


def turn_back(text: str, steps: list[Mapping[str, object]]) -> str:
    """Return the text that the steps were applied to; ValueError where an edit does not fit the text.

    >>> turn_back("Ab", [{"edits": [{"start": 1, "end": 3, "before": "cd", "after": "b"}]}])
    'Acd'
    """
    for step in reversed(steps):
        edits = step.get("edits")
        text = _undo(text, edits if isinstance(edits, list) else [])
    return text


def _undo(text: str, edits: list[Mapping[str, object]]) -> str:
    pieces: list[str] = []
    source = place = 0
    for edit in edits:
        match edit:
            case {"start": int(start), "end": int(end), "before": str(before), "after": str(after)}:
                kept = start - source
                after_from = place + kept
                fits = kept >= 0 and end - start == len(before) and text.startswith(after, after_from)
                if not fits or after_from + len(after) > len(text):
                    raise ValueError(f"the edit at {start} does not fit")
                pieces += [text[place:after_from], before]
                source, place = end, after_from + len(after)
            case _:
                raise ValueError("an edit lacks a field")
    return "".join([*pieces, text[place:]])


def _identity(located: Located) -> Iterator[Finding]:
    identity = located.text("identity")
    if identity is None:
        return
    if hashlib.sha256(identity.encode()).hexdigest()[:32] != located.text("doc_id"):
        yield located.finding("doc-id-wrong", f"its doc_id is not that of its identity {identity!r}")


def _gone(located: Located, states: States) -> Iterator[Finding]:
    """Find a withdrawal because a page is gone that two runs, one after the other, have not found gone."""
    name = as_bytes(located.text("capture_id"))
    if located.text("op") != "withdraw":
        yield located.finding("withdrawal-unproven", f"its cause is gone, and its op is {located.text('op')}")
    elif not states.erased:  # an erased capture no longer says what it found
        found = states.gone.get(located.text("doc_id") or "", [])
        last = next((one for one in found if one.capture == name), None)
        if last is None:
            yield located.finding("withdrawal-unproven", f"capture {name.hex() if name else None} did not find it gone")
        elif not any(one.moment < last.moment and one.run != last.run for one in found):
            yield located.finding("withdrawal-unproven", "no run before that had found it gone")


def _text(located: Located) -> Iterator[Finding]:
    text, stated = located.text("text"), located.text("text_sha256")
    if text is None:
        if stated is not None:
            yield located.finding("text-digest-wrong", "it has no text, and a digest of one")
        return
    if hashlib.sha256(text.encode()).hexdigest() != stated:
        yield located.finding("text-digest-wrong", "its text is not what its digest says")
    steps = located.row.get("steps")
    try:
        before = turn_back(text, steps if isinstance(steps, list) else [])
    except ValueError as error:
        yield located.finding("ledger-wrong", f"its text cannot be turned back: {error}")
        return
    if hashlib.sha256(before.encode()).hexdigest() != located.text("extracted_sha256"):
        yield located.finding("ledger-wrong", "turning its text back does not give the extracted text")
        return
    blocks = located.row.get("blocks")
    if isinstance(blocks, bytes) and (wrong := misfit(blocks, before)):
        yield located.finding("account-wrong", wrong)
