"""How each source stands, by the archive alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fetched import Site
from typer.testing import CliRunner

from archive.archive import create_archive
from flows.batch import clean_batch
from flows.cli import app
from flows.run import Options, staged
from flows.sources.web import configured
from schemas.config import Settings

CONFIGURED = """archive = "archive"
[sources.news]
feed = "https://harbour.example/rss"
cron = "30 3 * * *"
timezone = "Asia/Yerevan"
[sources.desk]
files = "desk"
[sources.often]
urls = "https://harbour.example/often"
every = "PT6H"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cleancopy.toml").write_text(CONFIGURED, "utf-8")
    return tmp_path


@pytest.fixture
def status():
    def ask():
        result = CliRunner().invoke(app, ["status", "--json"])
        assert result.exit_code == 0, result.output
        return {row["source"]: row for row in json.loads(result.stdout)}

    return ask


def fetch(folder, *answers):
    (folder / "site").mkdir()
    site = Site(folder / "site")
    said = "<p>The ferry left the port at night, and all who were on board arrived safely in the morning.</p>"
    site.put({f"https://harbour.example/{n}": (answer, said) for n, answer in enumerate(answers)})
    with staged(create_archive(folder / "archive", "common"), [], Options(), site) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        run.commit()


@pytest.mark.usefixtures("folder")
def test_before_the_first_run_every_source_is_there_and_nothing_is_made(status, tmp_path):
    rows = status()
    assert {name: row["state"] for name, row in rows.items()} == dict.fromkeys(("news", "desk", "often"), "never")
    assert rows["news"]["next_due"].endswith("T23:30:00.000000Z")
    assert rows["desk"]["next_due"] is None
    assert not (tmp_path / "archive").exists()


def test_the_last_run_of_a_source_is_shown(folder, status):
    fetch(folder, 200, 200, 404)
    row = status()["news"]
    assert (row["version"], row["captures"], row["failed"], row["state"]) == (1, 3, 1, "fine")
    assert row["verdicts"] == {"gone": 1, "ok": 2}


def test_a_source_whose_captures_fail_is_failing(folder, status):
    fetch(folder, 200, 503, 503)
    row = status()["news"]
    assert row["state"] == "failing"
    assert "2 error" in row["why"]


def test_a_source_that_was_asked_and_gave_no_page_is_empty_and_not_overdue(folder, status):
    (folder / "desk").mkdir()
    with staged(
        create_archive(folder / "archive", "common"), [], Options(), configured(Settings(), ["desk", "often"])
    ) as run:
        run.commit()
    rows = status()
    assert {name: (row["state"], row["version"]) for name, row in rows.items()} == {
        "desk": ("empty", 1),
        "often": ("empty", 1),
        "news": ("never", None),
    }


def test_files_belong_to_the_source_that_names_their_folder(folder, status, ingest):
    (folder / "desk").mkdir()
    (folder / "desk" / "a.txt").write_text("The ferry left the port at night, and was late in the morning.\n", "utf-8")
    ingest(create_archive(folder / "archive", "common"), Path("desk"))
    assert (status()["desk"]["captures"], status()["news"]["captures"]) == (1, None)


def test_a_table_is_for_people(folder):
    fetch(folder, 200)
    result = CliRunner().invoke(app, ["status"])
    assert "30 3 * * *" in result.stdout
    assert "fine" in result.stdout


def test_a_folder_without_sources_is_no_good_news(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["status", "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no cleancopy.toml" in result.stderr


def test_it_never_loads_prefect(folder):
    code = "import sys; from flows.cli import app; app(['status'], standalone_mode=False); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert "flows.commands.status" in done.stdout
    assert "'prefect'" not in done.stdout
