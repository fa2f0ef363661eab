"""A run through its plain functions: what becomes a version, and what does not."""

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from archive.archive import ArchiveError, create_archive, open_archive
from archive.audit import audit
from archive.versions import versions
from flows.batch import clean_batch
from flows.load import TwiceError
from flows.run import Options, staged

ARTICLE = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    "<p>The talks in Geneva went on for a third day, and the two delegations met twice in the afternoon.</p>"
    "<p>{body} Nobody expected an agreement before the end of the week, a diplomat said on Tuesday.</p>"
    "</article></body></html>"
)


def page(title, body="Both sides spoke of progress."):
    return ARTICLE.format(title=title, body=body)


def ingest(archive, *sources, mirror=False):
    with staged(archive, [str(s) for s in sources], Options(mirror=mirror)) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        return run.commit()


def rows(archive, table="revisions", *columns):
    found = []
    for path in archive.table(table).files():
        found += pq.read_table(path, columns=list(columns) or None).to_pylist()
    key = ("version", "doc_id", "revision") if table == "revisions" else ("recorded_at", "doc_id")
    return sorted(found, key=lambda r: tuple(r.get(k) for k in key)) if not columns else found


@pytest.fixture
def empty(tmp_path):
    return create_archive(tmp_path / "archive", "common")


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.html").write_text(page(f"Page {name}"), "utf-8")
    return folder


def counts(outcome):
    return {k: n for k, n in outcome.version.counts.items() if n and k in NAMED}


NAMED = {"added", "changed", "restored", "withdrawn", "unchanged", "absent", "duplicate", "revisions", "cleaned"}


def test_a_run_is_a_version(empty, pages):
    outcome = ingest(empty, pages)
    assert outcome.version.version == 1
    assert counts(outcome) == {"added": 3, "revisions": 3, "cleaned": 3}
    assert [(r["op"], r["cause"], r["revision"]) for r in rows(empty)] == [("add", "page", 1)] * 3


def test_unchanged_input_makes_a_version_without_revisions_and_cleans_nothing(empty, pages):
    ingest(empty, pages)
    outcome = ingest(empty, pages)
    assert outcome.version.version == 2
    assert counts(outcome) == {"unchanged": 3}
    assert len(rows(empty)) == 3
    assert len(rows(empty, "captures")) == 6


def test_a_changed_page_is_a_revision_and_a_missing_one_stays(empty, pages):
    ingest(empty, pages)
    (pages / "a.html").write_text(page("Page a", "Both sides spoke of failure."), "utf-8")
    (pages / "b.html").unlink()
    outcome = ingest(empty, pages)
    assert counts(outcome) == {"changed": 1, "unchanged": 1, "absent": 1, "revisions": 1, "cleaned": 1}
    assert outcome.absent == ("file:b.html",)
    assert [r["op"] for r in rows(empty)] == ["add", "add", "add", "change"]


def test_a_change_outside_the_text_is_a_capture_only(empty, pages):
    ingest(empty, pages)
    (pages / "a.html").write_text(page("Page a").replace("<article>", "<article class='new'>"), "utf-8")
    outcome = ingest(empty, pages)
    assert counts(outcome) == {"unchanged": 3, "cleaned": 1}


def test_mirror_withdraws_what_is_missing_and_its_return_restores_it(empty, pages):
    ingest(empty, pages)
    content = (pages / "b.html").read_bytes()
    (pages / "b.html").unlink()
    assert counts(ingest(empty, pages, mirror=True)) == {"withdrawn": 1, "unchanged": 2, "revisions": 1}
    (pages / "b.html").write_bytes(content)
    assert counts(ingest(empty, pages)) == {"restored": 1, "unchanged": 2, "revisions": 1, "cleaned": 1}
    line = [r for r in rows(empty) if r["identity"] == "file:b.html"]
    assert [(r["op"], r["cause"]) for r in line] == [("add", "page"), ("withdraw", "absent"), ("restore", "page")]


def test_mirror_withdraws_nothing_where_the_source_could_not_be_read_whole(empty, pages, tmp_path):
    ingest(empty, pages)
    outcome = ingest(empty, tmp_path / "no-such-folder", mirror=True)
    assert outcome.kept_for == ("error",)
    assert counts(outcome) == {"absent": 3}


