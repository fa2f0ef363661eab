"""An archive of format 1 and schema version 1 is read for as long as there is a cleancopy.

`format-1.tar.gz` was made once, by the first release, of six example pages in two runs and an edition, and is never
made again. A new format or schema version gets an archive of its own beside it.
"""

import json
import tarfile
from pathlib import Path

import pytest

from archive.archive import open_archive
from archive.audit import audit

SEAL = (Path(__file__).parent / "format-1.seal").read_text("utf-8").strip()


@pytest.fixture
def first(tmp_path):
    with tarfile.open(Path(__file__).parent / "format-1.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "archive"


def test_it_is_still_what_its_seal_says(first):
    assert list(audit(first, seal=SEAL)) == []


def test_its_history_is_still_read(first, cleancopy):
    log = cleancopy("log", "--json", on=open_archive(first)).json
    assert [(row["version"], row["counts"]["added"], row["counts"]["changed"]) for row in log] == [(1, 9, 0), (2, 0, 1)]
    assert log[-1]["seal"] == SEAL
    shown = [
        cleancopy(
            "show", "karabakh-desk.example/2020-11-25-mine-clearance.html", "--at", at, on=open_archive(first)
        ).out
        for at in ("1", "2")
    ]
    assert "Three members of a demining team" in shown[0]
    assert "Five members of a demining team" in shown[1]


def test_its_columns_are_all_there(first, cleancopy):
    (row,) = cleancopy(
        "sql",
        "SELECT count(*) AS documents, count(title) AS titled, sum(len(mentions)) > 10 AS named, "
        "bool_and(input_sha256 IS NOT NULL) AS known FROM documents",
        "--json",
        on=open_archive(first),
    ).json
    assert row == {"documents": 9, "titled": 7, "named": True, "known": True}


def test_a_run_goes_on_from_it(first, ingest, tmp_path):
    (tmp_path / "more.txt").write_text("A new page, long after the first release of the program.\n", "utf-8")
    ingest(open_archive(first), tmp_path / "more.txt")
    assert list(audit(first, seal=SEAL)) == []
    assert json.loads((first / "cleancopy.json").read_bytes())["format"] == 1
