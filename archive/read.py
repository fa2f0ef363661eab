"""Reading an archive as of any version: DuckDB over the tables' files, shut off from everything else.

Nothing is written into the archive's folder, so a read-only disk will do; files are found by the folder that was
opened, so a moved archive will do. Pages of Parquet files are checked against their checksums as they are read.
"""

import functools
import operator
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Protocol

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from archive.archive import Archive
from archive.store import DamagedError
from archive.versions import Version, find_version, versions
from schemas.tables import TABLES

Row = dict[str, object]

_MEMORY = "2GB"
"""What a query may hold; more of it goes into the cache."""
_SHUT = (
    "SET TimeZone = 'UTC'",
    "SET preserve_insertion_order = false",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
"""A query reads the archive's tables and nothing else: no file, no variable of ours, no extension."""

_VIEWS = """
CREATE VIEW revisions AS
  SELECT * REPLACE (coalesce(text_as_written, text) AS text_as_written) FROM all_revisions WHERE version <= {version};
CREATE VIEW states AS
  SELECT * FROM revisions r
  SEMI JOIN (
    SELECT doc_id, max(struct_pack(captured_at := captured_at, version := version, revision := revision)) AS head
    FROM revisions GROUP BY doc_id) h
  ON r.doc_id = h.doc_id AND r.version = h.head.version AND r.revision = h.head.revision;
CREATE VIEW documents AS SELECT * FROM states WHERE op NOT IN ('withdraw', 'erase');
"""


_FEW = 256
"""Rows unpacked at a time."""
_OF_A_FILE = "reading the stream registered as"
_DAMAGED = "a table cannot be read: {}; `cleancopy verify` says more"


class QueryError(ValueError):
    """A query that cannot be answered: the message is DuckDB's own."""


class UnknownDocumentError(LookupError):
    """No document, or more than one, answers to what was asked for."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a document is called; `identity` is None once it was erased."""

    doc_id: str
    identity: str | None


class Rows(Protocol):
    """Batches of rows: what pyarrow's RecordBatchReader is."""

    @property
    def schema(self) -> pa.Schema:
        """Return the columns."""

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Yield the batches."""


class Reader:
    """An archive as of one version.

    `sql` knows the views `documents` (the state of each document at the version, withdrawn ones left out),
    `states` (the same with them), `revisions` (up to the version), and `captures`, `events` and `versions` (all).
    Salts are in none of them, and `text_as_written` is filled in.
    """

    def __init__(self, archive: Archive, version: Version, connection: duckdb.DuckDBPyConnection) -> None:
        self.archive = archive
        self.version = version
        self._connection = connection

    def sql(self, query: str, values: Mapping[str, object] | None = None) -> Rows:
        """Return a query's rows as they come; `$name` in it stands for a value. QueryError where it has no answer."""
        with _told():
            match len(self._connection.extract_statements(query)):
                case 0:
                    raise QueryError("the query is empty; `cleancopy schema` lists what can be asked for")
                case number if number > 1:
                    raise QueryError(f"one query at a time, and these are {number}")
            # None for a statement that gives no rows, which its type does not say
            relation: duckdb.DuckDBPyRelation | None = self._connection.sql(query, params=dict(values or {}) or None)
            empty = pa.RecordBatchReader.from_batches(pa.schema([]), [])
            return _Told(relation.to_arrow_reader(2_048) if relation else empty)

    def rows(self, query: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        """Yield a query's rows."""
        for batch in self.sql(query, values):
            yield from batch.to_pylist()

    def state(self, doc_id: str) -> Row | None:
        """Return the state of a document at the version, also where it is a withdrawal; None before its first."""
        query = """
            SELECT version, revision FROM revisions WHERE doc_id = $doc
            ORDER BY captured_at DESC, version DESC, revision DESC LIMIT 1
        """
        head = next(self.rows(query, {"doc": doc_id}), None)
        return head and _find(dataset(self.archive, "revisions"), head | {"doc_id": doc_id})

    def named(self, doc_ids: Sequence[str]) -> list[Name]:
        """Return those of the documents that any version knows, or any capture."""
        return self._names("list_contains($ids, doc_id)", {"ids": list(doc_ids)})

    def begin_with(self, prefix: str) -> list[Name]:
        """Return the documents whose doc_id begins with these hex digits, up to 20."""
        return self._names("doc_id >= $first AND doc_id < $last", {"first": prefix, "last": prefix + "g"})

    def near(self, identity: str) -> list[Name]:
        """Return up to three documents whose identities look most like this one."""
        query = """
            SELECT doc_id, identity
            FROM (SELECT DISTINCT doc_id, identity FROM all_revisions WHERE identity IS NOT NULL)
            WHERE contains(identity, $asked) OR jaro_winkler_similarity(identity, $asked) > 0.7
            ORDER BY contains(identity, $asked) DESC, jaro_winkler_similarity(identity, $asked) DESC, identity LIMIT 3
        """
        return [_name(row) for row in self.rows(query, {"asked": identity})]

    def _names(self, condition: str, values: Mapping[str, object]) -> list[Name]:
        query = f"""
            SELECT doc_id, any_value(identity) AS identity FROM (
              SELECT doc_id, identity FROM all_revisions WHERE {condition}
              UNION ALL SELECT doc_id, identity FROM captures WHERE {condition})
            GROUP BY doc_id ORDER BY doc_id LIMIT 20
        """  # noqa: S608 - the condition is one of ours, the values are parameters
        return [_name(row) for row in self.rows(query, values)]


@contextmanager
def reading(archive: Archive, at: str | None = None) -> Iterator[Reader]:
    """Open an archive as of a version (`find_version` says how it may be named); UnknownVersionError, DamagedError."""
    known = versions(archive)
    version = find_version(known, at)
    spill = archive.cache / "queries" / uuid.uuid4().hex
    with suppress(OSError):  # without room to spill, a query that needs more than memory fails, and no other does
        spill.mkdir(parents=True)
    try:
        with duckdb.connect(":memory:") as connection:
            for name in TABLES:
                connection.register("all_revisions" if name == "revisions" else name, dataset(archive, name))
            connection.register("versions", _version_rows(known))
            connection.execute(_VIEWS.format(version=version.version))
            connection.execute(f"SET temp_directory = '{str(spill).replace(chr(39), chr(39) * 2)}'")
            connection.execute(f"SET memory_limit = '{_MEMORY}'")
            for statement in _SHUT:
                connection.execute(statement)
            yield Reader(archive, version, connection)
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def dataset(archive: Archive, name: str) -> ds.Dataset:
    """Return a table without its salts; fields that older files do not have are null."""
    schema = TABLES[name].remove(TABLES[name].get_field_index("salt"))
    checked = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    paths = [str(path) for path in archive.table(name).files()]
    with _told():
        return ds.dataset(paths, schema=schema, format=ds.ParquetFileFormat(default_fragment_scan_options=checked))


def _find(rows: ds.Dataset, key: Row) -> Row:
    """Return the one row with these values, read only from the row group that has it, and no further than needed."""
    wanted = functools.reduce(operator.and_, (ds.field(name) == value for name, value in key.items()))
    with _told():
        groups = (group for part in rows.get_fragments(filter=wanted) for group in part.split_by_row_group(wanted))
        for group in groups:
            keys = group.to_table(schema=rows.schema, columns=list(key)).to_pylist()
            if key in keys:
                row = _row(group.path, group.row_groups[0].id, keys.index(key))
                row = {name: row.get(name) for name in rows.schema.names}
                filled = row["text"] if row["text_as_written"] is None else row["text_as_written"]
                return row | {"text_as_written": filled}
    raise DamagedError(_DAMAGED.format(f"the revision {key} was there and is not"))


def _row(path: str, group: int, number: int) -> Row:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(_FEW, row_groups=[group], use_threads=False):
            if number < batch.num_rows:
                row: Row = batch.slice(number, 1).to_pylist()[0]
                return row
            number -= batch.num_rows
    raise DamagedError(_DAMAGED.format(f"{path} is shorter than it was"))


class _Told:
    """Batches whose errors say what to do."""

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self._reader = reader

    @property
    def schema(self) -> pa.Schema:
        return self._reader.schema

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        with _told():
            yield from self._reader


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise DamagedError(_DAMAGED.format(error)) from error
    except duckdb.Error as error:
        # DuckDB hands on what pyarrow says of a file as an error of its own, told apart by these words only
        if isinstance(error, duckdb.InvalidInputException) and _OF_A_FILE in str(error):
            raise DamagedError(_DAMAGED.format(error)) from error
        raise QueryError(str(error)) from error


def _version_rows(known: Sequence[Version]) -> pa.Table:
    text, number = pa.string(), pa.int64()
    fields: dict[str, pa.DataType] = {
        "version": number,
        "time": text,
        "command": text,
        "run_id": text,
        "code": text,
        "policy": text,
        "recipe": text,
        "recipe_parts": pa.map_(text, text),
        "counts": pa.map_(text, number),
        "seal": text,
        "previous_seal": text,
        "captures": number,
        "events": number,
    }
    rows = [asdict(v) | {"recipe_parts": list(v.recipe_parts.items()), "counts": list(v.counts.items())} for v in known]
    table = pa.Table.from_pylist(rows, schema=pa.schema(fields))
    place = table.schema.get_field_index("time")
    moments = [row["time"].removesuffix("Z") for row in rows]
    times = pa.array(moments, text).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))
    return table.set_column(place, "time", times)


def _name(row: Row) -> Name:
    return Name(str(row["doc_id"]), str(row["identity"]) if row["identity"] is not None else None)
