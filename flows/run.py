"""One run: from sources, or from what is stored already, to one version; plain functions that any flow can drive.

with staged(archive, sources, options) as run:      or: recleaning(archive, policy, options)
    for batch in run.batches():
        run.take(clean_batch(batch))
    outcome = run.commit()
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path

from archive.archive import Archive, ArchiveError
from archive.heads import (
    Captures,
    Heads,
    capture_of,
    capture_rows,
    captures_about,
    captures_of_runs,
    read_captures,
    read_heads,
    stream_captures,
    unfinished_runs,
)
from archive.journal import discard, leave, warc_of
from archive.memory import memory_path
from archive.raw import RawWriter, check
from archive.recover import check_whole, recover
from archive.versions import versions
from archive.write import Revisions, Run, commit_captures, commit_version
from cleaners.recipe import recipe, recipe_parts
from flows.batch import Batch, Failure, Job, Result, clean_batch, read_rows
from flows.decide import Candidate, Decisions, Known, confirming, decide, overtaken
from flows.fetch.fetcher import Progress
from flows.jumps import COLUMNS, jumps
from flows.load import Loader, Setting
from flows.memory import memory_in
from flows.mirror import absences
from flows.outcome import Options, Outcome, Stages
from flows.pickup import Leftovers
from flows.rows import Row, in_parts
from flows.sources.files import captures as captures_of
from flows.sources.web import Configured
from flows.tally import Met, counts_of, tallies
from flows.version_rows import Stamp, revision_rows
from flows.withdrawals import Withdrawal, absent, gone

_FINE = frozenset({"ok", "not_modified"})
_LATE = 900_000
"""Number of the first batch that is cleaned while a version is being decided on."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a run does: the command it is, the sources it reads, the naming policy it follows, what it was told."""

    command: str
    sources: tuple[str, ...]
    policy: str
    options: Options
    web: Configured | None = None

    @property
    def again(self) -> bool:
        """Whether the run cleans what is stored already."""
        return self.command == "reclean"


@contextmanager
def staged(
    archive: Archive, sources: Sequence[str], options: Options, web: Configured | None = None
) -> Iterator["StagedRun"]:
    """Prepare a run that ingests: clear away what killed runs left, open a spool; remove the spool at the end.

    `web` are configured sources: their files are loaded after `sources`, then their pages are fetched. A run that
    fails leaves what it has fetched in its spool, for the next run of the same sources.
    """
    paths = (*sources, *(web.files if web else ()))
    with _spooled(archive, _Plan("ingest", paths, archive.policy, options, web)) as run:
        yield run


@contextmanager
def recleaning(archive: Archive, policy: str, options: Options) -> Iterator["StagedRun"]:
    """Prepare a run that cleans each document again from its raw record, under a policy that is the archive's then."""
    with _spooled(archive, _Plan("reclean", (), policy, options)) as run:
        yield run


@contextmanager
def _spooled(archive: Archive, plan: _Plan) -> Iterator["StagedRun"]:
    check_whole(archive)
    adopted = unfinished_runs(archive) if recover(archive) else ()
    with archive.shared():
        spool = archive.cache / "runs" / uuid.uuid4().hex
        spool.mkdir(parents=True)
        try:
            with closing(StagedRun(archive, plan, _run_in(archive, plan, spool, adopted))) as run:
                yield run
        except BaseException:
            leave(spool)
            raise
        discard(spool)


def _run_in(archive: Archive, plan: _Plan, spool: Path, adopted: tuple[str, ...]) -> Run:
    memory, code = memory_in(archive), f"cleancopy {installed('cleancopy')}"
    parts = recipe_parts(plan.policy, plan.options.choices, memory)
    digest = recipe(plan.policy, plan.options.choices, memory)
    return Run(spool.name, plan.command, code, digest, parts, spool, adopted)


