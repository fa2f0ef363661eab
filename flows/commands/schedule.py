"""`cleancopy schedule`: every source with a time of its own, run at its times."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.errors import UsageError
from flows.output import print_table, say, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flows.schedule import Served
    from schemas.source import Source

EXAMPLES = """Examples:

  cleancopy schedule                          with a Prefect server of its own, at http://127.0.0.1:4200

  cleancopy schedule --port 4300              the same, elsewhere

  PREFECT_API_URL=http://127.0.0.1:4200/api cleancopy schedule     with a server that runs already
"""


def schedule(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Prefect server that is started.")] = 4200,
    at_once: Annotated[int, typer.Option("--at-once", min=1, max=64, help="Sources that may run side by side.")] = 2,
) -> None:
    """Run each source of cleancopy.toml that has `cron` or `every` at its times, until it is stopped."""
    from cleaners.naming import choices
    from flows.commands.running import chosen
    from flows.opening import configured_archive, without
    from flows.sources.web import configured
    from schemas.config import Settings

    settings = Settings()
    timed = {name: source for name, source in settings.sources.items() if source.cron or source.every}
    if not timed:
        raise UsageError(f"{without('source with `cron` or `every`')} (docs/scheduling.md)")
    # what no run could use is told now, not in each run's log
    configured(settings, list(timed))
    choices(settings.names, chosen(settings, None, None).own)
    archive = configured_archive(settings)
    say(f"archive {archive.folder.root}, naming policy {archive.policy}")
    with _server(port) as url:
        say(f"Prefect server {url}; its pages: {url.removesuffix('/api')}")
        _tell(timed)
        _serve(timed, at_once)


def _serve(timed: "Mapping[str, Source]", at_once: int) -> None:
    from flows.schedule import serve
    from flows.zombies import mark_dead

    if dead := mark_dead():
        say(
            f"{dead} runs that had died are marked crashed; the next run of their sources takes in what they had stored"
        )
    serve(timed, Path.cwd(), at_once, _tell_begun)


def _tell_begun(served: "Served") -> None:
    if served.cancelled:
        say(f"{served.cancelled} missed runs are cancelled; the newest of each source is caught up now")
    for name in served.paused:
        say(f"{name} is no longer in cleancopy.toml: its deployment is paused")
    say("waiting for the next run; Ctrl-C ends this, and leaves what a run has stored to the next")


def _tell(timed: "Mapping[str, Source]") -> None:
    from flows.due import next_due

    now = datetime.now(UTC)
    rows = (
        (name, source.kind, source.cron or str(source.every), source.timezone, next_due(source, now))
        for name, source in timed.items()
    )
    print_table(("source", "kind", "when", "timezone", "next (UTC)"), rows)


@contextmanager
def _server(port: int) -> "Iterator[str]":
    """Yield the address of the Prefect server to use, which answers: the user's, or one that ends with the block."""
    from flows.server import await_server, own_server

    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    if url := os.environ.get("PREFECT_API_URL"):
        await_server(url)
        yield url
        return
    with own_server(port) as server:
        say("starting a Prefect server ...")
        os.environ["PREFECT_API_URL"] = server.url
        with waiting("loading"):
            import flows.schedule  # noqa: F401 - takes seconds, as the server does
        server.await_answer()
        yield server.url
