"""One batch of pages, cleaned: what a worker process does. Knows nothing of Prefect, the archive or other batches."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from archive.raw import Place, RawError, read_record
from cleaners.clean import TOGETHER, clean_each, read
from flows.memory import adopted_memory
from flows.rows import CANDIDATES, CAPTURED, Row, candidate_row, cleaned_capture, page_of
from schemas.choices import Choices
from schemas.memory import SiteMemory
from schemas.page import Cleaned, Verdict

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
    """Pages for one worker, the spool for what it makes of them, and the file of the site memory, if there is one."""

    number: int
    jobs: tuple[Job, ...]
    spool: Path
    recipe: str
    policy: str
    choices: Choices
    memory: Path | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that gave no text, and why: its verdict, and the detail for a person."""

    identity: str
    verdict: str
    detail: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a worker made of a batch: two Arrow files, and how many pages they tell of.

    `failures` are captures of the archive that gave a text once and do not now: their documents stay as they are.
    """

    number: int
    pages: int
    captures: Path
    candidates: Path
    failures: tuple[Failure, ...] = ()


def clean_batch(batch: Batch) -> Result:
    """Clean each page; write `CAPTURED` and `CANDIDATES` rows; a page that fails gets a verdict, not an exception."""
    captures: list[Row] = []
    candidates: list[Row] = []
    failures: list[Failure] = []
    memory = adopted_memory(batch.memory) if batch.memory else None
    for job, cleaned in _cleaned(batch, memory):
        captured, candidate = _rows(job, cleaned, batch)
        if not job.recorded:
            captures.append(captured)
        elif candidate is None:
            failures.append(Failure(str(captured["identity"]), str(captured["verdict"]), str(captured["detail"] or "")))
        if candidate is not None:
            candidates.append(candidate | {"sequence": job.sequence})
    return Result(
        batch.number,
        len(batch.jobs),
        write_rows(batch.spool / f"captures-{batch.number:06d}.arrow", captures, CAPTURED),
        write_rows(batch.spool / f"candidates-{batch.number:06d}.arrow", candidates, CANDIDATES),
        tuple(failures),
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


def _cleaned(batch: Batch, memory: SiteMemory | None) -> Iterator[tuple[Job, Cleaned | Exception]]:
    """Yield each job with its page, cleaned together with those beside it, or why it could not be."""
    for start in range(0, len(batch.jobs), TOGETHER):
        jobs = batch.jobs[start : start + TOGETHER]
        bodies = [_body(job) for job in jobs]
        pages = [page_of(job.row, body) for job, body in zip(jobs, bodies, strict=True) if isinstance(body, bytes)]
        found = clean_each(read(pages, batch.choices), batch.policy, batch.choices, memory)
        for job, body in zip(jobs, bodies, strict=True):
            yield job, next(found) if isinstance(body, bytes) else body


def _body(job: Job) -> bytes | Exception:
    """Return a page's bytes, or what went wrong, for when the page is cleaned."""
    try:
        return read_record(job.place)
    except Exception as error:  # noqa: BLE001 - it must not take the pages beside it along
        return error


def _rows(job: Job, cleaned: Cleaned | Exception, batch: Batch) -> tuple[Row, Row | None]:
    if isinstance(cleaned, RawError):
        return job.row | {"verdict": str(Verdict.ERROR), "detail": str(cleaned)}, None
    if isinstance(cleaned, Exception):
        # one page that meets a bug of ours must not take the run with it
        _log.debug("%s could not be cleaned", job.row["identity"], exc_info=cleaned)
        return job.row | {
            "verdict": str(Verdict.ERROR),
            "detail": f"cleancopy failed: {cleaned!r}; please report it",
        }, None
    captured = cleaned_capture(job.row, cleaned, batch.recipe)
    if cleaned.verdict is not Verdict.OK:
        return captured, None
    candidate = candidate_row(job.row, cleaned, batch.recipe, batch.policy)
    return captured | {"content_sha256": candidate["content_sha256"]}, candidate
