"""The flow behind a schedule: a run of configured sources, which Prefect starts in a process of its own.

What cleans and stores is imported when a run begins: `cleancopy schedule` needs the flow only to name it, for years.
"""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import Field

from flows.errors import exit_status, told

if TYPE_CHECKING:
    from prefect.futures import PrefectFuture

Workers = Annotated[int, Field(ge=1, le=64)]

_runner = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=8))


def _name() -> str:
    return ", ".join(flow_run.parameters.get("sources") or ["all sources"])


@flow(name="ingest-sources", flow_run_name=_name, task_runner=_runner, retries=0, persist_result=False)
def ingest_sources(folder: Path, sources: list[str], workers: Workers | None = None) -> int | State[int]:
    """Ingest configured sources into the archive: one run, one version. Return the version's number.

    Retries belong to the requests for pages. Prefect never repeats a run: what it has stored when it is stopped or
    killed is taken in by the next one.

    Args:
        folder: Working folder, where cleancopy.toml is; its paths start from there.
        sources: Names of sources in cleancopy.toml; all of them, if none is given.
        workers: Processes that clean pages; as configured, if no number is given.
    """
    from flows.ingest import abandon

    def stop(number: int, _: object) -> None:
        abandon(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        return _ingested(folder, sources, workers)
    except (OSError, ValueError, LookupError) as error:
        if exit_status(error) is None:
            raise
        # what a user can mend is a line and no traceback, as in the terminal
        get_run_logger().error("%s", told(error))
        return Failed(message=told(error))


def _ingested(folder: Path, sources: list[str], workers: int | None) -> int:
    from flows.commands.running import chosen
    from flows.display import Display
    from flows.ingest import carried_out
    from flows.opening import configured_archive
    from flows.outcome import Options
    from flows.run import staged
    from flows.sources.web import configured
    from flows.zombies import watched_over
    from schemas.config import Settings

    os.chdir(folder)
    settings = Settings()
    web = configured(settings, sources)
    options = Options(choices=chosen(settings, None, None))
    archive = configured_archive(settings)
    with watched_over(), staged(archive, (), options, web) as run:
        return carried_out(run, workers or settings.workers, Display(archive, web.sources)).version.version
