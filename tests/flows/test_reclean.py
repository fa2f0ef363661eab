"""Cleaning again what is stored: another naming policy or other rules, one version, nothing fetched."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from killed import driver

from archive.archive import ArchiveError, create_archive, open_archive
from archive.audit import audit
from archive.versions import versions
from flows.batch import clean_batch
from flows.run import Options, recleaning, staged

ROOT = Path(__file__).parents[2]

DRIVER = driver("recleaning(open_archive(Path(folder)), given, Options())")

POINTS = {
    "first page being read": ("open", "-00000.warc.gz", 1),
    "captures committed, seal.txt not": ("os.rename", ".seal.txt.tmp", 1),
    "revisions written, not committed": ("os.rename", "revisions/.part-", 1),
    "version committed, seal.txt not": ("os.rename", ".seal.txt.tmp", 2),
}


def ingest(archive, *sources, mirror=False):
    with staged(archive, [str(s) for s in sources], Options(mirror=mirror)) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        return run.commit()


def reclean(archive, policy, meanwhile=lambda: None):
    with recleaning(archive, policy, Options()) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        meanwhile()
        return run.commit()


def revisions(archive, *columns):
    rows = [row for path in archive.table("revisions").files() for row in pq.read_table(path).to_pylist()]
    rows.sort(key=lambda row: (row["version"], row["identity"], row["revision"]))
    return [tuple(row[c] for c in columns) for row in rows]


def texts(archive):
    """The newest text of each document."""
    return {identity: text for _, identity, text in revisions(archive, "version", "identity", "text")}


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "road.txt").write_text("The road from Stepanakert to Shushi was closed on Monday morning.\n", "utf-8")
    (folder / "ferry.txt").write_text("The ferry left the port at night, and all arrived safely.\n", "utf-8")
    return folder


@pytest.fixture
def archive(tmp_path, pages):
    made = create_archive(tmp_path / "archive", "common")
    ingest(made, pages)
    return made


def test_another_policy_is_one_version_and_holds_from_then_on(archive, pages):
    outcome = reclean(archive, "az")
    assert (outcome.version.command, outcome.version.policy) == ("reclean", "az")
    counts = outcome.version.counts
    assert (counts["changed"], counts["unchanged"], counts["captures"], counts["cleaned"]) == (1, 1, 0, 2)
    assert revisions(archive, "version", "identity", "op", "cause", "policy") == [
        (1, "file:ferry.txt", "add", "page", "common"),
        (1, "file:road.txt", "add", "page", "common"),
        (2, "file:road.txt", "change", "policy", "az"),
    ]
    assert texts(archive)["file:road.txt"] == "The road from Khankendi to Shusha was closed on Monday morning.\n"
    assert open_archive(archive.folder.root).policy == "az"
    (pages / "bridge.txt").write_text("A bridge near Stepanakert was opened to lorries on Sunday.\n", "utf-8")
    assert ingest(open_archive(archive.folder.root), pages).version.counts["added"] == 1
    assert "Khankendi" in texts(archive)["file:bridge.txt"]
    assert list(audit(archive.folder.root)) == []


def test_there_and_back_gives_the_text_of_before(archive):
    before = texts(archive)
    reclean(archive, "hy")
    assert texts(archive) != before
    reclean(archive, "common")
    assert texts(archive) == before
    assert archive.policy == "common"
    assert list(audit(archive.folder.root)) == []


def test_nothing_to_change_makes_a_version_without_revisions(archive):
    outcome = reclean(archive, "common")
    assert (outcome.version.version, outcome.version.counts["revisions"]) == (2, 0)
    assert outcome.version.counts["unchanged"] == 2


def test_the_newest_bytes_are_cleaned_and_withdrawn_documents_stay_away(archive, pages):
    (pages / "road.txt").write_text("The road from Stepanakert to Shushi was open again on Friday.\n", "utf-8")
    (pages / "ferry.txt").unlink()
    ingest(archive, pages, mirror=True)
    reclean(archive, "az")
    assert revisions(archive, "version", "identity", "op", "cause")[-1] == (3, "file:road.txt", "change", "policy")
    assert texts(archive)["file:road.txt"] == "The road from Khankendi to Shusha was open again on Friday.\n"
    assert ingest(archive, pages).version.counts["changed"] == 0
    assert list(audit(archive.folder.root)) == []


def test_a_page_loaded_meanwhile_gets_the_new_policy_too(archive, tmp_path):
    late = tmp_path / "late.txt"
    late.write_text("Snow fell on Stepanakert in the night, and the school stayed shut.\n", "utf-8")
    reclean(archive, "az", meanwhile=lambda: ingest(archive, late))
    assert texts(archive)["file:late.txt"].startswith("Snow fell on Khankendi")
    assert [cause for cause, version in revisions(archive, "cause", "version") if version == 3] == ["policy"] * 2
    assert list(audit(archive.folder.root)) == []


def test_a_run_does_not_undo_a_policy_that_was_set_while_it_cleaned(archive, tmp_path):
    late = tmp_path / "late.txt"
    late.write_text("Snow fell on Stepanakert in the night, and the school stayed shut.\n", "utf-8")
    with staged(archive, [str(late)], Options()) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        reclean(archive, "az")
        with pytest.raises(ArchiveError, match=r"has set the naming policy to 'az'.*run it again"):
            run.commit()
    assert ingest(archive, late).version.policy == "az"
    assert texts(archive)["file:late.txt"].startswith("Snow fell on Khankendi")
    assert list(audit(archive.folder.root)) == []


def test_a_page_whose_record_is_lost_stays_as_it_was_and_is_told(archive):
    before = texts(archive)
    [warc] = (archive.folder.root / "raw").glob("*.warc.gz")
    warc.write_bytes(b"not a WARC file")
    outcome = reclean(archive, "az")
    assert {failure.identity for failure in outcome.failures} == {"file:ferry.txt", "file:road.txt"}
    assert texts(archive) == before


@pytest.mark.parametrize(("event", "name", "nth"), POINTS.values(), ids=POINTS)
def test_a_killed_run_leaves_the_archive_whole_and_can_be_repeated(archive, event, name, nth):
    first = versions(archive)
    command = [sys.executable, "-c", DRIVER, str(archive.folder.root), "az", event, name, str(nth)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert versions(archive)[:1] == first
    reclean(archive, "az")
    assert archive.policy == "az"
    assert "Khankendi" in texts(archive)["file:road.txt"]
    assert [v.version for v in versions(archive)] == list(range(1, len(versions(archive)) + 1))
    assert list(audit(archive.folder.root)) == []


def test_other_rules_are_the_cause_where_both_have_changed(archive, tmp_path):
    newer = tmp_path / "newer"
    for folder in ("schemas", "cleaners", "archive", "flows"):
        shutil.copytree(ROOT / folder, newer / folder, ignore=shutil.ignore_patterns("__pycache__"))
    with (newer / "cleaners" / "rules" / "boilerplate.toml").open("a", encoding="utf-8") as rules:
        rules.write("# another digest\n")
    command = [sys.executable, "-c", DRIVER, str(archive.folder.root), "az", "none", "none", "1"]
    subprocess.run(command, cwd=newer, check=True, env={"PYTHONPATH": str(newer)})
    assert revisions(archive, "version", "cause")[-1] == (2, "rules")
    assert list(audit(archive.folder.root)) == []
