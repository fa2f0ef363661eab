"""Sources run at their times, one run at a time, and what is missed, stopped or killed is made up for."""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prefect_server import BIN, ask, prefect_server
from slow_site import slow_site
from website import Website, article, reply

from archive.archive import open_archive
from archive.audit import audit
from archive.versions import versions

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
FETCH = '[fetch]\ncontact = "https://archive.example/"\ndelay = 0\nallow = ["127.0.0.0/8"]\n'
CRASHED, CANCELLED, COMPLETED = "CRASHED", "CANCELLED", "COMPLETED"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with prefect_server(tmp_path_factory.mktemp("prefect")) as url:
        yield url


@pytest.fixture
def folder(tmp_path):
    """A working folder with pages of its own."""
    (tmp_path / "pages").mkdir()
    for n in range(3):
        text = f"The ferry number {n} left the port at night, and all who were on board arrived in the morning.\n"
        (tmp_path / "pages" / f"{n}.txt").write_text(text, "utf-8")
    return tmp_path


@contextmanager
def serving(folder, server):
    """Run `cleancopy schedule` there until the block ends; yield its process, once it waits for the next run."""
    said = folder / "said"
    with (
        said.open("w") as stream,
        subprocess.Popen(
            [BIN / "cleancopy", "schedule"],
            cwd=folder,
            env=os.environ | {"PREFECT_API_URL": server},
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        ) as process,
    ):
        try:
            until(lambda: "waiting for the next run" in said.read_text(), process, said)
            process.said = said
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)


def until(true, process, said):
    """Wait until something is true, as long as a busy machine may need; return what it is."""
    deadline = time.monotonic() + 400
    while not (found := true()):
        assert time.monotonic() < deadline, said.read_text()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        assert process.poll() is None, said.read_text()
    return found


def runs(server, source):
    """The runs of a source that are no longer waiting for their time, oldest first."""
    found = ask(
        server,
        "flow_runs/filter",
        sort="EXPECTED_START_TIME_ASC",
        deployments={"name": {"any_": [source]}},
        flow_runs={"state": {"type": {"not_any_": ["SCHEDULED"]}}},
    )
    return [run["state_type"] for run in found]


def idle(process):
    """Whether no run's process is left: one that is stopped as it ends is shown as cancelled."""
    return not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()


def start_one(server, source, due=None):
    """Ask for a run of a source, now or as if it had been due at another time."""
    (found,) = ask(server, "deployments/filter", deployments={"name": {"any_": [source]}})
    state = (
        {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}} if due else {"type": "SCHEDULED"}
    )
    return ask(server, f"deployments/{found['id']}/create_flow_run", state=state)["id"]


def test_a_schedule_fires_on_its_own(folder, server):
    (folder / "cleancopy.toml").write_text('archive = "archive"\n[sources.often]\nfiles = "pages"\nevery = "PT20S"\n')
    with serving(folder, server) as process:
        until(lambda: len(versions(open_archive(folder / "archive"))) >= 2, process, process.said)
    first, second, *_ = versions(open_archive(folder / "archive"))
    assert (first.counts["added"], second.counts["unchanged"]) == (3, 3)
    (found,) = ask(server, "deployments/filter", deployments={"name": {"any_": ["often"]}})
    assert found["entrypoint"] == "flows.scheduled.ingest_sources"
    assert found["parameter_openapi_schema"]["properties"]["workers"]["description"].startswith("Processes")
    told = subprocess.run([BIN / "cleancopy", "status", "--json"], cwd=folder, capture_output=True, check=True)
    (row,) = json.loads(told.stdout)
    assert (row["source"], row["captures"], row["failed"], row["state"]) == ("often", 3, 0, "fine")


def test_of_missed_runs_the_newest_is_caught_up(folder, server):
    (folder / "cleancopy.toml").write_text(
        'archive = "archive"\n[sources.missed]\nfiles = "pages"\ncron = "0 3 1 1 *"\n'
    )
    with serving(folder, server):
        pass
    now = datetime.now(UTC)
    for days in (3, 2, 1):
        start_one(server, "missed", now - timedelta(days=days))
    with serving(folder, server) as process:
        assert "2 missed runs are cancelled" in process.said.read_text()
        until(lambda: COMPLETED in runs(server, "missed") and idle(process), process, process.said)
    assert runs(server, "missed") == [CANCELLED, CANCELLED, COMPLETED]
    assert len(versions(open_archive(folder / "archive"))) == 1


