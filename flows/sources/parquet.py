"""Pages of a Parquet file, read in batches."""

from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from flows.sources.place import Fault, Place, reason
from flows.sources.rows import BODIES, capture_of_row
from flows.sources.stream import open_regular
from schemas.page import Capture, Verdict

_BATCH = 64
"""Rows held at a time; pages can be large."""

_BUFFER = 1 << 20
"""Bytes read at a time, so that a column of a row group is not held whole."""


def parquet_captures(place: Place, started: datetime) -> Iterator[Capture]:
    """Yield a capture per row; where the file is damaged, one that says so after the rows before it."""
    number = 0
    try:
        with (
            open_regular(place.path) as file,
            pq.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER, page_checksum_verification=True) as table,
        ):
            names = table.schema_arrow.names
            if not set(names) & set(BODIES):
                problem = f"has none of the columns {', '.join(BODIES)}; its columns are {', '.join(names)[:300]}"
                yield place.capture(started, fault=Fault(Verdict.ERROR, problem))
                return
            for batch in table.iter_batches(batch_size=_BATCH):
                for row in _rows(batch):
                    number += 1
                    yield capture_of_row(row, place, number, started)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        problem = f"cannot be read as Parquet after row {number}: {reason(error)}"
        yield place.capture(started, fault=Fault(Verdict.ERROR, problem))


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    columns = [(name, _microseconds(column)) for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    for index in range(batch.num_rows):
        yield {name: _cell(column[index]) for name, column in columns}


def _microseconds(column: "pa.Array[pa.Scalar[pa.DataType]]") -> "pa.Array[pa.Scalar[pa.DataType]]":
    """Return times in the unit Python has; other columns as they are."""
    if isinstance(column.type, pa.TimestampType):
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column


def _cell(scalar: "pa.Scalar[pa.DataType]") -> object:
    try:
        return scalar.as_py()
    except (pa.ArrowException, ValueError, OverflowError):
        # a string that is not UTF-8, or a date Python has no form for
        if isinstance(scalar, pa.StringScalar):
            return scalar.as_buffer().to_pybytes()
        return f"unreadable {scalar.type}"
