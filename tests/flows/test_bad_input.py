"""Bad input gets a verdict and a message that says what and where; the run goes on; nothing stored is lost."""

import gzip
import json
import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from warcio.warcwriter import WARCWriter

from archive.archive import create_archive
from archive.audit import audit
from cleaners import clean
from flows.batch import clean_batch
from flows.run import Options, staged
from schemas.cleaner import Cleaner

GOOD = (
    "<html><head><title>Good</title></head><body><article><p>The ferry left the port at night, and all who were "
    "on board arrived safely in the morning, the harbour office said.</p></article></body></html>"
)


def ingest(archive, source):
    with staged(archive, [str(source)], Options()) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        return run.commit()


@pytest.fixture
def folder(tmp_path):
    """A folder with one good page, beside which each test puts a bad one."""
    place = tmp_path / "pages"
    place.mkdir()
    (place / "good.html").write_text(GOOD, "utf-8")
    return place


@pytest.fixture
def captured(tmp_path, folder):
    """Run over the folder; give the rows of everything but the good page, which must have been cleaned."""

    def run():
        archive = create_archive(tmp_path / "archive", "common")
        ingest(archive, folder)
        rows = [r for path in archive.table("captures").files() for r in pq.read_table(path).to_pylist()]
        good = [r for r in rows if r["identity"] == "file:good.html"]
        assert [r["verdict"] for r in good] == ["ok"]
        return [r for r in rows if r["identity"] != "file:good.html"]

    return run


def test_a_page_that_meets_a_bug_of_ours_is_told_and_the_others_are_cleaned(monkeypatch, folder, captured):
    def crash(document):
        return [1 / 0] if "unlucky" in document.text else []

    monkeypatch.setattr(clean, "CLEANERS", (*clean.CLEANERS, Cleaner("crash", "1", crash)))
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(
            "An unlucky page." if number == 7 else f"Page {number} is fine.", "utf-8"
        )
    told = {row["identity"]: (row["verdict"], row["detail"]) for row in captured()}
    verdict, detail = told.pop("file:07.txt")
    assert verdict == "error"
    assert "ZeroDivisionError" in detail
    assert len(told) == 19
    assert set(told.values()) == {("ok", None)}


def text_of(tmp_path, identity):
    archive_rows = [
        row
        for path in (tmp_path / "archive" / "revisions").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
        if row["identity"] == identity
    ]
    return archive_rows[0]["text"]


def test_empty_file(folder, captured):
    (folder / "empty.html").write_bytes(b"")
    (row,) = captured()
    assert (row["verdict"], row["size"]) == ("empty", 0)


def test_binary_as_html(folder, captured):
    (folder / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (row,) = captured()
    assert row["verdict"] == "undecodable"
    assert "PNG" in row["detail"]


def test_a_charset_that_lies_is_noticed(tmp_path, folder, captured):
    words = "Паром вышел из порта ночью, и все, кто был на борту, благополучно прибыли утром, сообщили в порту. " * 3
    head = "<html><head><meta charset='utf-8'><title>Паром</title></head>"
    page = f"{head}<body><article><p>{words}</p></article></body></html>"
    (folder / "lie.html").write_bytes(page.encode("windows-1251"))
    (row,) = captured()
    assert (row["verdict"], row["charset"], row["charset_evidence"]) == ("ok", "windows-1251", "detected")
    assert "Паром вышел из порта ночью" in text_of(tmp_path, "file:lie.html")


def test_truncated_gzip(folder, captured):
    (folder / "cut.html.gz").write_bytes(gzip.compress(GOOD.encode() * 50, mtime=0)[:-20])
    (row,) = captured()
    assert row["verdict"] == "truncated"
    assert "cut.html.gz" in row["detail"] + row["source"]


def test_truncated_warc(tmp_path, folder, captured):
    with (tmp_path / "whole.warc").open("wb") as stream:
        writer = WARCWriter(stream, gzip=False)
        for n in range(2):
            with (tmp_path / "body").open("w+b") as body:
                body.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + GOOD.encode())
                body.seek(0)
                record = writer.create_warc_record(f"https://news.example/{n}", "response", payload=body)
                writer.write_record(record)
                record.raw_stream.close()
    (folder / "cut.warc").write_bytes((tmp_path / "whole.warc").read_bytes()[:-300])
    rows = {r["identity"]: r["verdict"] for r in captured()}
    assert rows["https://news.example/0"] == "ok"
    assert "truncated" in rows.values()


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000 + "The ferry left at night." + "</div>" * 100_000,
        "<p>" + "<i>The</i> <b>ferry</b> " * 250_000 + "</p>",
        "<p>" + "The ferry left the port at night. " * 150_000 + "</p>",
        f"<p title='{'x' * 5_000_000}'>The ferry left the port at night.</p>",
    ],
    ids=["100,000 nested tags", "a million flat tags", "one line of 5 MB", "an attribute of 5 MB"],
)
def test_huge_pages_give_their_text(tmp_path, folder, captured, body):
    (folder / "huge.html").write_text(f"<html><body>{body}</body></html>", "utf-8")
    (row,) = captured()
    assert row["verdict"] == "ok"
    assert "ferry" in text_of(tmp_path, "file:huge.html")


