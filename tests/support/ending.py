"""Programs that start a process of their own and are killed: whether what they started ends with them."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def ends_with_its_starter(*program: str | Path, within: float) -> bool:
    """Run a Python program that prints a process id and kills itself at the end of its input.

    Return whether the process of that id ends as well, within so many seconds.
    """
    with subprocess.Popen(
        [sys.executable, *program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as starter:
        ended = os.pidfd_open(int(starter.stdout.readline()))
        starter.stdin.close()
        assert starter.wait() == -signal.SIGKILL
    waiting = select.poll()
    waiting.register(ended, select.POLLIN)
    is_over = bool(waiting.poll(1000 * within))
    os.close(ended)
    return is_over
