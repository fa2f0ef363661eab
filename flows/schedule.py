"""Serving the sources of cleancopy.toml: a deployment each, with its schedule, on a Prefect server; no work pool.

One run of a source is active at a time: what falls due in the meantime is cancelled. What was missed while nothing
served is caught up once: of the runs of a source that are late when serving begins, the newest stays.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    StateType,
)
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import DeploymentSort, FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.states import Cancelled, Completed
from prefect.types.entrypoint import EntrypointType

from flows.due import anchor
from flows.errors import UsageError
from flows.scheduled import ingest_sources
from schemas.source import Source

TAG = "cleancopy"
"""Tag of every deployment of ours."""

_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
_MOST = 200
"""Late runs that are looked at in one go: as many as a server lists at once."""


@dataclass(frozen=True, slots=True)
class Served:
    """What serving began with: runs that were late and are cancelled, deployments that no source stands behind."""

    cancelled: int
    paused: tuple[str, ...]


def deployment(name: str, source: Source, folder: Path) -> RunnerDeployment:
    """Return the deployment of a source: a run of it alone, at its times, never two at once."""
    made = ingest_sources.to_deployment(
        name,
        schedule=_schedule(source),
        concurrency_limit=_ONE_AT_A_TIME,
        parameters={"folder": str(folder), "sources": [name]},
        description=f"The source {name!r} ({source.kind}) of {folder}/cleancopy.toml.",
        tags=[TAG, source.kind],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)
    return made


def serve(sources: Mapping[str, Source], folder: Path, at_once: int, tell: Callable[[Served], None]) -> None:
    """Register the deployments, tell of it, then start runs as they fall due until SIGINT or SIGTERM.

    Runs of different sources go on side by side, at most `at_once` of them. UsageError where the server has a
    deployment of the same name that belongs to another folder.
    """
    runner = Runner(name=TAG, pause_on_shutdown=False, limit=at_once)
    with get_client(sync_client=True) as client:
        _check_owners(client, sources, folder)
        for name, source in sources.items():
            runner.add_deployment(deployment(name, source, folder))
        ours = {name: client.read_deployment_by_name(f"{ingest_sources.name}/{name}") for name in sources}
        cancelled = sum(_cancel_all_but_newest(client, found) for found in ours.values())
        paused = tuple(_pause_strangers(client, sources, folder))
    asyncio.run(_until_stopped(runner, lambda: tell(Served(cancelled, paused))))
    # where the server is gone before us, nobody can be told
    with suppress(httpx.HTTPError), get_client(sync_client=True) as client:
        _restore_completed(client, [found.id for found in ours.values()])


async def _until_stopped(runner: Runner, begun: Callable[[], None]) -> None:
    """Start runs, call `begun`, and go on until SIGINT or SIGTERM; then cancel runs under way and tell the server.

    The runner has a handler for SIGTERM of its own, which only ends it and leaves runs to themselves.
    """
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    polling = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # the runner's handler is set by now, and replaced
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    begun()
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({polling, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not polling.done():
        await runner.astop()
    waiting.cancel()
    await polling


def _schedule(source: Source) -> Schedule:
    if source.cron:
        return Cron(source.cron, timezone=source.timezone, slug="when")
    assert source.every is not None
    return Interval(source.every, anchor_date=anchor(source), timezone=source.timezone, slug="when")


def _check_owners(client: SyncPrefectClient, sources: Mapping[str, Source], folder: Path) -> None:
    for name in sources:
        try:
            found = client.read_deployment_by_name(f"{ingest_sources.name}/{name}")
        except ObjectNotFound:
            continue
        if (other := found.parameters.get("folder")) not in {None, str(folder)}:
            raise UsageError(
                f"the Prefect server has a source {name!r} already, of {other}; give this one another name, or delete "
                f"that one there: prefect deployment delete {ingest_sources.name}/{name}"
            )


def _cancel_all_but_newest(client: SyncPrefectClient, found: DeploymentResponse) -> int:
    """Cancel the late runs of a deployment but for the one that was due last; return how many were cancelled."""
    scheduled = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[found.id]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
    )
    order = FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC
    cancelled = 0
    while True:
        now = datetime.now(UTC)
        runs = client.read_flow_runs(flow_run_filter=scheduled, sort=order, limit=_MOST)
        late = [run for run in runs if run.next_scheduled_start_time and run.next_scheduled_start_time < now]
        for run in late[:-1]:
            client.set_flow_run_state(run.id, Cancelled(message="Missed; a later run makes up for it."), force=True)
        cancelled += len(late[:-1])
        if len(late) < _MOST:
            return cancelled


def _restore_completed(client: SyncPrefectClient, deployments: list[UUID]) -> None:
    """Show runs as completed that were, before the runner marked them cancelled: it does so with all it has stopped."""
    stopped = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=deployments),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.CANCELLED])),
        ),
        sort=FlowRunSort.END_TIME_DESC,
        limit=len(deployments),
    )
    for run in stopped:
        if any(state.type is StateType.COMPLETED for state in client.read_flow_run_states(run.id)):
            said = "Its version was there when it was told to stop."
            client.set_flow_run_state(run.id, Completed(message=said), force=True)


def _pause_strangers(client: SyncPrefectClient, sources: Mapping[str, Source], folder: Path) -> Iterator[str]:
    """Pause the deployments of this folder whose source is there no more, and yield their names."""
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    for found in client.read_deployments(deployment_filter=tagged, sort=DeploymentSort.NAME_ASC, limit=_MOST):
        if found.parameters.get("folder") == str(folder) and found.name not in sources and not found.paused:
            client.pause_deployment(found.id)
            yield found.name
