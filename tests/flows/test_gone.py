"""A page that is gone leaves the archive's current state once a later run confirms it, and comes back if it does."""

import pyarrow.parquet as pq
import pytest
from fetched import Site

from archive.archive import create_archive
from archive.audit import audit
from archive.heads import read_heads
from flows.batch import clean_batch
from flows.rows import doc_id_of
from flows.run import Options, staged

FERRY, TRAIN = "https://harbour.example/ferry", "https://harbour.example/train"
SAID = "The ferry left the port at night, and all who were on board arrived safely in the morning."
ARTICLE = f"<html lang='en'><head><title>The ferry</title></head><body><article><p>{SAID}</p></article></body></html>"
WALL = """<html lang='en'><head><title>News</title></head><body><div>
<p>We and our 211 partners store cookies and process personal data, such as your address, to show you advertising that
fits. You can change your consent at any time under Privacy.</p><button>Accept all</button></div></body></html>"""

THERE, GONE, BEHIND_A_WALL, DOWN = (200, ARTICLE), (404, "<h1>Not found</h1>"), (200, WALL), (503, "Try again later")


@pytest.fixture
def run(tmp_path):
    """A run that meets one page, and another that never changes: `run((status, page))`."""
    (tmp_path / "site").mkdir()
    site, archive = Site(tmp_path / "site"), create_archive(tmp_path / "archive", "common")

    def fetch(*answers):
        for answer in answers:
            site.put({FERRY: answer, TRAIN: THERE})
            with staged(archive, [], Options(), site) as staged_run:
                for batch in staged_run.batches():
                    staged_run.take(clean_batch(batch))
                outcome = staged_run.commit()
            assert list(audit(archive.folder.root)) == []
        return outcome.version.counts

    fetch.archive = archive
    return fetch


def story(archive):
    rows = [row for path in archive.table("revisions").files() for row in pq.read_table(path).to_pylist()]
    return [(r["op"], r["cause"]) for r in sorted(rows, key=lambda r: r["revision"]) if r["identity"] == FERRY]


def test_one_404_is_noted_and_withdraws_nothing(run):
    counts = run(THERE, GONE)
    assert (counts["verdict.gone"], counts["withdrawn"], counts["revisions"]) == (1, 0, 0)
    assert story(run.archive) == [("add", "page")]


def test_a_second_run_confirms_it(run):
    counts = run(THERE, GONE, GONE)
    assert (counts["withdrawn"], counts["revisions"]) == (1, 1)
    assert story(run.archive) == [("add", "page"), ("withdraw", "gone")]
    assert [doc_id for doc_id, _ in read_heads(run.archive).present()] == [doc_id_of(TRAIN)]


def test_it_is_withdrawn_once(run):
    assert run(THERE, GONE, GONE, GONE)["withdrawn"] == 0


def test_a_page_that_comes_back_is_restored_even_if_it_is_the_same(run):
    counts = run(THERE, GONE, GONE, THERE)
    assert counts["restored"] == 1
    assert story(run.archive)[2:] == [("restore", "page")]


def test_it_can_leave_again(run):
    run(THERE, GONE, GONE, THERE, GONE)
    assert story(run.archive)[-1] == ("restore", "page")
    assert run(GONE)["withdrawn"] == 1


@pytest.mark.parametrize("between", [THERE, (304, "")], ids=["found", "not modified"])
def test_a_sign_of_the_page_between_two_404s_begins_anew(run, between):
    assert run(THERE, GONE, between, GONE)["withdrawn"] == 0
    assert run(GONE)["withdrawn"] == 1


@pytest.mark.parametrize("between", [DOWN, BEHIND_A_WALL], ids=["down", "wall"])
def test_what_says_nothing_of_the_page_does_not_count(run, between):
    assert run(THERE, GONE, between, GONE)["withdrawn"] == 1


def test_a_page_never_seen_is_not_withdrawn(run):
    assert run(GONE, GONE)["withdrawn"] == 0
    assert story(run.archive) == []


def test_a_consent_wall_never_supersedes_the_article(run):
    counts = run(THERE, BEHIND_A_WALL, BEHIND_A_WALL)
    assert (counts["verdict.consent_wall"], counts["revisions"], counts["withdrawn"]) == (1, 0, 0)
    assert story(run.archive) == [("add", "page")]
    assert run(THERE)["revisions"] == 0
