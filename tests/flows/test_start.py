"""The command as a shell starts it: closed streams, odd locales, and Ctrl-C before anything is loaded."""

import os
import signal
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).with_name("cleancopy")
INTERRUPTED = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "flows.cli":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
from flows.start import main
main()
"""


def test_closed_streams_are_like_empty_ones():
    done = subprocess.run(["sh", "-c", f"{BIN} clean <&- >&-"], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "-: empty: there is no text\n")


def test_what_is_printed_is_utf_8_whatever_the_locale(archive):
    command = [BIN, "show", "sub/road.txt", "--archive", str(archive.folder.root)]
    env = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=env, capture_output=True, check=True)
    assert "\u202ethe governor\u202c said" in done.stdout.decode("utf-8")


def test_ctrl_c_while_the_command_loads_prints_nothing():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
