"""A Prefect server of our own, on loopback, for as long as a command needs it."""

import errno
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from flows.errors import UsageError
from flows.output import say, waiting

_PATIENCE = 120.0
"""Seconds that a server may take to start: on a slow disk, the first time, it has taken 60."""
_BETWEEN = 0.1
_GRACE = 5.0


class ServerError(OSError):
    """The Prefect server did not start; the message says where its log is."""


@contextmanager
def own_server(port: int) -> Iterator[str]:
    """Start a Prefect server at 127.0.0.1:`port` and yield its API's address; it ends with the block.

    Its database is in the cache folder and stays: runs, schedules and logs are there the next time. UsageError where
    the port is taken.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cleancopy" / "prefect" / "server"
    home.mkdir(parents=True, exist_ok=True)
    _check_free(port)
    log = home / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}/api"
    # a session of its own: Ctrl-C is for us, who still have to tell the server how the runs ended
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command,
            env=os.environ | _settings(home, url),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        ) as process,
    ):
        try:
            say("starting a Prefect server ...")
            with waiting("starting"):
                _await(process, url, log)
            yield url
        finally:
            _end(process)


def answers(url: str) -> bool:
    """Return whether something at that address answers with status 200, within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _settings(home: Path, url: str) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": url,
        "PREFECT_UI_API_URL": url,  # its pages would look for the server at the usual port
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }


def await_server(url: str) -> None:
    """Wait until the Prefect server at that API's address answers; ServerError after two minutes.

    It may be starting at this moment, as after a reboot.
    """
    until = monotonic() + _PATIENCE
    if answers(f"{url}/health"):
        return
    say(f"waiting for the Prefect server {url} ...")
    with waiting("waiting"):
        while not answers(f"{url}/health"):
            if monotonic() > until:
                raise ServerError(f"no Prefect server answers at {url}; start it, or unset PREFECT_API_URL")
            sleep(_BETWEEN)


def _await(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = monotonic() + _PATIENCE
    while not answers(f"{url}/health"):
        if process.poll() is not None or monotonic() > until:
            raise ServerError(f"the Prefect server did not start; its log: {log}")
        sleep(_BETWEEN)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            url = f"http://127.0.0.1:{port}/api"
            if answers(f"{url}/health"):
                said = f"a Prefect server answers at {url} already; to use it: export PREFECT_API_URL={url}"
            else:
                said = f"port {port} is in use by something else"
            raise UsageError(f"{said}, or name another with --port") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue
        return
