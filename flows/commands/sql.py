"""`cleancopy sql`: questions to the archive."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import ArchiveOption, AtOption, JsonOption, the_archive
from flows.errors import UsageError
from flows.output import print_json_rows, print_table, say

if TYPE_CHECKING:
    import pyarrow as pa

    from archive.read import Rows

EXAMPLES = """Examples:

  cleancopy sql "SELECT lang, count(*) FROM documents GROUP BY lang"

  cleancopy sql "FROM documents SELECT title WHERE text ILIKE '%bridge%'" --at 2

  cleancopy sql "SELECT verdict, count(*) AS n FROM captures GROUP BY ALL" --json

  cleancopy schema                                    what the columns mean
"""


def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A query in DuckDB's SQL.")],
    at: AtOption = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Query the archive with SQL: documents, states and revisions as of a version; captures, events, versions.

    The query reads these and nothing else: no file, no network; nothing can be written.
    """
    from archive.read import QueryError, reading

    with reading(the_archive(archive), at) as reader:
        try:
            found = reader.sql(query)
            if json:
                print_json_rows(_rows(found))
            else:
                print_table(_names(found), _lines(found))
                say(f"as of version {reader.version.version}")
        except QueryError as error:
            raise UsageError(str(error)) from error


def _rows(found: "Rows") -> Iterator[dict[str, object]]:
    names = _names(found)
    for line in _lines(found):
        yield dict(zip(names, line, strict=True))


def _names(found: "Rows") -> list[str]:
    """Return the columns' names, a number after each that repeats an earlier one."""
    names: list[str] = []
    for name in found.schema.names:
        number = sum(1 for other in found.schema.names[: len(names)] if other == name)
        names.append(f"{name}_{number}" if number else name)
    return names


def _lines(found: "Rows") -> Iterator[tuple[object, ...]]:
    import pyarrow as pa

    for batch in found:
        columns = [
            # Python's times have no nanoseconds
            (column.cast(pa.timestamp("us", column.type.tz), safe=False) if _is_fine(column.type) else column)
            for column in batch.columns
        ]
        yield from zip(*(column.to_pylist(maps_as_pydicts="lossy") for column in columns), strict=True)


def _is_fine(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return pa.types.is_timestamp(kind) and getattr(kind, "unit", "") == "ns"