def test_a_stop_ends_a_run_and_the_next_takes_in_what_it_had(folder, server):
    with slow_site() as site:
        pages = [f"{site.url}/{n}" for n in range(1, 9)]
        (folder / "cleancopy.toml").write_text(
            f'archive = "archive"\n{FETCH}[sources.slow]\nurls = {json.dumps(pages)}\ncron = "0 3 1 1 *"\n'
        )
        site.stuck = 5
        with serving(folder, server) as process:
            start_one(server, "slow")
            until(lambda: "5" in site.asked, process, process.said)
            # a run that comes too early is cancelled
            start_one(server, "slow")
            until(lambda: CANCELLED in runs(server, "slow"), process, process.said)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            assert time.monotonic() - began < 10
        assert sorted(runs(server, "slow")) == [CANCELLED, CANCELLED]
        assert versions(open_archive(folder / "archive")) == []
        site.stuck, before = 1_000_000, len(site.asked)
        site.go.set()
        with serving(folder, server) as process:
            start_one(server, "slow")
            until(lambda: COMPLETED in runs(server, "slow") and idle(process), process, process.said)
        assert sorted(site.asked[before:]) == ["5", "6", "7", "8"]
    (version,) = versions(open_archive(folder / "archive"))
    assert (version.counts["added"], len(version.adopted)) == (8, 1)
    assert list(audit(folder / "archive")) == []


def test_a_run_that_is_stopped_once_its_version_is_there_ends_as_completed(folder, server):
    (folder / "cleancopy.toml").write_text('archive = "archive"\n[sources.late]\nfiles = "pages"\ncron = "0 3 1 1 *"\n')
    log = folder / "archive" / "revisions" / "_delta_log"
    with serving(folder, server) as process:
        start_one(server, "late")
        until(lambda: len(list(log.glob("*.json"))) == 2, process, process.said)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert runs(server, "late") == [COMPLETED]


def test_a_source_that_begins_to_fail_raises_an_event(folder, server):
    with Website() as site:
        refused = reply(b"<p>You have been blocked.</p>", "403 Forbidden")
        for n in range(6):
            site.host("127.0.0.1").on(f"/{n}", reply(article(f"ferry {n}")), refused)
        pages = json.dumps([site.url(f"/{n}", "127.0.0.1") for n in range(6)])
        (folder / "cleancopy.toml").write_text(
            f'archive = "archive"\n{FETCH}[sources.walled]\nurls = {pages}\ncron = "0 3 1 1 *"\n'
        )
        with serving(folder, server) as process:
            for expected in ([COMPLETED], [COMPLETED, COMPLETED]):
                start_one(server, "walled")
                until(lambda found=expected: runs(server, "walled") == found, process, process.said)
            wanted = {"event": {"name": ["cleancopy.source.failing"]}}
            (event,) = until(
                lambda: ask(server, "events/filter", filter=wanted, limit=10)["events"], process, process.said
            )
    assert event["resource"]["prefect.resource.name"] == "walled"
    assert event["payload"]["message"] == "walled: 100% of its pages gave no text, before it was 0%"


def test_a_run_that_died_is_marked_crashed_by_the_next(folder, server):
    with slow_site() as site:
        site.stuck = 3
        pages = [f"{site.url}/{n}" for n in range(1, 5)]
        (folder / "cleancopy.toml").write_text(
            f'archive = "archive"\n{FETCH}[sources.dying]\nurls = {json.dumps(pages)}\ncron = "0 3 1 1 *"\n'
        )
        with serving(folder, server) as process:
            start_one(server, "dying")
            until(lambda: "3" in site.asked, process, process.said)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
        assert runs(server, "dying") == ["RUNNING"]
        with serving(folder, server) as process:
            assert "marked crashed" in process.said.read_text()
        assert runs(server, "dying") == [CRASHED]


def test_a_work_pool_runs_what_prefect_yaml_deploys(folder, server):
    (folder / "cleancopy.toml").write_text('archive = "archive"\n[sources.news]\nfiles = "pages"\n', "utf-8")
    shutil.copy(ROOT / "examples" / "prefect.yaml", folder)
    prefect(folder, server, "work-pool", "create", "archive", "--type", "process")
    prefect(folder, server, "deploy", "--all")
    (found,) = ask(server, "deployments/filter", deployments={"name": {"any_": ["news"]}})
    assert found["parameters"] == {"folder": str(folder), "sources": ["news"]}
    assert found["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    (times,) = found["schedules"]
    assert (times["schedule"]["cron"], times["schedule"]["timezone"]) == ("30 3 * * *", "Asia/Yerevan")
    start_one(server, "news")
    prefect(folder, server, "worker", "start", "--pool", "archive", "--run-once")
    assert runs(server, "news") == [COMPLETED]
    (version,) = versions(open_archive(folder / "archive"))
    assert version.counts["added"] == 3


def prefect(folder, server, *args):
    """Run a command of Prefect's in a folder, as the documentation does."""
    done = subprocess.run(
        [BIN / "prefect", "--no-prompt", *args],
        cwd=folder,
        env=os.environ | {"PREFECT_API_URL": server, "PWD": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
