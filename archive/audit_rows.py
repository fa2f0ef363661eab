"""Parquet files row by row: readable, of the right schema, and each row what its commitment says.

Rows are read in batches of some hundred, one row group after the other, so that a damaged one hides no other.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from archive.audit_actions import STATISTICS
from archive.audit_chain import Account, Part
from archive.audit_files import Fixity, Progress
from schemas.finding import Finding
from schemas.tables import SCHEMA_VERSION, TABLES

Row = Mapping[str, object]

_BATCH_ROWS = 256
_UNREADABLE = (OSError, pa.ArrowException, ValueError, OverflowError, RecursionError)


@dataclass(slots=True)
class Proof:
    """What was read of the rows of one version: their commitments, and whether all of them could be read."""

    commitments: list[bytes] = field(default_factory=list)
    revisions: int = 0
    incomplete: bool = False


@dataclass(slots=True)
class Proofs:
    """What was read of all rows, by version, and tables of which some rows could not be read.

    `captured` counts capture rows by run and verdict; `erased` those that no longer say either.
    """

    by_version: dict[int, Proof] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    captured: Counter[tuple[str, str]] = field(default_factory=Counter)
    erased: int = 0

    def of(self, version: int | None) -> Proof:
        """Return the proof of a version; one that counts for nothing where the version is unknown."""
        return Proof() if version is None else self.by_version.setdefault(version, Proof())


@dataclass(frozen=True, slots=True)
class Located:
    """A row, its file, and whether that file is what it was when the row was written."""

    row: Row
    part: Part
    sound: bool

    def finding(self, code: str, detail: str) -> Finding:
        """Return a finding about the row."""
        row = self.row
        name = row.get("capture_id") or row.get("event_id") or row.get("revision")
        if self.part.table == "captures":
            who = f"capture {name}"
        elif self.part.table == "events":
            who = f"event {name}"
        else:
            who = f"document {row.get('doc_id')}, revision {row.get('revision')}"
        return Finding(code, self.part.add.path, f"{who}: {detail}")

    def text(self, column: str) -> str | None:
        """Return a column that holds text; None where it is null."""
        value = self.row.get(column)
        return value if isinstance(value, str) else None

    @property
    def erased(self) -> bool:
        """Whether the row has given up its salt, so that only its commitment is left."""
        return self.row.get("salt") is None


def read_part(
    folder: Path, part: Part, fixity: Fixity, account: Account, proofs: Proofs
) -> Generator[Finding | Located, None, None]:
    """Yield the findings of one file and its rows; what cannot be read is noted in the proofs."""
    path = part.add.path
    if not fixity.sound(path):
        _mark(part, proofs)
    if path in fixity.missing:
        return
    try:
        file = pq.ParquetFile(folder / path, page_checksum_verification=True)
        groups = file.num_row_groups
        differs = _schema(file.schema_arrow, part.table)
    except _UNREADABLE as error:
        _mark(part, proofs)
        yield Finding("parquet-unreadable", path, f"cannot be opened as Parquet: {_short(error)}")
        return
    with file:
        if differs:
            _mark(part, proofs)
            yield Finding("schema-wrong", path, differs)
            return
        bounds, whole = _Bounds(), fixity.sound(path)
        for group in range(groups):
            try:
                for batch in file.iter_batches(_BATCH_ROWS, row_groups=[group]):
                    bounds.widen(batch)
                    for row in batch.to_pylist():
                        located = Located(row, part, fixity.sound(path))
                        yield from _proven(located, account, proofs)
                        yield located
            except _UNREADABLE as error:
                _mark(part, proofs)
                whole = False
                code = "page-damaged" if "checksum" in str(error).lower() else "parquet-unreadable"
                yield Finding(code, path, f"row group {group}: {_short(error)}")
        if whole:
            yield from _statistics(bounds, part)


@dataclass(slots=True)
class _Bounds:
    """What was read of a file: its rows, and of each column that may have statistics its bounds and nulls."""

    rows: int = 0
    least: dict[str, object] = field(default_factory=dict)
    most: dict[str, object] = field(default_factory=dict)
    nulls: Counter[str] = field(default_factory=Counter)

    def widen(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        for name in STATISTICS:
            if name not in batch.schema.names:
                continue
            column = batch.column(name)
            self.nulls[name] += column.null_count
            values = pc.drop_null(column)
            if len(values):
                for known, choose in ((self.least, pc.min), (self.most, pc.max)):
                    both = pa.array([choose(values).as_py(), known.get(name)], column.type)
                    known[name] = choose(both).as_py()

    def statistics(self) -> dict[str, object]:
        """Return them as a commit states them."""
        found: dict[str, object] = {"numRecords": self.rows}
        for bounds, values in (("minValues", self.least), ("maxValues", self.most), ("nullCount", self.nulls)):
            found |= {f"{bounds}.{name}": _plain(value) for name, value in values.items()}
        return found


def roots(proofs: Proofs, wanted: Mapping[int, tuple[str, str]]) -> Iterator[Finding]:
    """Compare each version's rows with the Merkle root it sealed. `wanted`: version → (root, its log file)."""
    for version, (root, name) in wanted.items():
        proof = proofs.by_version.get(version, Proof())
        if not proof.incomplete and merkle_root(proof.commitments) != root:
            yield Finding("root-wrong", name, f"the rows of version {version} are not those it sealed")


