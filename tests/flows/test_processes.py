"""The processes of a run: what each takes, and that none is left behind."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DYING = """
import multiprocessing, os, signal, sys
from concurrent.futures import ProcessPoolExecutor
from flows.ingest import _leave_interrupts_to_the_run

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_leave_interrupts_to_the_run)
    print(pool.submit(os.getpid).result(), flush=True)
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_a_process_that_cleans_has_no_threads_of_numpys_own():
    code = "import flows, cleaners.lines, os; print(len(os.listdir('/proc/self/task')))"
    unset = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", code], env=unset, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "1"


@pytest.mark.slow
def test_workers_end_with_their_run_even_if_that_is_killed(tmp_path):
    (tmp_path / "dying.py").write_text(DYING, "utf-8")
    with subprocess.Popen(
        [sys.executable, tmp_path / "dying.py"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        ended = os.pidfd_open(int(process.stdout.readline()))
        process.stdin.close()
        assert process.wait() == -signal.SIGKILL
    waiting = select.poll()
    waiting.register(ended, select.POLLIN)
    assert waiting.poll(60_000), "the worker is still there"
    os.close(ended)