def test_an_old_capture_never_overwrites_a_newer_state(empty, tmp_path):
    def row(when, body):
        text = f"The bridge at the southern entrance of the town was {body}, the road authority said in a statement."
        return json.dumps({"id": "bridge", "text": text, "captured_at": when}) + "\n"

    new, old = tmp_path / "new.jsonl", tmp_path / "old.jsonl"
    new.write_text(row("2020-11-05T00:00:00Z", "repaired"), "utf-8")
    old.write_text(row("2020-10-05T00:00:00Z", "destroyed"), "utf-8")
    ingest(empty, new)
    assert counts(ingest(empty, old)) == {"changed": 1, "revisions": 1, "cleaned": 1}
    assert counts(ingest(empty, old)) == {"unchanged": 1, "cleaned": 1}
    states = sorted(rows(empty), key=lambda r: (r["captured_at"], r["version"]))
    assert [("destroyed" in r["text"], r["version"]) for r in states] == [(True, 2), (False, 1)]


def test_one_identity_twice_in_a_source_is_two_captures_in_order_of_time(empty, tmp_path):
    source = tmp_path / "rows.jsonl"
    lines = [("2020-11-05", "closed"), ("2020-11-04", "open"), ("2020-11-04", "open")]
    source.write_text(
        "".join(
            json.dumps({"id": "x", "captured_at": f"{d}T00:00:00Z", "text": f"The road to the north is {s} today."})
            + "\n"
            for d, s in lines
        ),
        "utf-8",
    )
    outcome = ingest(empty, source)
    assert counts(outcome) == {"added": 1, "changed": 1, "duplicate": 1, "revisions": 2, "cleaned": 2}
    states = sorted(rows(empty), key=lambda r: r["captured_at"])
    assert [(r["revision"], "open" in r["text"]) for r in states] == [(1, True), (2, False)]
    assert sorted(r["duplicate"] for r in rows(empty, "captures")) == [False, False, True]


def test_one_identity_in_two_sources_stops_the_run_and_names_both(empty, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.html").write_text(page("A"), "utf-8")
    with pytest.raises(TwiceError, match=r"one.*two.*file:a\.html"):
        ingest(empty, tmp_path / "one", tmp_path / "two")
    assert versions(empty) == []


def test_rows_do_not_depend_on_the_order_of_the_input(tmp_path):
    given = [json.dumps({"id": str(n), "html": page(f"Page {n}", f"Speaker {n} spoke.")}) + "\n" for n in range(8)]
    seen = []
    for name, lines in (("forward", given), ("backward", given[::-1])):
        archive = create_archive(tmp_path / name, "common")
        (tmp_path / f"{name}.jsonl").write_text("".join(lines), "utf-8")
        ingest(archive, tmp_path / f"{name}.jsonl")
        varying = {"capture_id", "captured_at", "recorded_at", "run_id", "salt", "commitment"}
        seen.append([{k: v for k, v in r.items() if k not in varying} for r in rows(archive)])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 8


def test_rows_do_not_depend_on_the_number_of_workers(empty, tmp_path):
    given = [json.dumps({"id": str(n), "html": page(f"Page {n}", f"Speaker {n} spoke.")}) + "\n" for n in range(50)]
    (tmp_path / "rows.jsonl").write_text("".join(given), "utf-8")
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(2, mp_context=context) as pool,
        staged(empty, [str(tmp_path / "rows.jsonl")], Options()) as run,
    ):
        batches = list(run.batches())
        for result in pool.map(clean_batch, batches):
            run.take(result)
        run.commit()
    assert len(batches) > 1
    ids = sorted((r["doc_id"], r["content_sha256"]) for r in rows(empty))
    assert ids == sorted((r["doc_id"], r["content_sha256"]) for r in alone(tmp_path, "".join(given)))


def alone(tmp_path, given):
    """Rows of an archive made without any pool."""
    archive = create_archive(tmp_path / "alone", "common")
    (tmp_path / "alone.jsonl").write_text(given, "utf-8")
    ingest(archive, tmp_path / "alone.jsonl")
    return rows(archive)


