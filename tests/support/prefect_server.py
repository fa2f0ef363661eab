"""A real Prefect server on loopback, and what it knows."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BIN = Path(sys.executable).parent


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """Start a server with its database in a folder; yield its API's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(
            [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        url = f"http://127.0.0.1:{port}/api"
        deadline = time.monotonic() + 120
        while not _answers(f"{url}/health"):
            assert time.monotonic() < deadline, (home / "log").read_text()
            assert process.poll() is None, (home / "log").read_text()
        yield url
        os.killpg(process.pid, signal.SIGTERM)


def ask(url: str, path: str, **body: object) -> object:
    """Return what the server answers to a query; it is asked again where it was too busy for its database."""
    wanted = urllib.request.Request(f"{url}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    for left in reversed(range(5)):
        try:
            with urllib.request.urlopen(wanted) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 503 or not left:
                raise
    return None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
