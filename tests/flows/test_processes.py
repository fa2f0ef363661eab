"""The processes of a run: what each takes, and that none is left behind."""

import os
import subprocess
import sys

import pytest
from ending import ends_with_its_starter

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
    assert ends_with_its_starter(tmp_path / "dying.py", within=60), "the worker is still there"
