"""One batch of pages, cleaned: what a worker process does. Knows nothing of Prefect, the archive or other batches."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from archive.raw import Place, RawError, read_record
from cleaners.clean import clean
from flows.rows import CANDIDATES, CAPTURED, Row, candidate_row, cleaned_capture, page_of
from schemas.page import Removal, Verdict

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One page to clean: its capture row, where its bytes are, its place in the run.

    `recorded` is true where the capture is in the archive already and only its text is made anew.
    """

    sequence: int
    row: Row
    place: Place
    recorded: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages for one worker, and the file stem for what it makes of them."""

    number: int
    jobs: tuple[Job, ...]
    spool: Path
    recipe: str
    policy: str
    removal: Removal


@dataclass(frozen=True, slots=True)
class Result:
    """What a worker made of a batch: two Arrow files, and how many pages they tell of."""

    number: int
    pages: int
    captures: Path
    candidates: Path


def clean_batch(batch: Batch) -> Result:
    """Clean each page; write `CAPTURED` and `CANDIDATES` rows; a page that fails gets a verdict, not an exception."""
    captures: list[Row] = []
    candidates: list[Row] = []
    for job in batch.jobs:
        captured, candidate = _clean(job, batch)
        if not job.recorded:
            captures.append(captured)
        if candidate is not None:
            candidates.append(candidate | {"sequence": job.sequence})
    return Result(
        batch.number,
        len(batch.jobs),
        write_rows(batch.spool / f"captures-{batch.number:06d}.arrow", captures, CAPTURED),
        write_rows(batch.spool / f"candidates-{batch.number:06d}.arrow", candidates, CANDIDATES),
    )


def write_rows(path: Path, rows: Sequence[Row], schema: pa.Schema) -> Path:
    """Write rows as an Arrow file that can be memory-mapped."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_table(pa.Table.from_pylist(list(rows), schema=schema))
    return path


def read_rows(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read such a file, or some of its columns."""
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    return table.select(list(columns)) if columns else table


def _clean(job: Job, batch: Batch) -> tuple[Row, Row | None]:
    try:
        cleaned = clean(page_of(job.row, read_record(job.place)), batch.policy, batch.removal)
    except RawError as error:
        return job.row | {"verdict": str(Verdict.ERROR), "detail": str(error)}, None
    except Exception as error:  # noqa: BLE001 - one page that meets a bug of ours must not take the run with it
        _log.debug("%s could not be cleaned", job.row["identity"], exc_info=True)
        return job.row | {
            "verdict": str(Verdict.ERROR),
            "detail": f"cleancopy failed: {error!r}; please report it",
        }, None
    captured = cleaned_capture(job.row, cleaned, batch.recipe)
    if cleaned.verdict is not Verdict.OK:
        return captured, None
    candidate = candidate_row(job.row, cleaned, batch.recipe, batch.policy)
    return captured | {"content_sha256": candidate["content_sha256"]}, candidate
