"""`cleancopy changes`: the feed for those who follow an archive."""

from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import ArchiveOption, JsonOption, the_archive
from flows.commands.written import check_outside, written
from flows.errors import UsageError
from flows.output import counted, print_json_rows, print_table, say

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.read import Rows

EXAMPLES = """Examples:

  cleancopy changes --since 3                         every revision after version 3

  cleancopy changes --since 0 --json                  all of them, from the beginning

  cleancopy changes --since 2020-11-09 --parquet feed.parquet
"""

_SHOWN = ("version", "op", "cause", "revision", "identity", "title", "old_text_sha256", "text_sha256")


def changes(
    since: Annotated[
        str, typer.Option("--since", metavar="VERSION", help="What came after this version: number, seal or date.")
    ],
    parquet: Annotated[Path | None, typer.Option("--parquet", metavar="FILE", help="Write a Parquet file.")] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """List every revision after a version, with its cause and the digests of the text before and after."""
    from archive.changes import changes as feed
    from archive.read import reading

    if parquet and json:
        raise UsageError("give --json or --parquet, not both")
    opened = the_archive(archive)
    if parquet:
        check_outside(parquet, opened)
    after = _version_before(opened, since)
    with reading(opened) as reader:
        found = feed(reader, after)
        if parquet:
            rows = _write(found, parquet)
            say(f"{parquet}: {counted(rows, 'revision')} after version {after}, up to {reader.version.version}")
        elif json:
            print_json_rows(row for batch in found for row in batch.to_pylist())
        else:
            lines = (row for batch in found for row in batch.to_pylist())
            first = next(lines, None)
            if first is None:
                say(f"nothing changed after version {after}")
                return
            print_table(_SHOWN, ([_short(row[name]) for name in _SHOWN] for row in chain((first,), lines)))


def _version_before(archive: "Archive", since: str) -> int:
    """Return the version that was the newest by then; 0 for a time before the first."""
    from archive.versions import UnknownVersionError, find_version, versions

    known = versions(archive)
    if since == "0":
        return 0
    try:
        return find_version(known, since).version
    except UnknownVersionError:
        if known and _is_time(since):
            return 0
        raise


def _is_time(asked: str) -> bool:
    try:
        datetime.fromisoformat(asked.removesuffix(" UTC"))
    except ValueError:
        return False
    return True


def _write(found: "Rows", path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from archive.changes import described
    from schemas.tables import REVISIONS

    schema = described(found.schema, REVISIONS)
    rows = 0
    with written(path) as stream, pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in found:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))
            rows += batch.num_rows
    return rows


def _short(value: object) -> object:
    return value[:12] if isinstance(value, str) and len(value) == 64 else value
