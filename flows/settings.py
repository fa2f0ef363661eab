"""What Prefect is told before it is imported: a quiet embedded server of our own, unless one is named."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# errors are told by the command itself, in one line
_EMBEDDED = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}


@contextmanager
def prefect_environment() -> Iterator[str]:
    """Set the environment for Prefect; yield which server will be used, for a person to read.

    With PREFECT_API_URL set, that server is used. Otherwise an embedded one, with a folder that no other run uses
    at the same time: two runs on one embedded database collide, and a new one takes twice as long to start.
    """
    for name, value in _EMBEDDED.items():
        os.environ.setdefault(name, value)
    if server := os.environ.get("PREFECT_API_URL"):
        yield f"Prefect server {server}"
        return
    if "PREFECT_HOME" in os.environ:
        yield f"embedded Prefect server in {os.environ['PREFECT_HOME']}"
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
            first = "" if (home / "prefect.db").exists() else ", for the first time: about 20 s"
            os.environ["PREFECT_HOME"] = str(home)
            try:
                yield f"embedded Prefect server{first or ': about 10 s'}"
            finally:
                del os.environ["PREFECT_HOME"]
            return
