"""The ingest flow: sources in, one version out. Thin: the work is in `flows.run` and `flows.batch`."""

import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NoReturn, cast

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, as_completed
from prefect.server.api.server import SubprocessASGIServer
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from archive.archive import open_archive
from flows.batch import Batch, Result, clean_batch
from flows.run import Options, Outcome, staged

_IN_FLIGHT = 8
PLAIN = Options()

progress: ContextVar[Callable[[int, int], None]] = ContextVar("progress", default=lambda _loaded, _cleaned: None)
"""Called with the captures loaded and the pages cleaned so far."""


_runner = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=_IN_FLIGHT))


stopping: ContextVar[Callable[[int, object], None] | None] = ContextVar("stopping", default=None)
"""What to do on SIGTERM, for whoever starts the flow in the main thread; Prefect sets its own when a flow begins."""


@flow(name="ingest", task_runner=_runner, persist_result=False)
def ingest(archive: Path, sources: list[str], workers: int = 2, options: Options = PLAIN) -> Outcome:
    """Ingest `sources` into an archive that exists: one run, one version."""
    if stop := stopping.get():
        signal.signal(signal.SIGTERM, stop)
    with (
        staged(open_archive(archive), sources, options) as run,
        ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts_to_the_run
        ) as pool,
    ):
        pending: dict[int, Batch] = {}

        # tasks take numbers: Prefect walks through every argument, and a batch holds hundreds of rows
        @task(cache_policy=NO_CACHE, persist_result=False, task_run_name="clean-{number:06d}")
        def clean(number: int) -> Result:
            return pool.submit(clean_batch, pending.pop(number)).result()

        @task(cache_policy=NO_CACHE, persist_result=False)
        def commit() -> Outcome:
            return run.commit()

        def numbers() -> Iterator[int]:
            for batch in run.batches():
                pending[batch.number] = batch
                yield batch.number

        report = progress.get()
        for result in bounded(clean.submit, numbers(), min(2 * workers, _IN_FLIGHT)):
            report(run.loaded, run.take(result))
        report(run.loaded, run.loaded)
        return commit()


def _leave_interrupts_to_the_run() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def abandon(status: int) -> NoReturn:
    """End this process at once, with its workers and the embedded server.

    Waiting for them after Ctrl-C can take for ever, and is not needed: a run may be killed at any point.
    """
    for worker in multiprocessing.active_children():
        worker.kill()
    SubprocessASGIServer().stop()
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
