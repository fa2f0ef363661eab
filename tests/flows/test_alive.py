"""A run that dies leaves a file that nobody holds; other machines' files are left alone."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.alive import alive, bury

ROOT = Path(__file__).parents[2]
DYING = "import os, signal; from flows.alive import alive\nwith alive('one'):\n    os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    return tmp_path / "cleancopy" / "flow-runs"


def buried():
    found = []
    bury(lambda run, pid: found.append((run, pid)))
    return found


def die():
    with subprocess.Popen([sys.executable, "-c", DYING], cwd=ROOT) as process:
        assert process.wait() == -signal.SIGKILL
    return process.pid


def test_a_run_that_died_is_buried_once(folder):
    pid = die()
    assert buried() == [("one", pid)]
    assert buried() == []
    assert list(folder.iterdir()) == []


def test_a_live_run_and_one_that_ended_are_not(folder):
    with alive("two"):
        assert buried() == []
    assert buried() == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("field", "value"), [("host", "elsewhere"), ("server", "http://127.0.0.1:4300/api")])
def test_what_is_of_another_machine_or_server_stays(folder, field, value):
    die()
    (path,) = folder.iterdir()
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    assert buried() == []
    assert path.exists()


@pytest.mark.usefixtures("folder")
def test_a_run_is_met_again_where_the_server_could_not_be_told():
    die()

    def refuse(*_):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        bury(refuse)
    assert [run for run, _ in buried()] == ["one"]
