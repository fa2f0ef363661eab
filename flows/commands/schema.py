"""`cleancopy schema`: what the columns of the archive's tables mean."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from flows.commands.document import JsonOption
from flows.output import print_json_rows, print_table

if TYPE_CHECKING:
    import pyarrow as pa

EXAMPLES = """Examples:

  cleancopy schema

  cleancopy schema --json | jq '.[] | select(.table == "captures")'
"""


def schema(json: JsonOption = False) -> None:
    """List every field of every table of an archive, with its type and what it means."""
    from schemas.tables import TABLES

    if json:
        print_json_rows(row for name, table in TABLES.items() for row in _fields(name, table))
        return
    for name, table in TABLES.items():
        typer.echo(typer.style(name, bold=True))
        rows = _fields(name, table)
        print_table(
            ("field", "type", "description"), ((r["field"], r["type"], r["description"]) for r in rows), width=120
        )
        typer.echo()


def _fields(table: str, fields: "pa.Schema | pa.StructType", under: str = "") -> Iterator[dict[str, object]]:
    """Yield the fields of a table, those inside lists of structures after the list itself."""
    for field in fields:
        kind = field.type
        inner = kind.value_type if _is_list(kind) else kind
        nested = inner if _is_struct(inner) else None
        yield {
            "table": table,
            "field": under + field.name,
            "type": ("list of structures" if nested else f"list of {inner}") if _is_list(kind) else str(kind),
            "nullable": field.nullable,
            "description": (field.metadata or {}).get(b"description", b"").decode("utf-8"),
        }
        if nested is not None:
            yield from _fields(table, nested, f"{under}{field.name}.")


def _is_list(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return pa.types.is_list(kind)


def _is_struct(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return pa.types.is_struct(kind)
