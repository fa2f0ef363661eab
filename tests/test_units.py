"""The systemd units can be used as they are, and name commands that there are."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from flows.cli import app
from schemas.config import Settings

ROOT = Path(__file__).parent.parent
UNITS = sorted((ROOT / "examples" / "systemd").glob("*.service"))


def starts(unit):
    (line,) = [line for line in unit.read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
    return shlex.split(line.removeprefix("ExecStart="))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_has_nothing_to_say_of_the_units(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "run").mkdir()
    for unit in UNITS:
        own = unit.read_text("utf-8").replace("%h/cleancopy/.venv", sys.prefix).replace("%h", str(tmp_path))
        (tmp_path / unit.name).write_text(own, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *(tmp_path / unit.name for unit in UNITS)],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path / "run"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if any(unit.stem in line for unit in UNITS)]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_a_command_that_there_is(unit):
    program, *arguments = starts(unit)
    assert program in {"%h/cleancopy/.venv/bin/cleancopy", "%h/cleancopy/.venv/bin/prefect"}
    if program.endswith("cleancopy"):
        assert arguments[0] in typer.main.get_command(app).commands


def test_the_configuration_that_is_shown_can_be_used(tmp_path, monkeypatch):
    text = (ROOT / "docs" / "scheduling.md").read_text("utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "cleancopy.toml").write_text(shown, "utf-8")
    monkeypatch.chdir(tmp_path)
    sources = Settings().sources
    assert {name: (source.kind, bool(source.cron or source.every)) for name, source in sources.items()} == {
        "news": ("feed", True),
        "desk": ("files", True),
    }
    assert all(unit.name in text for unit in UNITS)
