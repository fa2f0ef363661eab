"""The ingest flow: sources in, one version out. Thin: the work is in `flows.run` and `flows.batch`.

`carried_out` is what it shares with the reclean flow: a staged run, its batches cleaned by processes, its commit.
"""

import itertools
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from multiprocessing import connection
from pathlib import Path
from typing import Any, NoReturn, cast

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from archive.archive import open_archive
from flows.batch import Batch, Result, clean_batch
from flows.display import Display
from flows.outcome import Options, Outcome, Stages
from flows.run import StagedRun, staged
from flows.sources.web import configured
from flows.zombies import watched_over
from schemas.choices import NOTHING, Choices
from schemas.config import Settings

_IN_FLIGHT = 8
_LAST_WORDS = 7
"""Seconds that a run has to end by itself, if it is stopped once its version is there."""
_NO_LEAKS = "ignore:resource_tracker"
"""For the process that clears up behind the workers: a run that is stopped leaves that to it, which it would report."""

progress: ContextVar[Callable[[Stages], None]] = ContextVar("progress", default=lambda _: None)
"""Called with how far the run is, whenever a page has come or a batch is cleaned."""


runner = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=_IN_FLIGHT))
"""Runs the tasks of a run: threads, each waiting for a process that cleans."""


stopping: ContextVar[Callable[[int, object], None] | None] = ContextVar("stopping", default=None)
"""What to do on SIGTERM, for whoever starts the flow in the main thread; Prefect sets its own when a flow begins."""


@flow(name="ingest", task_runner=runner, retries=0, persist_result=False)
def ingest(  # noqa: PLR0913, PLR0917 - a parameter is a field of the form in Prefect's UI
    archive: Path,
    sources: Sequence[str] = (),
    workers: int = 2,
    mirror: bool = False,
    choices: Choices = NOTHING,
    names: Sequence[str] = (),
) -> Outcome:
    """Ingest into an archive that exists: one run, one version.

    `sources` are files and folders, `names` sources of cleancopy.toml in the working folder; all of them, where
    neither is given.
    """
    heed_stop()
    web = configured(Settings(), names) if names or not sources else None
    options = Options(mirror=mirror, choices=choices)
    opened = open_archive(archive)
    display = Display(opened, web.sources if web else {})
    with watched_over(), staged(opened, sources, options, web) as run:
        return carried_out(run, workers, display)


def heed_stop() -> None:
    """Take SIGTERM as `stopping` says, from here on."""
    if stop := stopping.get():
        signal.signal(signal.SIGTERM, stop)


def carried_out(run: StagedRun, workers: int, display: Display) -> Outcome:
    """Clean the batches of a run in `workers` processes and commit it, as tasks of the flow that calls this."""
    if _NO_LEAKS not in sys.warnoptions:
        sys.warnoptions.append(_NO_LEAKS)
    with ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts_to_the_run
    ) as pool:
        pending: dict[int, Batch] = {}

        # tasks take numbers: Prefect walks through every argument, and a batch holds hundreds of rows
        @task(retries=0, cache_policy=NO_CACHE, persist_result=False, task_run_name="clean-{number:06d}")
        def clean(number: int) -> Result:
            with _unheard():
                cleaning = pool.submit(clean_batch, pending.pop(number))
            return cleaning.result()

        @task(retries=0, cache_policy=NO_CACHE, persist_result=False)
        def commit() -> Outcome:
            outcome = run.commit()
            _let_end()
            return outcome

        told = progress.get()

        def report(stages: Stages) -> None:
            told(stages)
            display.show(stages)

        def numbers() -> Iterator[int]:
            for batch in run.batches(report):
                pending[batch.number] = batch
                yield batch.number

        for result in bounded(clean.submit, numbers(), min(2 * workers, _IN_FLIGHT)):
            run.take(result)
            report(run.stages)
        outcome = commit()
    display.close(outcome)
    return outcome


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep Ctrl-C from what this thread starts in the block: a worker that is still loading would print a traceback."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_interrupts_to_the_run() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_run, daemon=True).start()


def _end_with_the_run() -> None:
    """End this worker when the run's process has ended, however it did: nobody else would tell it to."""
    if run := multiprocessing.parent_process():
        connection.wait([run.sentinel])
        os._exit(1)


def _let_end() -> None:
    """Take SIGINT and SIGTERM from here on as a wish to hurry: the version is there, which the server should learn."""
    if threading.current_thread() is not threading.main_thread():
        return

    def hurry(number: int, _: object) -> None:
        signal.signal(signal.SIGALRM, lambda *_: abandon(128 + number))
        signal.alarm(_LAST_WORDS)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, hurry)


def abandon(status: int) -> NoReturn:
    """End this process at once, with its workers; the embedded server notices, and ends as well.

    Waiting for them after Ctrl-C can take for ever, and is not needed: a run may be killed at any point.
    """
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(status)


def bounded(submit: Callable[[int], PrefectFuture[Result]], work: Iterable[int], limit: int) -> Iterator[Result]:
    """Yield results as they come, with at most `limit` (> 0) tasks alive."""
    waiting = iter(work)
    alive = {submit(item) for item in itertools.islice(waiting, limit)}
    while alive:
        done = next(as_completed(list(alive)))
        alive.remove(done)
        yield done.result()
        alive |= {submit(item) for item in itertools.islice(waiting, 1)}
