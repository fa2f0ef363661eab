"""Telling the Prefect server of runs that died on this machine without a word, and holding the file of a live one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run
from prefect.states import Crashed

from flows.alive import alive, bury

_log = logging.getLogger(__name__)
_UNDER_WAY = frozenset({StateType.RUNNING, StateType.PENDING, StateType.CANCELLING})


@contextmanager
def watched_over() -> Iterator[None]:
    """Hold the file of the flow run that this is called in, and mark those crashed whose file nobody holds."""
    with alive(str(flow_run.get_id())):
        try:
            mark_dead()
        except httpx.HTTPError as error:
            _log.warning("runs that died could not be marked: %s", error)
        yield


def mark_dead() -> int:
    """Mark the runs of this server crashed whose process on this machine is gone; return how many were.

    httpx.HTTPError where the server cannot be asked.
    """
    marked = 0
    with get_client(sync_client=True) as client:

        def mark(flow_run_id: str, pid: int) -> None:
            nonlocal marked
            try:
                run = client.read_flow_run(UUID(flow_run_id))
            except ObjectNotFound:
                return
            if run.state_type in _UNDER_WAY:
                said = f"Its process {pid} died without a word. What it had stored is taken in by the next run."
                client.set_flow_run_state(run.id, Crashed(message=said), force=True)
                marked += 1

        bury(mark)
    return marked
