"""kill -9 at any point of a run leaves the last version whole, and the next run carries on."""

import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from killed import driver

from archive.archive import create_archive, open_archive
from archive.audit import audit
from archive.versions import versions
from flows.batch import clean_batch
from flows.run import Options, staged

pytestmark = pytest.mark.slow  # a process a test

DRIVER = driver("staged(open_archive(Path(folder)), [given], Options())")

POINTS = {
    "first page being read": ("open", "-00000.warc.gz", 1),
    "WARC half put": ("open", ".warc.gz.tmp", 1),
    "WARC put, not renamed": ("os.rename", ".warc.gz.tmp", 1),
    "captures written, not committed": ("os.rename", "captures/.part-", 1),
    "captures committed, seal.txt not": ("os.rename", ".seal.txt.tmp", 1),
    "revisions spooled": ("open", "part-", 4),
    "revisions written, not committed": ("os.rename", "revisions/.part-", 1),
    "version committed, seal.txt not": ("os.rename", ".seal.txt.tmp", 2),
}


def ingest(archive, source):
    with staged(archive, [str(source)], Options()) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        return run.commit()


def documents(archive):
    """What the archive says of each document, but for times, salts and the ids of runs."""
    newest = {}
    for path in archive.table("revisions").files():
        for row in pq.read_table(path).to_pylist():
            known = newest.get(row["identity"])
            if known is None or (known["captured_at"], known["version"]) < (row["captured_at"], row["version"]):
                newest[row["identity"]] = row
    return {k: (r["op"], r["revision"], r["content_sha256"], r["recipe"]) for k, r in newest.items()}


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in "abc":
        text = f"The ferry {name} left the port at night, and all who were on board arrived safely in the morning.\n"
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(("event", "name", "nth"), POINTS.values(), ids=POINTS)
def test_a_killed_run_leaves_the_last_version_whole(tmp_path, pages, event, name, nth):
    archive = create_archive(tmp_path / "archive", "common")
    ingest(archive, pages)
    first = versions(archive)
    (pages / "a.txt").write_text("The ferry a was late, and all who were on board missed the morning train.\n", "utf-8")
    driver = [sys.executable, "-c", DRIVER, str(archive.folder.root), str(pages), event, name, str(nth)]
    done = subprocess.run(driver, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL

    archive = open_archive(tmp_path / "archive")
    assert versions(archive)[:1] == first
    ingest(archive, pages)
    assert list(audit(archive.folder.root)) == []

    undisturbed = create_archive(tmp_path / "undisturbed", "common")
    for name_ in "bc":
        assert (pages / f"{name_}.txt").exists()
    changed = (pages / "a.txt").read_bytes()
    (pages / "a.txt").write_text(
        "The ferry a left the port at night, and all who were on board arrived safely in the morning.\n", "utf-8"
    )
    ingest(undisturbed, pages)
    (pages / "a.txt").write_bytes(changed)
    ingest(undisturbed, pages)
    assert documents(archive) == documents(undisturbed)


def test_captures_of_a_killed_run_are_taken_in_also_where_another_run_has_named_them(tmp_path, pages):
    archive = create_archive(tmp_path / "archive", "common")
    (tmp_path / "other.txt").write_text("A note on the night train that waits for the ferry in the harbour.\n", "utf-8")
    with staged(archive, [str(tmp_path / "other.txt")], Options()) as other:
        for batch in other.batches():
            other.take(clean_batch(batch))
        driver = [
            sys.executable,
            "-c",
            DRIVER,
            str(archive.folder.root),
            str(pages),
            "os.rename",
            "revisions/.part-",
            "1",
        ]
        killed = subprocess.run(driver, cwd=Path(__file__).parents[2], check=False)
        assert killed.returncode == -signal.SIGKILL
        other.commit()
    assert sorted(documents(archive)) == ["file:other.txt"]
    (tmp_path / "third.txt").write_text("A third note, on the bus that waits for the night train.\n", "utf-8")
    ingest(archive, tmp_path / "third.txt")
    assert sorted(documents(archive)) == [*(f"file:{n}.txt" for n in "abc"), "file:other.txt", "file:third.txt"]
    assert versions(archive)[1].adopted
    assert list(audit(archive.folder.root)) == []
    outcome = ingest(archive, tmp_path / "third.txt")
    assert outcome.version.adopted == ()
