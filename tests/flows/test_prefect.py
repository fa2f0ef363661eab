"""The one module that starts a Prefect server: `ingest` with the embedded one, and with one of our own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from archive.archive import create_archive

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]


def cleancopy(*args, **environment):
    return subprocess.run(
        [BIN / "cleancopy", *args],
        env=os.environ | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for n in range(12):
        text = f"The ferry number {n} left the port at night, and all who were on board arrived in the morning.\n"
        (folder / f"{n}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A real Prefect server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("prefect")
    environment = os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(
            [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        url = f"http://127.0.0.1:{port}/api"
        deadline = time.monotonic() + 120
        while not _answers(f"{url}/health"):
            assert time.monotonic() < deadline, (home / "log").read_text()
            assert process.poll() is None, (home / "log").read_text()
        yield url
        os.killpg(process.pid, signal.SIGTERM)


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_ingest_with_the_embedded_server(tmp_path, pages):
    done = cleancopy("ingest", str(pages), "--archive", str(tmp_path / "archive"), "--json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert (row["version"], row["counts"]["added"]) == (1, 12)
    assert "naming policy common" in done.stderr
    assert "embedded Prefect server" in done.stderr
    assert row["seal"] in (tmp_path / "archive" / "seal.txt").read_text()


def test_reclean_sets_another_policy(tmp_path, ingest):
    archive = str(tmp_path / "archive")
    (tmp_path / "road.txt").write_text("The road from Stepanakert to Shushi was closed on Monday.\n", "utf-8")
    ingest(create_archive(tmp_path / "archive", "common"), tmp_path / "road.txt")
    wrong = cleancopy("reclean", "--names", "nobody", "--archive", archive)
    assert (wrong.returncode, "nobody" in wrong.stderr, "Traceback" in wrong.stderr) == (2, True, False)
    done = cleancopy("reclean", "--names", "hy", "--archive", archive, "--json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert (row["version"], row["policy"], row["counts"]["changed"]) == (2, "hy", 1)
    assert "naming policy hy" in done.stderr
    assert "Stepanakert to Shushi" in cleancopy("show", "road.txt", "--archive", archive).stdout
    assert cleancopy("verify", "--archive", archive).returncode == 0


def test_ingest_with_a_server_of_ones_own(tmp_path, pages, server):
    archive = str(tmp_path / "archive")
    for version, count in ((1, "added"), (2, "unchanged")):
        done = cleancopy("ingest", str(pages), "--archive", archive, "--json", "--workers", "1", PREFECT_API_URL=server)
        assert done.returncode == 0, done.stderr
        (row,) = json.loads(done.stdout)
        assert (row["version"], row["counts"][count]) == (version, 12)
    assert server in done.stderr
    wanted = urllib.request.Request(
        f"{server}/flow_runs/filter", json.dumps({"limit": 10}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(wanted) as answer:
        assert [run["state_type"] for run in json.load(answer)] == ["COMPLETED"] * 2


def test_wrong_usage_is_told_before_anything_starts(tmp_path, pages):
    done = cleancopy("ingest", str(pages), "--archive", str(tmp_path / "archive"), "--names", "nobody")
    assert done.returncode == 2
    assert "nobody" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "archive").exists()


def test_an_archive_that_is_none_is_refused(tmp_path, pages):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("not an archive", "utf-8")
    done = cleancopy("ingest", str(pages), "--archive", str(tmp_path / "full"))
    assert done.returncode == 3
    assert "neither an archive nor an empty folder" in done.stderr


@pytest.mark.slow
def test_ctrl_c_ends_a_run_and_leaves_the_archive_whole(tmp_path, pages):
    archive = tmp_path / "archive"
    assert cleancopy("ingest", str(pages), "--archive", str(archive), "--json").returncode == 0
    many = tmp_path / "many.jsonl"
    row = {"text": "The ferry left the port at night, and all who were on board arrived in the morning. " * 200}
    many.write_text("".join(json.dumps(row | {"id": str(n)}) + "\n" for n in range(4_000)), "utf-8")
    with subprocess.Popen(
        [BIN / "cleancopy", "ingest", str(many), "--archive", str(archive)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        spools = Path(os.environ["XDG_CACHE_HOME"]) / "cleancopy"
        while process.poll() is None and not list(spools.glob("*/runs/*/*.warc.gz")):
            os.sched_yield()
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert b"Traceback" not in errors
    assert cleancopy("ingest", str(pages), "--archive", str(archive), "--json").returncode == 0
    assert cleancopy("verify", "--archive", str(archive)).returncode == 0
