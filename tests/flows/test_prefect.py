"""`ingest` and `reclean` with the embedded Prefect server, and with one of our own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from prefect_server import ask, prefect_server

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
    with prefect_server(tmp_path_factory.mktemp("prefect")) as url:
        yield url


def test_ingest_with_the_embedded_server(tmp_path, pages):
    done = cleancopy("ingest", str(pages), "--archive", str(tmp_path / "archive"), "--json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert (row["version"], row["counts"]["added"]) == (1, 12)
    assert "naming policy common" in done.stderr
    assert "embedded Prefect server" in done.stderr
    assert row["seal"] in (tmp_path / "archive" / "seal.txt").read_text()


@pytest.mark.slow
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


@pytest.mark.slow
def test_ingest_with_a_server_of_ones_own(tmp_path, pages, server):
    archive = str(tmp_path / "archive")
    for version, count in ((1, "added"), (2, "unchanged")):
        done = cleancopy("ingest", str(pages), "--archive", archive, "--json", "--workers", "1", PREFECT_API_URL=server)
        assert done.returncode == 0, done.stderr
        (row,) = json.loads(done.stdout)
        assert (row["version"], row["counts"][count]) == (version, 12)
    assert server in done.stderr
    assert [run["state_type"] for run in ask(server, "flow_runs/filter", limit=10)] == ["COMPLETED"] * 2


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


@pytest.mark.parametrize("command", ["ingest", "reclean"])
def test_an_archive_that_nothing_can_be_written_to_is_told_before_a_server_starts(own_archive, pages, command):
    (own_archive.folder.root / "seal.txt").unlink()
    sources = [str(pages)] if command == "ingest" else []
    done = cleancopy(command, *sources, "--archive", str(own_archive.folder.root))
    assert done.returncode == 3
    assert "seal.txt cannot be read" in done.stderr
    assert "server" not in done.stderr


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
