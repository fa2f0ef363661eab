"""Editions: the archive as of one version in plain Parquet, described as a Data Package 2.0 (datapackage.org)."""

import fcntl
import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.archive import Archive, ArchiveError
from archive.read import Reader
from archive.seal import canonical, instant
from archive.write import Run, commit_event
from schemas.tables import REVISIONS

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_OURS = re.compile(r"\.?(documents-[0-9]{5}\.parquet|datapackage\.json)(\.tmp)?")
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_FILE_ROWS = 65_536
_GROUP_ROWS = 2_048
_KINDS = (
    (pa.types.is_string, "string"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_list, "array"),
    (pa.types.is_struct, "object"),
)


class EditionError(ValueError):
    """An edition that cannot be made as asked: the message says what to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition that was made: where it is, how many documents and bytes it has, and the SHA-256 of each file."""

    name: str
    folder: Path
    version: int
    seal: str
    documents: int
    size: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class _File:
    """One Parquet file of an edition, still in the spool."""

    path: Path
    rows: int
    sha256: str


def edition_schema() -> pa.Schema:
    """Return what an edition's rows are: the fields of `revisions`, but for what proves or accounts for them.

    The account of a page's blocks says nothing without the raw record, which an edition does not hold.
    """
    filled = "Clean text with the publisher's forms; equal to `text` where no name was rewritten"
    fields = [f for f in REVISIONS if f.name not in {"blocks", "salt", "commitment"}]
    described = [f.with_metadata({"description": filled}) if f.name == "text_as_written" else f for f in fields]
    return pa.schema(described).with_metadata(REVISIONS.metadata)


def export(reader: Reader, name: str) -> Edition:
    """Write the documents as of the reader's version, each once, into editions/<name>/ and record it in `events`.

    EditionError where the name cannot be a folder's or is taken; ArchiveError where the archive cannot be written.
    """
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise EditionError(f"{name!r} cannot name an edition: use Latin letters, digits, and . _ - between them")
    archive, version = reader.archive, reader.version
    spool = archive.cache / "editions" / uuid.uuid4().hex
    spool.mkdir(parents=True)
    try:
        with _alone(archive), archive.shared():
            _refuse_taken(archive, name)
            files = list(_write(reader, spool))
            package = _package(name, reader, files)
            path = spool / "datapackage.json"
            path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")
            size = sum(file.path.stat().st_size for file in files) + path.stat().st_size
            placed = _put(archive, name, [*(file.path for file in files), path])
            documents = sum(file.rows for file in files)
            detail = {"documents": documents, "files": sorted(placed), "name": name, "seal": version.seal}
            row: dict[str, object] = {
                "doc_id": "",
                "event_id": uuid.uuid4().hex,
                "kind": "edition",
                "recorded_at": datetime.now(UTC),
                "version": version.version,
                "detail": canonical(detail),
            }
            commit_event(archive, _run(reader, spool), row, placed)
    finally:
        shutil.rmtree(spool, ignore_errors=True)
    folder = archive.folder.path(f"editions/{name}")
    return Edition(name, folder, version.version, version.seal, documents, size, placed)


@contextmanager
def _alone(archive: Archive) -> Iterator[None]:
    """Let one edition at a time be made, so that two cannot take one name."""
    with (archive.cache / "editions.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _refuse_taken(archive: Archive, name: str) -> None:
    """Raise EditionError if there is such an edition; remove what a stopped export of that name has left."""
    log = archive.log("events")
    taken = {file for number in range(1, log.newest + 1) for file in log.files_of(number)}
    present = list(archive.folder.names(f"editions/{name}"))
    strange = [file for file in present if not _OURS.fullmatch(Path(file).name)]
    if strange or any(file.startswith(f"editions/{name}/") for file in taken):
        place = archive.folder.path(f"editions/{name}")
        raise EditionError(f"{place} exists, and an edition never changes: choose another name")
    for file in present:
        archive.folder.remove(file)


def _write(reader: Reader, spool: Path) -> Iterator[_File]:
    """Write the documents, sorted by doc_id, into files of a bounded number of rows; at least one file."""
    schema = edition_schema()
    columns = ", ".join(f'"{field}"' for field in schema.names)
    batches = (
        pa.Table.from_batches([batch]).cast(schema)
        for batch in reader.sql(f"SELECT {columns} FROM documents ORDER BY doc_id")  # noqa: S608 - our own names
    )
    held = next(batches, schema.empty_table())
    number = 0
    while number == 0 or held.num_rows:
        path = spool / f"documents-{number:05d}.parquet"
        rows = 0
        with pq.ParquetWriter(
            path, schema, compression="zstd", compression_level=3, write_page_checksum=True, write_page_index=True
        ) as writer:
            while held.num_rows and rows < _FILE_ROWS:
                piece = held.slice(0, _FILE_ROWS - rows)
                writer.write_table(piece, row_group_size=_GROUP_ROWS)
                rows += piece.num_rows
                held = held.slice(piece.num_rows)
                held = held if held.num_rows else next(batches, schema.empty_table())
        with path.open("rb") as stream:
            yield _File(path, rows, hashlib.file_digest(stream, "sha256").hexdigest())
        number += 1


def _package(name: str, reader: Reader, files: list[_File]) -> dict[str, object]:
    version = reader.version
    fields = [
        {
            "name": field.name,
            "type": next(kind for is_kind, kind in _KINDS if is_kind(field.type)),
            "description": (field.metadata or {}).get(b"description", b"").decode("utf-8"),
        }
        for field in edition_schema()
    ]
    return {
        "$schema": _PROFILE,
        "name": name.lower(),
        "title": f"{name}: version {version.version} of the cleancopy archive {reader.archive.archive_id}",
        "description": (
            "Each document once, as it was in that version; withdrawn documents are left out. "
            f"The version was made at {version.time} with the naming policy {version.policy}."
        ),
        "created": instant(datetime.now(UTC)),
        "version": str(version.version),
        "seal": version.seal,
        "archive": reader.archive.archive_id,
        "resources": [
            {
                "name": file.path.stem,
                "type": "table",
                "path": file.path.name,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": file.path.stat().st_size,
                "hash": f"sha256:{file.sha256}",
                "rows": file.rows,
                "schema": {"fields": fields, "primaryKey": ["doc_id"]},
            }
            for file in files
        ],
    }


def _put(archive: Archive, name: str, paths: list[Path]) -> dict[str, str]:
    try:
        return {f"editions/{name}/{p.name}": archive.folder.put(f"editions/{name}/{p.name}", p) for p in paths}
    except PermissionError as error:
        raise ArchiveError(f"{archive.folder.root} cannot be written: {error}") from error


def _run(reader: Reader, spool: Path) -> Run:
    version = reader.version
    code = f"cleancopy {installed('cleancopy')}"
    return Run(spool.name, "export", code, version.recipe, version.recipe_parts, spool)
