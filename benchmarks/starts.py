"""Times the start of a run beside that of the Prefect server it needs: alone, until it answers, and ours, in turn.

    python benchmarks/starts.py [--rounds 3]

*first* is with nothing in the server's folder, as on a new machine, *later* with the same folder again. Ours is
`cleancopy ingest` of 21 short texts, from the command until the flow runs, which is when it says so in the cache.
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

BIN = Path(sys.executable).parent
PATIENCE, BETWEEN = 300.0, 0.05
SENTENCE = "The ferry number {} left the port at night, and all who were on board arrived in the morning.\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    found: dict[str, list[tuple[float, float]]] = {"first": [], "later": []}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        (base / "pages").mkdir()
        for number in range(21):
            (base / "pages" / f"{number}.txt").write_text(SENTENCE.format(number), "utf-8")
        for number in range(rounds):
            for when, rows in found.items():
                rows.append((_server(base / f"server{number}"), _ours(base, base / f"ours{number}")))
                print(f"{when:<6} server alone {rows[-1][0]:6.1f} s  ours {rows[-1][1]:6.1f} s", flush=True)
    for when, rows in found.items():
        alone, ours = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{when:<6} medians: server alone {alone:.1f} s, ours {ours:.1f} s; load {os.getloadavg()[0]:.1f}")


def _server(home: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    own = {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    return _seconds(command, own, lambda: _answers(f"http://127.0.0.1:{port}/api/health"), signal.SIGKILL)


def _ours(base: Path, cache: Path) -> float:
    runs = cache / "cleancopy" / "flow-runs"
    shutil.rmtree(runs, ignore_errors=True)
    command = [BIN / "cleancopy", "ingest", base / "pages", "--archive", cache / "archive"]
    return _seconds(command, {"XDG_CACHE_HOME": str(cache)}, lambda: any(runs.glob("*.json")), signal.SIGINT)


def _seconds(command: list[str | Path], own: dict[str, str], ready: Callable[[], bool], end: int) -> float:
    """Return how long a command takes until it is `ready`; then it is ended, with all that it has started."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    began = time.monotonic()
    process = subprocess.Popen(command, env=others | own, stdout=subprocess.DEVNULL, start_new_session=True)
    while not ready():
        if process.poll() is not None or time.monotonic() - began > PATIENCE:
            sys.exit(f"{command[0]} did not start")
        time.sleep(BETWEEN)
    took = time.monotonic() - began
    os.killpg(process.pid, end)
    process.wait()
    return took


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback
            return answer.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    main()