def merkle_root(commitments: list[bytes]) -> str:
    """Return the root over the sorted commitments, RFC 6962 section 2.1, in hex."""
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in sorted(commitments)]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)] + odd
    return (level[0] if level else hashlib.sha256(b"").digest()).hex()


def progressed(parts: list[Part], progress: Progress) -> Iterator[Part]:
    """Yield the parts, and tell how far it has come."""
    for done, part in enumerate(parts):
        progress("rows", done, len(parts))
        yield part


def _mark(part: Part, proofs: Proofs) -> None:
    proofs.of(part.version).incomplete = True
    proofs.incomplete.add(part.table)


def _schema(found: pa.Schema, table: str) -> str:
    """Say how a file's schema differs from the table's; a file may lack fields that were added later."""
    wanted = TABLES[table]
    label = (found.metadata or {}).get(b"cleancopy.schema_version", b"").decode("ascii", "replace")
    if not label.isdecimal() or int(label[:9]) > SCHEMA_VERSION:
        return f"its schema has version {label!r}, and this cleancopy knows up to {SCHEMA_VERSION}"
    if len(found) < len(wanted) and int(label) == SCHEMA_VERSION:
        return f"it has {len(found)} fields, and schema version {label} has {len(wanted)}"
    by_name = {entry.name: entry for entry in wanted}
    for entry in found:
        if entry.name not in by_name or not entry.equals(by_name[entry.name], check_metadata=False):
            return f"its field {entry.name!r} is none of the table's: {entry.type}"
    lacking = [entry.name for entry in wanted if not entry.nullable and entry.name not in found.names]
    if lacking or len(set(found.names)) != len(found.names):
        return f"it has a field twice, or lacks {', '.join(lacking)}"
    return ""


def _statistics(bounds: _Bounds, part: Part) -> Iterator[Finding]:
    found = bounds.statistics()
    for name, stated in part.add.statistics.items():
        # as JSON: to Python, true is 1
        if name not in found or json.dumps(stated) != json.dumps(found[name]):
            detail = f"has {name} {found.get(name)!r}; its commit says {str(stated)[:80]!r}"
            yield Finding("log-disagrees", part.add.path, detail)


def _proven(located: Located, account: Account, proofs: Proofs) -> Iterator[Finding]:
    row = located.row
    proof = proofs.of(located.part.version)
    stated = located.text("commitment") or ""
    try:
        proof.commitments.append(bytes.fromhex(stated))
        if not located.erased:
            salt = bytes.fromhex(located.text("salt") or "")
            if hashlib.sha256(salt + canonical(row).encode()).hexdigest() != stated:
                yield located.finding("commitment-wrong", "its fields are not those its commitment was made of")
    except ValueError:
        yield located.finding("commitment-wrong", "its commitment or salt is no hexadecimal number")
    if not located.erased:
        return
    needed = {entry.name for entry in TABLES[located.part.table] if not entry.nullable}
    left = sorted(name for name, value in row.items() if value is not None and name not in needed)
    if located.part.add.path not in account.rewritten:
        yield located.finding("row-unproven", "it has no salt, and no erasure rewrote its file")
    elif left:
        yield located.finding("row-unproven", f"it is erased and still says something: {', '.join(left)}")


def canonical(row: Row) -> str:
    """Return the row as its commitment takes it: JSON, sorted, without nulls, salt and commitment."""
    content = {name: _plain(v) for name, v in row.items() if v is not None and name not in {"salt", "commitment"}}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
