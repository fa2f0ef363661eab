"""The reclean flow: what is stored, cleaned again as of now; one version out. Thin: the work is in `flows.run`."""

from pathlib import Path

from prefect import flow

from archive.archive import open_archive
from flows.display import Display
from flows.ingest import carried_out, heed_stop, runner
from flows.outcome import Options, Outcome
from flows.run import recleaning
from flows.zombies import watched_over
from schemas.choices import NOTHING, Choices


@flow(name="reclean", task_runner=runner, retries=0, persist_result=False)
def reclean(archive: Path, policy: str, workers: int = 2, choices: Choices = NOTHING) -> Outcome:
    """Clean every document of an archive again from its raw record, under a naming policy: one run, one version."""
    heed_stop()
    opened = open_archive(archive)
    with watched_over(), recleaning(opened, policy, Options(choices=choices)) as run:
        return carried_out(run, workers, Display(opened, {}))
