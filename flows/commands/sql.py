"""`cleancopy sql`: questions to the archive."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.document import ArchiveOption, AtOption, JsonOption, as_stored, the_archive
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

_LAST_DAY = 2**31 - 1
_LAST_TIME = 2**63 - 1
"""What DuckDB means by infinity, in days and in every unit of time."""
_A_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


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
            found = reader.sql(as_stored(query))
            if json:
                print_json_rows(_rows(found))
            else:
                print_table(_names(found), _lines(found))
                say(f"as of version {reader.version.version} (captures, events and versions are whole)")
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
        yield from zip(*(_values(column) for column in columns), strict=True)


def _values(column: "pa.Array[Any]") -> list[object]:
    try:
        return list(column.to_pylist(maps_as_pydicts="lossy"))
    except OverflowError:
        return [_value(scalar) for scalar in column]


def _value(scalar: "pa.Scalar[pa.DataType]") -> object:
    """Return a value whose days and times may lie outside of Python's years, 1 to 9999: these as text."""
    import pyarrow as pa

    match scalar:
        case pa.MapScalar() if scalar.is_valid:
            pairs = ((entry["key"], entry["value"]) for entry in scalar.values or ())
            return {str(_value(key)): _value(value) for key, value in pairs}
        case pa.ListScalar() | pa.FixedSizeListScalar() if scalar.is_valid:
            return [_value(item) for item in scalar.values or ()]
        case pa.StructScalar() if scalar.is_valid:
            return {name: _value(member) for name, member in scalar.items()}
    try:
        return scalar.as_py()
    except OverflowError:
        return _far(scalar)


def _far(scalar: "pa.Scalar[pa.DataType]") -> str:
    """Return a day or a time outside of Python's years as DuckDB writes it."""
    import pyarrow as pa

    kind = scalar.type
    count = scalar.cast(pa.int32() if pa.types.is_date32(kind) else pa.int64()).as_py()
    if abs(count) == (_LAST_DAY if pa.types.is_date32(kind) else _LAST_TIME):
        return "infinity" if count > 0 else "-infinity"
    a_day = _A_DAY.get(getattr(kind, "unit", ""), 1)
    days, ticks = divmod(count, a_day)
    # the calendar repeats itself every 400 years
    cycles, rest = divmod(days, 146_097)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=rest, microseconds=ticks * _A_DAY["us"] // a_day)
    year = moment.year + 400 * cycles
    day = f"{year:04}-{moment:%m-%d}" if year > 0 else f"{1 - year:04}-{moment:%m-%d} (BC)"
    if pa.types.is_date32(kind):
        return day
    fraction = f".{moment:%f}".rstrip("0") if moment.microsecond else ""
    return f"{day} {moment:%H:%M:%S}{fraction}" + ("+00" if getattr(kind, "tz", None) else "")


def _is_fine(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return pa.types.is_timestamp(kind) and getattr(kind, "unit", "") == "ns"
