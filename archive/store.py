"""The tables on disk: the only module that knows the table format's library.

Append-only Delta tables whose Parquet files are written here with page checksums, since the library's own
writer cannot write them. No checkpoints: the log holds every commit as it was made, and nothing else.
"""

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction

from archive.files import Folder
from archive.log import log_name
from archive.seal import plain
from schemas.tables import TABLES

_CONFIGURATION = {
    "delta.appendOnly": "true",
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}
_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
_DICTIONARY = (
    "site",
    "op",
    "cause",
    "lang",
    "policy",
    "recipe",
    "extractor",
    "run_id",
    "verdict",
    "media_type",
    "kind",
)


class MovedOnError(RuntimeError):
    """Somebody else committed first: read again, compute again, commit again."""


class DamagedError(OSError):
    """A table that cannot be opened; `cleancopy verify` says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A Parquet file written and synced, not yet committed: its name in the archive, size, digest, statistics."""

    name: str
    size: int
    sha256: str
    statistics: str


class Table:
    """One table of the archive, as it is when opened."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self.name = name
        try:
            self._delta = DeltaTable(str(folder.path(name)))
        except (DeltaError, OSError, ValueError) as error:
            raise DamagedError(
                f"{folder.path(name)} cannot be opened: {error}; `cleancopy verify` says more"
            ) from error

    @staticmethod
    def create(folder: Folder, name: str) -> None:
        """Make the table, at Delta version 0."""
        schema = Schema.from_arrow(TABLES[name])
        DeltaTable.create(
            str(folder.path(name)),
            schema=schema,
            mode="error",
            configuration=_CONFIGURATION,
            post_commithook_properties=_HOOKS,
        )

    @property
    def version(self) -> int:
        """Number of the newest commit this object knows."""
        return self._delta.version()

    def files(self) -> list[Path]:
        """Return the paths of the table's Parquet files, sorted."""
        base = self._folder.path(self.name)
        return sorted(base / Path(uri).name for uri in self._delta.file_uris())

    def write_part(self, rows: pa.Table, spool: Path) -> Part:
        """Write rows, sorted by document, into the table's folder; no version shows them before they are committed."""
        rows = rows.sort_by([("doc_id", "ascending")])
        name = f"{self.name}/part-{uuid.uuid4().hex}.parquet"
        local = spool / Path(name).name
        pq.write_table(
            rows.cast(TABLES[self.name]),
            local,
            compression="zstd",
            compression_level=3,
            use_dictionary=[c for c in _DICTIONARY if c in rows.column_names],  # type: ignore[arg-type] # stubs: bool
            write_page_checksum=True,
            write_page_index=True,
            row_group_size=16_384,
        )
        size = local.stat().st_size
        sha256 = self._folder.put(name, local)
        local.unlink()
        return Part(name, size, sha256, _statistics(rows))

    def commit(self, parts: Sequence[Part], metadata: Mapping[str, str], run: str) -> int:
        """Commit on exactly the version this object was opened at; MovedOnError where there is a newer one."""
        base = self.version
        modified = max((int(self._folder.path(p.name).stat().st_mtime * 1000) for p in parts), default=0)
        actions: list[AddAction | RemoveAction] = [
            AddAction(Path(p.name).name, p.size, {}, modified, data_change=True, stats=p.statistics) for p in parts
        ]
        try:
            self._delta.create_write_transaction(
                actions,
                mode="append",
                schema=self._delta.schema(),
                commit_properties=CommitProperties(
                    custom_metadata=dict(metadata),
                    app_transactions=[Transaction(run, base + 1)],
                    max_commit_retries=0,
                ),
                post_commithook_properties=_HOOKS,
            )
        except CommitFailedError as error:
            raise MovedOnError(f"{self.name} moved on from version {base}") from error
        _sync(self._folder.path(log_name(self.name, base + 1)))
        self._delta = DeltaTable(str(self._folder.path(self.name)))
        return base + 1


def _sync(path: Path) -> None:
    """Bring a file the library wrote, and its name, to the disk."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _statistics(rows: pa.Table) -> str:
    """Return Delta's file statistics; of doc_id, version and recorded_at only, since the log cannot be erased."""
    columns = [c for c in ("doc_id", "version", "recorded_at") if c in rows.column_names]
    least: dict[str, object] = {}
    most: dict[str, object] = {}
    for column in columns:
        values = pc.drop_null(rows[column])
        if len(values):
            least[column], most[column] = plain(pc.min(values).as_py()), plain(pc.max(values).as_py())
    nulls = {column: rows[column].null_count for column in columns}
    return json.dumps({"numRecords": rows.num_rows, "minValues": least, "maxValues": most, "nullCount": nulls})
