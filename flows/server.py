"""Prefect servers of our own, on loopback, for as long as a command needs them, and waiting for those of others."""

import errno
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from flows.errors import UsageError
from flows.output import one_line, say, waiting

_PATIENCE = 600.0
"""Seconds that a server of ours may take to start: on a busy machine, the first time, it has taken 60."""
_OTHERS = 120.0
"""Seconds that a server which somebody else starts is waited for."""
_BETWEEN = 0.1
_GRACE = 5.0


class ServerError(OSError):
    """The Prefect server did not start; the message says where its log is."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Prefect server that is starting: the address of its API, its log, its process, and since when."""

    url: str
    log: Path
    process: "subprocess.Popen[bytes]"
    began: float = field(default_factory=monotonic)

    def await_answer(self) -> None:
        """Wait until the server answers, and say how long it took; ServerError where it never will."""
        with waiting("the server is starting"):
            while not answers(f"{self.url}/health"):
                if self.process.poll() is not None or monotonic() - self.began > _PATIENCE:
                    raise ServerError(f"the Prefect server did not start{self._last_words()}; its log: {self.log}")
                sleep(_BETWEEN)
        say(f"the server answers, after {monotonic() - self.began:.0f} s")

    def _last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").split("\n")
        return next((f" ({one_line(line.strip(), 200)})" for line in reversed(lines) if line.strip()), "")


@contextmanager
def own_server(port: int) -> Iterator[Server]:
    """Start a Prefect server with pages at 127.0.0.1:`port`, and yield it at once; it ends with the block.

    Its database is in the cache folder and stays: runs, schedules and logs are there the next time in this working
    folder. UsageError where the port is taken, or another process has the same database.
    """
    # of each working folder its own: two folders may name their sources alike
    name = f"server-{hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:12]}"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cleancopy" / "prefect" / name
    home.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}/api"
    settings = {
        "PREFECT_API_URL": url,
        "PREFECT_UI_API_URL": url,  # its pages would look for the server at the usual port
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }
    with _held(home / "lock", url), _listening(port) as bound, _running(home, bound, settings, _GRACE) as server:
        yield server


@contextmanager
def _held(path: Path, url: str) -> Iterator[None]:
    """Hold the lock of a database, which says where its server is; UsageError where another process holds it."""
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            theirs = lock.read().strip()
            said = f"another `cleancopy schedule` runs here, with a server at {theirs}; end it, or share that server"
            raise UsageError(f"{said}: export PREFECT_API_URL={theirs}") from error
        lock.truncate(0)
        lock.write(f"{url}\n")
        lock.flush()
        yield


@contextmanager
def embedded_server(home: Path) -> Iterator[Server]:
    """Start a Prefect server without pages, with its database in `home`, and yield it at once; it ends with the block.

    That it takes seconds to start is no loss: what a run needs is loaded meanwhile.
    """
    settings = {
        "PREFECT_UI_ENABLED": "0",
        "PREFECT__SERVER_EPHEMERAL": "1",
        # why it does not start is told in its log
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    }
    # nobody asks it for anything once the run has ended, so it is not asked to end in its own time
    with _listening(0) as bound, _running(home, bound, settings, 0.0) as server:
        yield server


def answers(url: str) -> bool:
    """Return whether something at that address answers with status 200, within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def await_server(url: str) -> None:
    """Wait until the Prefect server at that API's address answers; ServerError after two minutes.

    It may be starting at this moment, as after a reboot.
    """
    until = monotonic() + _OTHERS
    if answers(f"{url}/health"):
        return
    say(f"waiting for the Prefect server {url} ...")
    with waiting("waiting"):
        while not answers(f"{url}/health"):
            if monotonic() > until:
                raise ServerError(f"no Prefect server answers at {url}; start it, or unset PREFECT_API_URL")
            sleep(_BETWEEN)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Yield a socket that listens at a port, any free one for 0; UsageError where the port is taken."""
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", port))
            bound.listen()
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise UsageError(f"{_taken(port, error)}, or name another with --port") from error
        yield bound


def _taken(port: int, error: OSError) -> str:
    url = f"http://127.0.0.1:{port}/api"
    if error.errno == errno.EACCES:
        return f"port {port} is not for users: take one above 1023"
    if answers(f"{url}/health"):
        return f"a Prefect server answers at {url} already; to use it: export PREFECT_API_URL={url}"
    return f"port {port} is in use by something else: stop that"


@contextmanager
def _running(home: Path, bound: socket.socket, settings: Mapping[str, str], grace: float) -> Iterator[Server]:
    """Start the process of a server and end it with the block, by force after `grace` seconds."""
    _spare_loopback()
    log = home / "server.log"
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            # -P: the working folder is the user's, and may hold anything
            [sys.executable, "-P", "-m", "flows.server_process", str(bound.fileno())],
            env=os.environ | settings | {"PREFECT_HOME": str(home), "PREFECT__SERVER_FINAL": "1"},
            stdin=subprocess.PIPE,  # which closes when this process ends
            stdout=output,
            stderr=output,
            pass_fds=(bound.fileno(),),
            # a session of its own: Ctrl-C is for us, who still have to tell the server how the runs ended
            start_new_session=True,
        ) as process,
    ):
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/api"
        bound.close()  # only the server's own counts: a connection is refused when it is gone
        try:
            yield Server(url, log, process)
        finally:
            _end(process, grace)


def _spare_loopback() -> None:
    """Let no proxy that is configured stand between us and a server on this machine."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1")))


def _end(process: "subprocess.Popen[bytes]", grace: float) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL) if grace else (signal.SIGKILL,):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(grace or _GRACE)
        except subprocess.TimeoutExpired:
            continue
        return
