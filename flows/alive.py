"""Which runs of this machine are alive: a locked file for each, and what to do about those that died without a word.

A run that is killed cannot tell the Prefect server, which shows it as running for ever. Its file stays, and the lock
on it goes when the process does, however it ends. A file of another machine is never touched: the folder may be shared.
"""

import fcntl
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import embedded


def server_name() -> str:
    """Return what names the Prefect server of this process: its address, or the folder of an embedded one."""
    return str(embedded.get() or os.environ.get("PREFECT_API_URL", ""))


@contextmanager
def alive(flow_run_id: str) -> Iterator[None]:
    """Hold the file of a flow run for as long as this process, or the block, lives."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{flow_run_id}.json"
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as stream:
        # locked before it has its name, so that nobody can take the run for dead
        fcntl.flock(stream, fcntl.LOCK_EX)
        about = {"host": socket.gethostname(), "pid": os.getpid(), "flow_run": flow_run_id, "server": server_name()}
        stream.write(json.dumps(about) + "\n")
        stream.flush()
        beside.rename(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def bury(mark: Callable[[str, int], None]) -> int:
    """Call `mark` with flow run id and process number of each run of this server that died here; return how many.

    What `mark` raises is passed on, and the run will be met again.
    """
    found = 0
    folder = _folder()
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            stream = path.open("r+", encoding="utf-8")
        except FileNotFoundError:
            continue
        with stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                about = json.load(stream)
                if (about["host"], about["server"]) != (socket.gethostname(), server_name()):
                    continue
                flow_run, pid = str(about["flow_run"]), int(about["pid"])
            except (BlockingIOError, ValueError, KeyError, TypeError):
                continue
            mark(flow_run, pid)
            path.unlink(missing_ok=True)
            found += 1
    return found


def _folder() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "cleancopy" / "flow-runs"
