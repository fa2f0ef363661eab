"""What a killed run has fetched is taken in by the next run, and not asked for again."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fetched import Site
from killed import driver

from archive.archive import create_archive, open_archive
from archive.audit import audit
from archive.versions import versions
from flows.batch import clean_batch
from flows.run import Options, staged
from flows.source_history import yields
from schemas.source import Source

pytestmark = pytest.mark.slow  # a process or two a test

ROOT = Path(__file__).parents[2]
RUN = '__import__("fetched").Site(Path(given))'
DRIVER = driver(f"staged(open_archive(Path(folder)), [], Options(), {RUN})")
URLS = [f"https://harbour.example/{name}" for name in "abcdefgh"]

POINTS = {
    "before the first answer": ("open", "/asked", 1),
    "between answer and record": ("open", "/asked", 4),
    "while the last page is asked for": ("open", "/asked", 8),
    "WARC half put": ("open", ".warc.gz.tmp", 1),
    "captures written, not committed": ("os.rename", "captures/.part-", 1),
    "captures committed, no version": ("os.rename", "revisions/.part-", 1),
}


def article(name):
    said = f"The ferry {name} left the port at night, and all who were on board arrived safely in the morning."
    return (
        f"<html lang='en'><head><title>Ferry {name}</title></head><body><article><p>{said}</p></article></body></html>"
    )


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site").mkdir()
    site = Site(tmp_path / "site")
    site.put({url: (200, article(url[-1])) for url in URLS})
    return site


@pytest.fixture
def archive(tmp_path):
    return create_archive(tmp_path / "archive", "common")


def fetch(archive, site):
    with staged(archive, [], Options(), site) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        return run.commit()


def kill(archive, site, event, name, nth):
    """Let a run die at a point; return the pages that it had stored."""
    given = [str(archive.folder.root), str(site.folder), event, name, str(nth)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests" / "support")}
    done = subprocess.run([sys.executable, "-c", DRIVER, *given], cwd=ROOT, check=False, env=environment)
    assert done.returncode == -signal.SIGKILL
    return [
        json.loads(line)["row"]["identity"]
        for path in journals(archive)
        for line in path.read_text("utf-8").splitlines()
    ]


def journals(archive):
    return list((archive.cache / "runs").glob("*/journal.jsonl"))


def rows(archive, table):
    return [row for path in archive.table(table).files() for row in pq.read_table(path).to_pylist()]


def texts(archive):
    """The texts of the documents, with their numbers and ops."""
    return sorted((r["identity"], r["revision"], r["op"], r["text"]) for r in rows(archive, "revisions"))


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
def test_nothing_that_was_stored_is_asked_for_again(tmp_path, archive, site, point):
    stored = kill(archive, site, *point)
    before = len(site.asked())
    outcome = fetch(open_archive(tmp_path / "archive"), site)
    assert not set(stored) & set(site.asked()[before:])
    assert set(stored) | set(site.asked()[before:]) == set(URLS)
    assert outcome.version.counts["added"] == len(URLS)
    assert sorted(row["identity"] for row in rows(archive, "captures")) == URLS
    assert list(audit(archive.folder.root)) == []
    assert not list((archive.cache / "runs").iterdir())
    (history,) = yields(archive, {"news": Source(urls=tuple(URLS))}).values()
    assert {run.version for run in history} == {1}
    assert sum(run.captures for run in history) == len(URLS)

    before = len(site.asked())
    fetch(archive, site)
    assert set(site.asked()[before:]) == set(URLS)

    undisturbed = create_archive(tmp_path / "undisturbed", "common")
    fetch(undisturbed, site)
    assert texts(archive) == texts(undisturbed)


def test_runs_killed_one_after_the_other_hand_on_what_they_have(archive, site):
    for nth in (3, 3, 3):
        kill(archive, site, "open", "/asked", nth)
    assert site.asked() == URLS[:6]
    outcome = fetch(archive, site)
    assert site.asked() == URLS
    assert outcome.version.counts["added"] == len(URLS)
    assert len(outcome.version.adopted) == 1
    assert len(list((archive.folder.root / "raw").iterdir())) == 1
    assert list(audit(archive.folder.root)) == []


def test_captures_keep_their_own_time_and_the_version_names_the_run(archive, site):
    kill(archive, site, "open", "/asked", 5)
    (journal,) = journals(archive)
    noted = {
        row["identity"]: row["captured_at"]
        for line in journal.read_text("utf-8").splitlines()
        for row in [json.loads(line)["row"]]
    }
    outcome = fetch(archive, site)
    found = {row["identity"]: row["captured_at"].isoformat() for row in rows(archive, "captures")}
    assert {identity: found[identity] for identity in noted} == noted
    assert outcome.version.adopted == (journal.parent.name,)


def test_a_run_that_fails_leaves_what_it_fetched(archive, site):
    class Failing(Site):
        def captures(self, archive, captured):
            for number, capture in enumerate(super().captures(archive, captured)):
                if number == 3:
                    raise ConnectionError("the network is gone")
                yield capture

    with pytest.raises(ConnectionError):
        fetch(archive, Failing(site.folder))
    assert versions(archive) == []
    fetch(archive, site)
    assert site.asked().count(URLS[0]) == 1
    assert len(texts(archive)) == len(URLS)


def test_what_was_fetched_for_another_source_waits_for_that_source(archive, site, tmp_path):
    kill(archive, site, "open", "/asked", 5)
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other", frozenset({"other"}))
    other.put({"https://elsewhere.example/": (200, article("elsewhere"))})
    assert fetch(archive, other).version.counts["added"] == 1
    assert fetch(archive, site).version.counts["added"] == len(URLS)
    assert site.asked().count(URLS[0]) == 1


def test_what_was_fetched_a_day_ago_is_anybodys_and_asked_for_again(archive, site, tmp_path):
    kill(archive, site, "open", "/asked", 5)
    (journal,) = journals(archive)
    age(journal, timedelta(hours=25))
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other", frozenset({"other"}))
    other.put({URLS[7]: (200, article("h"))})
    assert fetch(archive, other).version.counts["added"] == 5
    assert list(audit(archive.folder.root)) == []


def test_a_capture_of_yesterday_is_kept_and_its_page_asked_for_again(archive, site):
    kill(archive, site, "open", "/asked", 5)
    (journal,) = journals(archive)
    age(journal, timedelta(hours=13))
    fetch(archive, site)
    assert site.asked()[4:] == URLS
    assert len(rows(archive, "captures")) == len(URLS) + 4
    assert list(audit(archive.folder.root)) == []


def age(journal, by):
    """Let the captures of a journal be that much older."""
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    for line in lines:
        line["row"]["captured_at"] = (datetime.fromisoformat(line["row"]["captured_at"]) - by).isoformat()
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.mark.parametrize("damage", ["journal", "warc", "zeros"])
def test_what_is_not_whole_is_asked_for_again(archive, site, damage):
    kill(archive, site, "open", "/asked", 6)
    (journal,) = journals(archive)
    (warc,) = journal.parent.glob("*.warc.gz")
    if damage == "journal":
        journal.write_bytes(journal.read_bytes()[:-40])
    elif damage == "warc":
        warc.write_bytes(warc.read_bytes()[:-40])
    else:
        # what a file system may leave after a power failure
        content = warc.read_bytes()
        warc.write_bytes(content[:-300] + bytes(300))
    fetch(archive, site)
    assert site.asked()[5:] == URLS[4:]
    assert len(texts(archive)) == len(URLS)
    assert list(audit(archive.folder.root)) == []


def test_a_page_that_came_twice_is_taken_in_with_its_reference(archive, site):
    """The second record of the same bytes only refers to the first, which may be the archive's or the killed run's."""
    fetch(archive, site)
    kill(archive, site, "open", "/asked", 5)
    outcome = fetch(archive, site)
    assert (outcome.version.counts["captures"], outcome.version.counts["revisions"]) == (len(URLS), 0)
    assert list(audit(archive.folder.root)) == []