def test_two_runs_at_once_lose_nothing_and_fork_nothing(empty, pages, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.html").write_text(page("Page a", "Another text of the same page."), "utf-8")
    (tmp_path / "more" / "z.html").write_text(page("Page z"), "utf-8")
    with staged(empty, [str(pages)], Options()) as first, staged(empty, [str(tmp_path / "more")], Options()) as second:
        for run in (first, second):
            for batch in run.batches():
                run.take(clean_batch(batch))
        later = second.commit()
        earlier = first.commit()
    assert (later.version.version, earlier.version.version) == (1, 2)
    numbers = sorted((r["identity"], r["revision"]) for r in rows(empty))
    assert numbers == [
        ("file:a.html", 1),
        ("file:a.html", 2),
        ("file:b.html", 1),
        ("file:c.html", 1),
        ("file:z.html", 1),
    ]
    line = versions(empty)
    assert line[1].previous_seal == line[0].seal


def test_the_archive_opens_again(empty, pages):
    ingest(empty, pages)
    again = open_archive(empty.folder.root)
    assert versions(again)[0].counts["added"] == 3
    assert datetime.fromisoformat(versions(again)[0].time) <= datetime.now(UTC)


def road(state, when=None, **more):
    text = f"The road to the north is {state}, the road authority said in a statement on its site."
    return (
        json.dumps({"id": "road", "text": text} | ({"captured_at": f"{when}T00:00:00Z"} if when else {}) | more) + "\n"
    )


def states(archive):
    found = sorted(rows(archive), key=lambda r: (r["captured_at"], r["version"], r["revision"]))
    return [(r["op"], str(r["captured_at"])[:10], (r["text"] or "").split(",")[0].split()[-1:]) for r in found]


def feed(archive, tmp_path, *lines, mirror=False):
    (tmp_path / "feed.jsonl").write_text("".join(lines), "utf-8")
    return counts(ingest(archive, tmp_path / "feed.jsonl", mirror=mirror))


def test_an_old_capture_between_two_that_agree_does_not_become_today_s_page(empty, tmp_path):
    feed(empty, tmp_path, road("open", "2020-11-01"))
    feed(empty, tmp_path, road("open", "2020-11-20"))
    feed(empty, tmp_path, road("closed", "2020-11-10"))
    assert states(empty) == [
        ("add", "2020-11-01", ["open"]),
        ("change", "2020-11-10", ["closed"]),
        ("change", "2020-11-20", ["open"]),
    ]
    assert list(audit(empty.folder.root)) == []


def test_a_withdrawn_document_with_its_own_date_is_restored_when_it_is_met_again(empty, tmp_path):
    feed(empty, tmp_path, road("open", "2020-11-01"), json.dumps({"id": "other", "text": "Another text."}) + "\n")
    feed(empty, tmp_path, json.dumps({"id": "other", "text": "Another text."}) + "\n", mirror=True)
    assert feed(empty, tmp_path, road("open", "2020-11-01"))["restored"] == 1
    assert states(empty)[1:3] == [("withdraw", "2020-11-01", []), ("restore", "2020-11-01", ["open"])]


def test_a_change_beside_the_bytes_is_a_change(empty, tmp_path):
    feed(empty, tmp_path, road("open", title="The road is open"))
    assert feed(empty, tmp_path, road("open", title="The road: an update"))["changed"] == 1
    assert sorted(r["title"] for r in rows(empty)) == ["The road is open", "The road: an update"]


def test_one_identity_twice_without_times_is_ingested_again_without_a_change(empty, tmp_path):
    both = road("open"), road("closed")
    assert feed(empty, tmp_path, *both)["added"] == 1
    assert "changed" not in feed(empty, tmp_path, *both)
    assert [state[2] for state in states(empty)] == [["closed"]]


def test_a_year_of_one_digit_is_written_so_that_the_audit_agrees(empty, tmp_path):
    feed(empty, tmp_path, road("open", "0001-01-01"))
    assert list(audit(empty.folder.root)) == []


@pytest.mark.parametrize("table", ["captures", "revisions", "events"])
def test_nothing_is_built_on_a_log_that_lost_a_commit(empty, pages, table):
    ingest(empty, pages)
    log = max((empty.folder.root / table / "_delta_log").glob("*.json"))
    kept = log.read_bytes()
    log.unlink()
    files = sorted(p for p in empty.folder.root.rglob("*") if p.is_file())
    with pytest.raises(ArchiveError, match="is missing or changed"):
        ingest(empty, pages)
    assert sorted(p for p in empty.folder.root.rglob("*") if p.is_file()) == files
    log.write_bytes(kept)
    assert counts(ingest(empty, pages)) == {"unchanged": 3}


def test_an_archive_cannot_name_a_folder_of_the_cache_that_is_not_its_own(empty):
    about = json.loads(empty.folder.read("cleancopy.json"))
    empty.folder.write("cleancopy.json", json.dumps(about | {"archive_id": "../../.."}).encode())
    with pytest.raises(ArchiveError, match="archive_id"):
        open_archive(empty.folder.root)
