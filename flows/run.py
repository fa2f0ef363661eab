"""One run: from sources to one version, as plain functions that any flow, script or test can drive.

with staged(archive, sources, options) as run:
    for batch in run.batches():
        run.take(clean_batch(batch))
    outcome = run.commit()
"""

import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path

import pyarrow as pa

from archive.archive import Archive
from archive.heads import (
    Heads,
    State,
    capture_rows,
    captures_about,
    captures_of_runs,
    read_captures,
    read_heads,
    unfinished_runs,
)
from archive.raw import RawWriter, check
from archive.recover import check_whole, recover
from archive.versions import Version, versions
from archive.write import Revisions, Run, commit_captures, commit_version
from cleaners.recipe import recipe, recipe_parts
from flows.batch import Batch, Job, Result, clean_batch, read_rows
from flows.decide import Candidate, Decisions, Known, decide, overtaken
from flows.load import Loader, Setting
from flows.rows import CANDIDATES, Row
from flows.sources.files import captures as captures_of
from schemas.page import Removal
from schemas.tables import REVISIONS

_PART_ROWS = 16_384
_LATE = 900_000
"""Number of the first batch that is cleaned while a version is being decided on."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may be told: to withdraw what the sources no longer hold, and how sure the line model has to be."""

    mirror: bool = False
    removal: Removal = Removal.DEFAULT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: its version with its counts, and the identities it did not meet.

    `kept_for` names the verdicts that kept a mirroring run from withdrawing anything.
    """

    version: Version
    absent: tuple[str, ...]
    kept_for: tuple[str, ...]
    failures: tuple["Met", ...]
    seconds: float


@contextmanager
def staged(archive: Archive, sources: Sequence[str], options: Options) -> Iterator["StagedRun"]:
    """Prepare a run: clear away what killed runs left, open a spool and a WARC file; remove the spool at the end."""
    check_whole(archive)
    adopted = unfinished_runs(archive) if recover(archive) else ()
    with archive.shared():
        spool = archive.cache / "runs" / uuid.uuid4().hex
        spool.mkdir(parents=True)
        try:
            with closing(StagedRun(archive, sources, options, _run_in(archive, spool, options, adopted))) as run:
                yield run
        finally:
            shutil.rmtree(spool, ignore_errors=True)


def _run_in(archive: Archive, spool: Path, options: Options, adopted: tuple[str, ...]) -> Run:
    chosen, code = (archive.policy, options.removal), f"cleancopy {installed('cleancopy')}"
    return Run(spool.name, "ingest", code, recipe(*chosen), recipe_parts(*chosen), spool, adopted)


class StagedRun:
    """A run between its first capture and its commit."""

    def __init__(self, archive: Archive, sources: Sequence[str], options: Options, run: Run) -> None:
        self._archive, self._sources, self._options, self._run = archive, sources, options, run
        self._started = datetime.now(UTC)
        self._captures = read_captures(archive)
        about = (run.run_id, run.recipe, archive.policy, options.removal, run.spool)
        self._setting = Setting(*about, self._started, read_heads(archive), self._captures)
        self._warc = RawWriter(run.spool / f"{run.run_id}-00000.warc.gz", run.code)
        self._loader = Loader(self._setting, self._warc)
        self._cleaned = 0

    @property
    def loaded(self) -> int:
        """Captures met so far."""
        return self._loader.loaded.captures

    def batches(self) -> Iterator[Batch]:
        """Yield batches to clean; TwiceError where two sources hold one document."""
        yield from self._loader.batches(self._outcomes())

    def _outcomes(self) -> Iterator[Job | Row]:
        yield from self._loader.recorded(captures_of_runs(self._archive, self._run.adopted))
        for source in self._sources:
            yield from self._loader.load(source, captures_of(source, self._started))
        again = capture_rows(self._archive, self._loader.loaded.again)
        yield from self._loader.recorded(again[name] for name in sorted(again))

    def take(self, result: Result) -> int:
        """Note a batch that is done; return how many pages are."""
        self._cleaned += result.pages
        return self._cleaned

    def close(self) -> None:
        """Close the WARC file."""
        self._warc.close()

    def commit(self) -> Outcome:
        """Commit captures, then revisions: the version."""
        self.close()
        warcs = [self._warc.path] if check(self._warc.path) > 1 else []
        spooled = sorted(self._run.spool.glob("captures-*.arrow"))
        captured = [Met(**row) for path in spooled for row in read_rows(path, Met.__slots__).to_pylist()]
        named = commit_captures(self._archive, self._run, _chunks(read_rows(path) for path in spooled), warcs)
        drafts: list[_Draft] = []

        def compute(number: int) -> Revisions:
            drafts.append(self._draft(captured, number))
            return Revisions(self._rows(drafts[-1], number), drafts[-1].counts)

        version = commit_version(self._archive, self._run, named, compute)
        seconds = (datetime.now(UTC) - self._started).total_seconds()
        failures = tuple(met for met in captured if met.verdict not in {"ok", "not_modified"})
        return Outcome(version, drafts[-1].absent, drafts[-1].kept_for, failures, seconds)

    def _draft(self, captured: "Sequence[Met]", number: int) -> "_Draft":
        """Decide what the version holds, against the archive as it is at this moment."""
        heads = read_heads(self._archive)
        recipes = {v.recipe: v.recipe_parts for v in versions(self._archive)} | {
            self._run.recipe: self._run.recipe_parts
        }
        known = Known(heads, self._captures, recipes)
        self._clean_late([*self._skipped_in_vain(heads), *self._confirmed(known)])
        decisions = decide(self._candidates(), known, number)
        met = {c.doc_id for c in captured}
        absent = [(doc_id, state) for doc_id, state in heads.present() if doc_id not in met]
        hiding = self._loader.loaded.hiding
        withdrawn = {d: s for d, s in absent if self._options.mirror and not hiding}
        ok = {c.capture_id for c in captured if c.verdict == "ok" and not c.duplicate}
        verdicts = Counter(f"verdict.{c.verdict}" for c in captured)
        counts = {
            **decisions.counts,
            "withdrawn": len(withdrawn),
            "unchanged": len(ok - decisions.capture_ids),
            "absent": len(absent) - len(withdrawn),
            "duplicate": self._loader.loaded.duplicates,
            "cleaned": self._cleaned,
            "captures": len(captured),
            "revisions": len(decisions.by_sequence) + len(withdrawn),
            **verdicts,
        }
        missing = tuple(str(state.identity) for doc_id, state in absent if doc_id not in withdrawn)
        kept_for = tuple(sorted(hiding)) if self._options.mirror else ()
        return _Draft(decisions, withdrawn, counts, missing, kept_for)

    def _candidates(self) -> Iterator[Candidate]:
        for path in sorted(self._run.spool.glob("candidates-*.arrow")):
            for row in read_rows(path, Candidate.__slots__).to_pylist():
                yield Candidate(**row)

    def _skipped_in_vain(self, heads: Heads) -> Iterator[Job]:
        """Yield what was skipped as unchanged, where another run has changed the document since."""
        for doc_id, line in list(self._loader.loaded.skipped.items()):
            bases = [heads.at(doc_id, skipped.captured_at) for skipped in line]
            if any(b is None or b.content_sha256 != s.content_sha256 for b, s in zip(bases, line, strict=True)):
                yield from (replace(skipped.job, recorded=True) for skipped in self._loader.loaded.skipped.pop(doc_id))

    def _confirmed(self, known: Known) -> Iterator[Job]:
        """Yield the captures that found a state unchanged which this run changes before them."""
        older = list(overtaken(self._candidates(), known))
        rows = captures_about(self._archive, {candidate.doc_id for candidate, _ in older})
        wanted: dict[str, Row] = {}
        for candidate, base in older:
            for row in rows:
                moment = row["captured_at"]
                if (
                    row["doc_id"] == candidate.doc_id
                    and isinstance(moment, datetime)
                    and moment > candidate.captured_at
                    and row["content_sha256"] == base.content_sha256
                    and known.heads.at(candidate.doc_id, moment) == base
                ):
                    wanted[str(row["capture_id"])] = row
                    break
        yield from self._loader.recorded(wanted.values())

    def _clean_late(self, jobs: list[Job]) -> None:
        """Clean captures that turn out to matter only now that the archive is known."""
        if jobs:
            number = _LATE + len(list(self._run.spool.glob(f"candidates-{_LATE // 100_000}*.arrow")))
            how = (self._run.spool, self._run.recipe, self._archive.policy, self._options.removal)
            clean_batch(Batch(number, tuple(jobs), *how))

    def _rows(self, draft: "_Draft", number: int) -> Iterator[pa.Table]:
        """Yield the version's rows, a part at a time."""
        return _chunks(
            table
            for tables in (self._decided(draft, number), self._withdrawals(draft, number))
            for table in tables
            if table.num_rows
        )

    def _decided(self, draft: "_Draft", number: int) -> Iterator[pa.Table]:
        for path in sorted(self._run.spool.glob("candidates-*.arrow")):
            table = read_rows(path)
            sequences = [int(str(s)) for s in table["sequence"].to_pylist()]
            wanted = [i for i, s in enumerate(sequences) if s in draft.decisions.by_sequence]
            table = table.take(pa.array(wanted, pa.int64()))
            made = [draft.decisions.by_sequence[sequences[i]] for i in wanted]
            columns: dict[str, list[object]] = {
                "revision": [d.revision for d in made],
                "op": [d.op for d in made],
                "cause": [d.cause for d in made],
            }
            yield self._stamped(table.drop_columns(["sequence"]), columns, number)

    def _withdrawals(self, draft: "_Draft", number: int) -> Iterator[pa.Table]:
        rows = [
            {"doc_id": doc_id, "identity": s.identity, "url": s.url, "site": s.site, "captured_at": s.captured_at}
            for doc_id, s in draft.withdrawn.items()
        ]
        columns: dict[str, list[object]] = {
            "revision": [s.revision + 1 for s in draft.withdrawn.values()],
            "op": ["withdraw"] * len(rows),
            "cause": ["absent"] * len(rows),
        }
        yield self._stamped(pa.Table.from_pylist(rows, schema=CANDIDATES).drop_columns(["sequence"]), columns, number)

    def _stamped(self, table: pa.Table, columns: dict[str, list[object]], number: int) -> pa.Table:
        count = table.num_rows
        columns = columns | {
            "version": [number] * count,
            "recorded_at": [datetime.now(UTC)] * count,
            "run_id": [self._run.run_id] * count,
        }
        for name, values in columns.items():
            table = table.append_column(name, pa.array(values, REVISIONS.field(name).type))
        return table


@dataclass(frozen=True, slots=True)
class Met:
    """What must be known of a capture to count it, and to tell why it failed."""

    doc_id: str
    capture_id: str
    identity: str
    verdict: str
    detail: str | None
    duplicate: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one attempt to commit decided."""

    decisions: Decisions
    withdrawn: dict[str, State]
    counts: dict[str, int]
    absent: tuple[str, ...]
    kept_for: tuple[str, ...]


def _chunks(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the same rows in tables of a size that makes a good Parquet file."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(t.num_rows for t in waiting) >= _PART_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)
