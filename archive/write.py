"""Rows → one version: captures first, then the revisions commit that names them and is the version.

Every file is synced and whole before a commit names it, so a run that is killed at any moment leaves the last
version as it was.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.archive import FORMAT, Archive, ArchiveError, write_seal_file
from archive.log import log_name
from archive.seal import canonical, commitment, digest, instant, merkle_root
from archive.store import MovedOnError, Part, Table
from archive.versions import Version, read_version
from schemas.tables import TABLES

_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class Run:
    """What a version says of the run that made it; `adopted` are killed runs whose captures it took in."""

    run_id: str
    command: str
    code: str
    recipe: str
    recipe_parts: dict[str, str]
    spool: Path
    adopted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions of one version: tables of rows without salt and commitment, and the run's counts."""

    rows: Iterable[pa.Table]
    counts: dict[str, int] = field(default_factory=dict)


def commit_captures(archive: Archive, run: Run, rows: Iterable[pa.Table], warcs: Sequence[Path]) -> int:
    """Put the WARC files, write the capture rows, commit both; return the captures version."""
    files = {f"raw/{path.name}": archive.folder.put(f"raw/{path.name}", path) for path in warcs}
    table = archive.table("captures")
    parts = [table.write_part(_committed(chunk, "captures"), run.spool) for chunk in rows if chunk.num_rows]
    return _commit(archive, "captures", parts, files, run)


def commit_event(archive: Archive, run: Run, row: dict[str, object], files: dict[str, str]) -> int:
    """Commit one row of `events`, with the digests of the files it brings; the next version seals it."""
    table = archive.table("events")
    rows = pa.Table.from_pylist([row], schema=_unsigned("events"))
    return _commit(archive, "events", [table.write_part(_committed(rows, "events"), run.spool)], files, run)


def commit_version(archive: Archive, run: Run, captures: int, compute: Callable[[int], Revisions]) -> Version:
    """Commit one version and return it.

    `compute` gives the revisions of version number n; it is asked again where another run has committed in the
    meantime, so it must read the archive anew each time.
    """
    for _ in range(_ATTEMPTS):
        table = archive.table("revisions")
        number = table.version + 1
        revisions = compute(number)
        draft = _Draft(table, captures, revisions.counts)
        for chunk in revisions.rows:
            rows = _committed(chunk, "revisions")
            draft.leaves.extend(_column(rows, "commitment"))
            draft.parts.append(table.write_part(rows, run.spool))
        metadata = _version_metadata(archive, run, draft)
        try:
            table.commit(draft.parts, metadata, run.run_id)
        except MovedOnError:
            for part in draft.parts:
                archive.folder.remove(part.name)
            continue
        write_seal_file(archive)
        return read_version(archive.log("revisions"), number)
    raise ArchiveError(f"other runs committed {_ATTEMPTS} times while this one tried; nothing was lost: run it again")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A version in the making: the table as it was, what it is to name, and what was written for it."""

    table: Table
    captures: int
    counts: dict[str, int]
    parts: list[Part] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)


def _version_metadata(archive: Archive, run: Run, draft: _Draft) -> dict[str, str]:
    table = draft.table
    previous = read_version(archive.log("revisions"), table.version) if table.version else None
    files = {part.name: part.sha256 for part in draft.parts} | _previous_log(archive, table)
    if previous is None:
        files |= {name: archive.folder.digest(name) for name in ("README.txt", "cleancopy.json")}
    ranges = {
        # another run may have named our captures already
        "captures": (previous.captures, max(previous.captures, draft.captures)) if previous else (0, draft.captures),
        "events": (previous.events if previous else 0, archive.log("events").newest),
    }
    leaves = draft.leaves + [
        c for name, (after, upto) in ranges.items() for c in commitments(archive, name, after, upto)
    ]
    listed = canonical(files)
    body = canonical(
        {
            "format": FORMAT,
            "version": table.version + 1,
            "previous_seal": previous.seal if previous else "",
            "archive_id": archive.archive_id,
            "time": instant(datetime.now(UTC)),
            "run_id": run.run_id,
            "command": run.command,
            "code": run.code,
            "policy": run.recipe_parts.get("policy", archive.policy),
            "recipe": run.recipe,
            "recipe_parts": run.recipe_parts,
            "counts": draft.counts,
            "root": merkle_root(leaves),
            "files_sha256": digest(listed),
            **({"adopted": list(run.adopted)} if run.adopted else {}),
            **{
                name: {"from": after, "to": upto, "log_sha256": archive.folder.digest(log_name(name, upto))}
                for name, (after, upto) in ranges.items()
            },
        }
    )
    return {"cleancopy.files": listed, "cleancopy.body": body, "cleancopy.seal": digest(body)}


def commitments(archive: Archive, name: str, after: int, upto: int) -> list[str]:
    """Return the commitments of the rows that Delta versions after < v <= upto of a table brought."""
    log = archive.log(name)
    found: list[str] = []
    for version in range(after + 1, upto + 1):
        for path in log.added(version):
            found += _column(pq.read_table(path, columns=["commitment"]), "commitment")
    return found


def _column(rows: pa.Table, name: str) -> list[str]:
    return [value for value in rows[name].to_pylist() if value is not None]


def _commit(archive: Archive, name: str, parts: Sequence[Part], files: dict[str, str], run: Run) -> int:
    """Commit parts that depend on no other row: where another run was first, simply after it."""
    for _ in range(_ATTEMPTS):
        table = archive.table(name)
        listed = files | {part.name: part.sha256 for part in parts} | _previous_log(archive, table)
        try:
            version = table.commit(parts, {"cleancopy.files": canonical(listed)}, run.run_id)
        except MovedOnError:
            continue
        write_seal_file(archive)
        return version
    raise ArchiveError(f"other runs committed {_ATTEMPTS} times while this one tried; nothing was lost: run it again")


def _previous_log(archive: Archive, table: Table) -> dict[str, str]:
    name = log_name(table.name, table.version)
    return {name: archive.folder.digest(name)}


def _unsigned(name: str) -> pa.Schema:
    """Return a table's schema without the two fields that are added last."""
    schema = TABLES[name]
    return pa.schema([f for f in schema if f.name not in {"salt", "commitment"}])


def _committed(rows: pa.Table, name: str) -> pa.Table:
    """Return the rows with a fresh salt and the commitment each."""
    rows = rows.select(_unsigned(name).names).cast(_unsigned(name))
    salts = [secrets.token_hex(16) for _ in range(rows.num_rows)]
    sums = [commitment(row, salt) for row, salt in zip(rows.to_pylist(), salts, strict=True)]
    return rows.append_column(TABLES[name].field("salt"), pa.array(salts, pa.string())).append_column(
        TABLES[name].field("commitment"), pa.array(sums, pa.string())
    )
