"""The flow behind a schedule: a run of configured sources, which Prefect starts in a process of its own."""

import os
import signal
from pathlib import Path
from typing import Annotated

from prefect import flow
from pydantic import Field

from flows.commands.running import chosen
from flows.ingest import abandon, carried_out, runner
from flows.opening import configured_archive
from flows.outcome import Options
from flows.run import staged
from flows.sources.web import configured
from flows.zombies import watched_over
from schemas.config import Settings

Workers = Annotated[int, Field(ge=1, le=64)]


@flow(name="ingest-sources", task_runner=runner, retries=0, persist_result=False)
def ingest_sources(folder: Path, sources: list[str], workers: Workers | None = None) -> int:
    """Ingest configured sources into the archive: one run, one version. Return the version's number.

    Retries belong to the requests for pages. Prefect never repeats a run: what it has stored when it is stopped or
    killed is taken in by the next one.

    Args:
        folder: Working folder, where cleancopy.toml is; its paths start from there.
        sources: Names of sources in cleancopy.toml; all of them, if none is given.
        workers: Processes that clean pages; as configured, if no number is given.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    os.chdir(folder)
    settings = Settings()
    web = configured(settings, sources)
    options = Options(choices=chosen(settings, None, None))
    with watched_over(), staged(configured_archive(settings), (), options, web) as run:
        return carried_out(run, workers or settings.workers).version.version


def _stop(number: int, _: object) -> None:
    abandon(128 + number)