def test_nul_bytes(tmp_path, folder, captured):
    (folder / "nul.txt").write_bytes(b"The ferry left\x00 the port at night.")
    (row,) = captured()
    assert (row["verdict"], row["replaced"]) == ("ok", 1)
    assert "\x00" not in text_of(tmp_path, "file:nul.txt")


def test_lone_surrogates(tmp_path, folder, captured):
    (folder / "rows.jsonl").write_text('{"id": "s", "text": "The ferry \\ud83d left the port at night."}\n', "utf-8")
    (row,) = captured()
    assert (row["verdict"], row["replaced"]) == ("ok", 1)
    assert text_of(tmp_path, "id:s") == "The ferry \ufffd left the port at night."


def test_invalid_jsonl_line(folder, captured):
    (folder / "rows.jsonl").write_text('{"id": "1", "text": "The ferry left."}\n{"id": "2", \n', "utf-8")
    bad = [r for r in captured() if r["verdict"] != "ok"]
    assert [r["verdict"] for r in bad] == ["undecodable"]
    assert "rows.jsonl" in bad[0]["detail"]
    assert "line 2" in bad[0]["detail"]


def test_duplicate_ids(folder, captured):
    (folder / "rows.jsonl").write_text('{"id": "1", "text": "The ferry left."}\n' * 2, "utf-8")
    rows = captured()
    assert sorted(r["duplicate"] for r in rows) == [False, True]


def test_missing_file(tmp_path):
    archive = create_archive(tmp_path / "archive", "common")
    outcome = ingest(archive, tmp_path / "nothing.html")
    (row,) = pq.read_table(archive.table("captures").files()[0]).to_pylist()
    assert (outcome.version.version, row["verdict"]) == (1, "error")
    assert "nothing.html" in row["identity"]
    assert "no such file" in row["detail"]


def test_unreadable_file(folder, captured):
    os.mkfifo(folder / "pipe.html")
    (row,) = captured()
    assert row["verdict"] == "error"
    assert row["detail"]


def test_symlink_loop(folder, captured):
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.html").symlink_to(folder / "self.html")
    assert {r["verdict"] for r in captured()} <= {"error"}


def test_folder_with_nothing_in_it(tmp_path):
    (tmp_path / "nothing").mkdir()
    outcome = ingest(create_archive(tmp_path / "archive", "common"), tmp_path / "nothing")
    assert (outcome.version.version, outcome.version.counts["captures"]) == (1, 0)


def test_a_hostile_media_type_cannot_write_headers_into_the_warc(tmp_path):
    source = tmp_path / "rows.jsonl"
    source.write_text(json.dumps({"url": "https://x.example/\r\nX: 1", "html": GOOD}) + "\n", "utf-8")
    archive = create_archive(tmp_path / "archive", "common")
    ingest(archive, source)
    (warc,) = (archive.folder.root / "raw").iterdir()
    assert b"\r\nX: 1" not in gzip.decompress(warc.read_bytes())


DISK = """
import resource, sys
from pathlib import Path
from archive.archive import open_archive
from flows.batch import clean_batch
from flows.run import Options, staged
from schemas.cleaner import Cleaner

with staged(open_archive(Path(sys.argv[1])), [sys.argv[2]], Options()) as run:
    for batch in run.batches():
        run.take(clean_batch(batch))
    # as on a full disk, a write fails half way; this needs no root and no small disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    run.commit()
"""


@pytest.mark.parametrize(
    "room",
    [pytest.param(1_000, marks=pytest.mark.slow), 15_000, pytest.param(30_000, marks=pytest.mark.slow)],
    ids="{} bytes".format,
)
def test_a_disk_that_takes_no_more_leaves_the_last_version_whole(tmp_path, folder, room):
    archive = create_archive(tmp_path / "archive", "common")
    ingest(archive, folder)
    (folder / "large.html").write_text(GOOD.replace("<body>", f"<body><!-- {os.urandom(300_000).hex()} -->"), "utf-8")
    driver = [sys.executable, "-c", DISK, archive.folder.root, folder, str(room)]
    done = subprocess.run(driver, check=False, capture_output=True, text=True)
    assert "File too large" in done.stderr
    (folder / "large.html").unlink()
    assert ingest(archive, folder).version.version == 2
    assert list(audit(archive.folder.root)) == []
