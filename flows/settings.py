"""What Prefect is told before it is imported: a quiet embedded server of our own, unless one is named."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from flows.output import say
from flows.server import Server, await_server, embedded_server

# errors are told by the command itself, in one line
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}

embedded: ContextVar[Path | None] = ContextVar("embedded", default=None)
"""Folder of the embedded server of this run; None where a server was named."""


@contextmanager
def prefect_environment() -> Iterator[Server | None]:
    """Set the environment for Prefect; yield the embedded server, which is starting, or None where one was named.

    With PREFECT_API_URL set, that server is used, and answers. Otherwise an embedded one, with a folder that no other
    run uses at the same time: two runs on one embedded database collide, and a new one takes twice as long to start.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if named := os.environ.get("PREFECT_API_URL"):
        say(f"Prefect server {named}")
        await_server(named)
        yield None
        return
    with _home() as home:
        first = not (home / "prefect.db").exists()
        say(f"starting an embedded Prefect server{', which makes its database this first time' if first else ''}")
        before = os.environ.get("PREFECT_HOME")
        with embedded_server(home) as server:
            os.environ |= {"PREFECT_HOME": str(home), "PREFECT_API_URL": server.url}
            token = embedded.set(home)
            try:
                yield server
            finally:
                embedded.reset(token)
                del os.environ["PREFECT_API_URL"]
                if before is None:
                    del os.environ["PREFECT_HOME"]


@contextmanager
def _home() -> Iterator[Path]:
    """Yield PREFECT_HOME where that is set, or else a folder in the cache that no other run holds."""
    if named := os.environ.get("PREFECT_HOME"):
        Path(named).mkdir(parents=True, exist_ok=True)
        yield Path(named)
        return
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cleancopy" / "prefect"
    number = 0
    while True:
        home = base / f"home-{number}"
        home.mkdir(parents=True, exist_ok=True)
        with (home / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                number += 1
                continue
            yield home
            return
