"""The rows of one version: what a run decided on, from the spool, in tables of a size that makes good Parquet files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from flows.batch import read_rows
from flows.decide import Decisions
from flows.rows import CANDIDATES, in_parts
from flows.withdrawals import Withdrawal
from schemas.tables import REVISIONS


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every revision of a version says of it: its number and the run that made it."""

    version: int
    run_id: str

    def on(self, table: pa.Table, columns: Mapping[str, list[object]]) -> pa.Table:
        """Return the table with `columns` and the stamp."""
        count = table.num_rows
        stamped: dict[str, list[object]] = {
            **columns,
            "version": [self.version] * count,
            "recorded_at": [datetime.now(UTC)] * count,
            "run_id": [self.run_id] * count,
        }
        for name, values in stamped.items():
            table = table.append_column(name, pa.array(values, REVISIONS.field(name).type))
        return table


def revision_rows(
    spool: Path, decisions: Decisions, withdrawn: Mapping[str, Withdrawal], stamp: Stamp
) -> Iterator[pa.Table]:
    """Yield the rows of `revisions`: the candidates in the spool that were decided on, then withdrawals."""
    return in_parts(
        table
        for tables in (_decided(spool, decisions, stamp), _withdrawals(withdrawn, stamp))
        for table in tables
        if table.num_rows
    )


def _decided(spool: Path, decisions: Decisions, stamp: Stamp) -> Iterator[pa.Table]:
    for path in sorted(spool.glob("candidates-*.arrow")):
        table = read_rows(path)
        sequences = [int(str(s)) for s in table["sequence"].to_pylist()]
        wanted = [i for i, s in enumerate(sequences) if s in decisions.by_sequence]
        table = table.take(pa.array(wanted, pa.int64()))
        made = [decisions.by_sequence[sequences[i]] for i in wanted]
        columns: dict[str, list[object]] = {
            "revision": [d.revision for d in made],
            "op": [d.op for d in made],
            "cause": [d.cause for d in made],
        }
        yield stamp.on(table.drop_columns(["sequence"]), columns)


def _withdrawals(withdrawn: Mapping[str, Withdrawal], stamp: Stamp) -> Iterator[pa.Table]:
    made = withdrawn.values()
    columns: dict[str, list[object]] = {
        "revision": [w.revision for w in made],
        "op": ["withdraw"] * len(made),
        "cause": [w.cause for w in made],
    }
    table = pa.Table.from_pylist([w.row for w in made], schema=CANDIDATES)
    yield stamp.on(table.drop_columns(["sequence"]), columns)