class StagedRun:
    """A run between its first capture and its commit."""

    def __init__(self, archive: Archive, plan: _Plan, run: Run) -> None:
        self._archive, self._plan, self._run = archive, plan, run
        self._started = datetime.now(UTC)
        self._captures = read_captures(archive)
        self._setting = Setting(
            run_id=run.run_id,
            recipe=run.recipe,
            policy=plan.policy,
            choices=plan.options.choices,
            memory=memory_path(archive, run.recipe_parts.get("memory")),
            spool=run.spool,
            started=self._started,
            heads=read_heads(archive),
            captures=self._captures,
        )
        self._warc = RawWriter(warc_of(run.spool), run.code)
        self._loader = Loader(self._setting, self._warc)
        self._left = Leftovers(archive, run.spool, plan.web.names if plan.web else frozenset(), self._started)
        self._cleaned = self._settled = 0
        self._failures: list[Failure] = []
        self._again: set[str] = set()

    @property
    def stages(self) -> Stages:
        """How far the run is."""
        loaded = len(self._again) if self._plan.again else self._loader.loaded.captures
        fetching = self._plan.web.progress if self._plan.web else Progress()
        return Stages(fetching.listed, fetching.fetched, loaded, self._cleaned + self._settled)

    def batches(self, report: Callable[[Stages], None] = lambda _: None) -> Iterator[Batch]:
        """Yield batches to clean; TwiceError where two sources hold one document. Each capture is reported."""

        def reported() -> Iterator[Job | Row]:
            for outcome in self._outcomes():
                self._settled += not isinstance(outcome, Job)
                report(self.stages)
                yield outcome

        yield from self._loader.batches(reported())

    def _outcomes(self) -> Iterator[Job | Row]:
        yield from self._loader.recorded(captures_of_runs(self._archive, self._run.adopted))
        if self._plan.again:
            yield from self._current(self._setting.heads, self._captures)
        else:
            yield from self._loader.take_in(self._left.found())
        for source in self._plan.sources:
            yield from self._loader.load(source, captures_of(source, self._started))
        if web := self._plan.web:
            captures = web.captures(self._archive, self._left.captured)
            yield from self._loader.load(", ".join(web.names), captures, shared=True)
        again = capture_rows(self._archive, self._loader.loaded.again)
        yield from self._loader.recorded(again[name] for name in sorted(again))

    def take(self, result: Result) -> int:
        """Note a batch that is done; return how many pages are."""
        self._cleaned += result.pages
        self._failures += result.failures
        return self._cleaned

    def close(self) -> None:
        """Close the WARC file, and let go of the journal."""
        self._warc.close()
        self._loader.close()

    def commit(self) -> Outcome:
        """Commit captures, then revisions: the version."""
        self._warc.close()
        self._run = replace(self._run, adopted=(*self._run.adopted, *self._left.runs))
        warcs = [self._warc.path] if check(self._warc.path) > 1 else []
        spooled = sorted(self._run.spool.glob("captures-*.arrow"))
        captured = [Met(**row) for path in spooled for row in read_rows(path, Met.__slots__).to_pylist()]
        found = jumps(self._archive, (read_rows(path, COLUMNS) for path in self._candidate_files()))
        named = commit_captures(self._archive, self._run, in_parts(read_rows(path) for path in spooled), warcs)
        drafts: list[_Draft] = []
        web = self._plan.web
        listings = tallies(
            captured, self._loader.loaded.owners, web.selections if web else (), web.files if web else {}
        )

        def compute(number: int) -> Revisions:
            drafts.append(draft := self._draft(captured, number))
            rows = revision_rows(self._run.spool, draft.decisions, draft.withdrawn, Stamp(number, self._run.run_id))
            return Revisions(rows, draft.counts | counts_of(listings, {*web.names, *web.files.values()} if web else ()))

        version = commit_version(self._archive, self._run, named, compute)
        seconds = (datetime.now(UTC) - self._started).total_seconds()
        told = [Failure(m.identity, m.verdict, m.detail or "") for m in captured if m.verdict not in _FINE]
        last = drafts[-1]
        return Outcome(version, last.absent, last.kept_for, (*told, *self._failures), seconds, found, listings)

    def _draft(self, captured: Sequence[Met], number: int) -> "_Draft":
        """Decide what the version holds, against the archive as it is at this moment."""
        heads = read_heads(self._archive)
        if not self._plan.again and self._archive.policy != self._plan.policy:
            raise ArchiveError(
                f"another run has set the naming policy to {self._archive.policy!r} while this one cleaned under "
                f"{self._plan.policy!r}; what was captured is kept: run it again"
            )
        recipes = {v.recipe: v.recipe_parts for v in versions(self._archive)}
        recipes[self._run.recipe] = self._run.recipe_parts
        known = Known(heads, self._captures, recipes)
        missed = self._current(heads, read_captures(self._archive)) if self._plan.again else ()
        self._clean_late([*self._skipped_in_vain(heads), *self._confirmed(known), *missed])
        decisions = decide(self._candidates(), known, number)
        met = {c.doc_id for c in captured}
        plan, hiding = self._plan, self._loader.loaded.hiding
        unmet = {d: state for d, state in heads.present() if d not in met and not plan.again}
        unlisted, mirrored = absences(self._archive, unmet, plan.sources, plan.options.mirror, plan.web)
        withdrawn = dict(absent(heads, {} if hiding else mirrored))
        missing = tuple(str(state.identity) for doc_id, state in unlisted.items() if doc_id not in withdrawn)
        withdrawn |= gone(self._archive, heads, self._run.run_id, captured)
        ok = {c.capture_id for c in captured if c.verdict == "ok" and not c.duplicate}
        verdicts = Counter(f"verdict.{c.verdict}" for c in captured)
        counts = {
            **decisions.counts,
            "withdrawn": len(withdrawn),
            "unchanged": len((self._again if self._plan.again else ok) - decisions.capture_ids) - len(self._failures),
            "absent": len(missing),
            "duplicate": self._loader.loaded.duplicates,
            "cleaned": self._cleaned,
            "captures": len(captured),
            "revisions": len(decisions.by_sequence) + len(withdrawn),
            **verdicts,
        }
        return _Draft(decisions, withdrawn, counts, missing, tuple(sorted(hiding)) if mirrored else ())

    def _candidate_files(self) -> list[Path]:
        return sorted(self._run.spool.glob("candidates-*.arrow"))

    def _candidates(self) -> Iterator[Candidate]:
        for path in self._candidate_files():
            yield from (Candidate(**row) for row in read_rows(path, Candidate.__slots__).to_pylist())

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
        yield from self._loader.recorded(confirming(older, rows, known))

    def _clean_late(self, jobs: list[Job]) -> None:
        """Clean captures that turn out to matter only now that the archive is known."""
        if jobs:
            number = _LATE + len(list(self._run.spool.glob(f"candidates-{_LATE // 100_000}*.arrow")))
            self.take(clean_batch(self._setting.batch(number, jobs)))

    def _current(self, heads: Heads, captures: Captures) -> Iterator[Job]:
        """Yield a job for the capture that gave each document's current state, or last confirmed it."""
        wanted = {capture_of(state, captures.newest(doc_id)) for doc_id, state in heads.present()} - self._again
        self._again |= wanted
        yield from self._loader.recorded(stream_captures(self._archive, wanted), captures)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one attempt to commit decided."""

    decisions: Decisions
    withdrawn: dict[str, Withdrawal]
    counts: dict[str, int]
    absent: tuple[str, ...]
    kept_for: tuple[str, ...]
