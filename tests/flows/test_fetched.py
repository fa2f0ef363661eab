"""From a web site to an archive: what is stored of a fetched page, and that the audit and other tools agree with it."""

import gzip
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from warcio.archiveiterator import ArchiveIterator
from website import Website, article, part_of, reply

from archive.archive import Archive, create_archive, open_archive
from archive.audit import audit
from archive.read import reading
from flows.batch import clean_batch
from flows.fetch.client import Client
from flows.fetch.fetcher import captures
from flows.fetch.turns import Turns
from flows.fetch.wanted import Wanted
from flows.run import Options, Outcome, staged
from schemas.page import Capture
from schemas.source import Fetching

FERRY, BRIDGE = article("Ferry"), article("Bridge")
Crawl = Callable[..., Outcome]


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as site:
        yield site


@pytest.fixture
def own(tmp_path: Path) -> Archive:
    create_archive(tmp_path / "archive", "common")
    return open_archive(tmp_path / "archive")


@pytest.fixture
def crawl(website: Website, own: Archive, tmp_path: Path) -> Crawl:
    """Return a function that fetches paths of the site, or wanted pages, into the archive as one run."""

    def run(*pages: str | Wanted, then: Callable[[Capture], Capture] = lambda capture: capture) -> Outcome:
        rules = Fetching(delay=0, retries=0, allow=["127.0.0.0/8"], max_bytes=1_000_000)
        client = Client(rules, Turns(tmp_path / "turns"), resolve=website.resolve)
        wanted = [page if isinstance(page, Wanted) else Wanted(website.url(page), "test") for page in pages]
        with staged(own, [], Options()) as begun:
            begun._outcomes = lambda: begun._loader.load("test", map(then, captures(wanted, rules, client=client)))
            for batch in begun.batches():
                begun.take(clean_batch(batch))
            return begun.commit()

    return run


def records(own: Archive) -> list[tuple[str, str, str, bytes]]:
    """Return (type, target, profile or status, payload) of each record, as warcio reads them."""
    found = []
    for path in sorted((own.folder.root / "raw").iterdir(), key=lambda file: file.stat().st_mtime_ns):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                head = record.rec_headers
                if record.rec_type != "warcinfo":
                    told = (head.get_header("WARC-Profile") or "").rpartition("/")[2]
                    told = told or (record.http_headers.get_statuscode() if record.rec_type == "response" else "")
                    found.append((record.rec_type, head.get_header("WARC-Target-URI"), told, record.raw_stream.read()))
    return found


def rows(own: Archive, query: str) -> list[dict[str, object]]:
    with reading(own) as reader:
        return list(reader.rows(query))


def test_what_was_fetched_is_stored_as_it_came_and_the_audit_finds_nothing(website, own, crawl):
    host = website.host()
    packed = gzip.compress(FERRY)
    host.page("/a", packed, Content_Encoding="gzip").page("/b", BRIDGE)
    host.on("/moved", reply(b"moved", "301 Moved Permanently", Location="/a?x=1")).page("/a?x=1", FERRY)
    host.on("/cut", part_of(reply(FERRY), 300)).on(
        "/bomb", reply(gzip.compress(bytes(2_000_000)), Content_Encoding="gzip")
    )
    host.on("/odd", reply(gzip.compress(FERRY)[:-9], Content_Encoding="gzip"))
    host.on("/pdf", reply(b"%PDF", Content_Type="application/pdf")).on(
        "/loop", reply(status="302 Found", Location="/loop")
    )
    outcome = crawl("/a", "/b", "/moved", "/cut", "/bomb", "/odd", "/pdf", "/loop", "/none", "ftp://wire.example/")
    assert outcome.version.counts["added"] == 3
    assert list(audit(own.folder.root)) == []
    found = records(own)
    assert [kind for kind, *_ in found[:2]] == ["response", "request"]
    assert ("response", website.url("/a"), "200", packed) in found
    assert ("response", website.url("/moved"), "301", b"moved") in found
    assert ("response", website.url("/a?x=1"), "200", FERRY) in found
    assert ("response", website.url("/bomb"), "200", b"") in found
    texts = rows(own, "SELECT text, raw_sha256 FROM documents ORDER BY identity")
    assert len(texts) == 3
    assert all("went out twice" in str(row["text"]) for row in texts)
    for path in (own.folder.root / "raw").iterdir():
        check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)]
        ran = subprocess.run(check, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "digest pass" in ran.stdout


def test_codings_that_nobody_asked_for_are_stored_and_read_too(website, own, crawl):
    host = website.host()
    host.page("/b", pa.compress(FERRY, codec="brotli", asbytes=True), Content_Encoding="br")
    host.page("/z", pa.compress(BRIDGE, codec="zstd", asbytes=True), Content_Encoding="zstd")
    host.page("/d", zlib.compress(BRIDGE)[2:-4], Content_Encoding="deflate")
    assert crawl("/b", "/z", "/d").version.counts["added"] == 3
    assert list(audit(own.folder.root)) == []


def test_a_second_run_over_unchanged_pages_stores_no_bytes_and_makes_no_revision(website, own, crawl):
    website.host().page("/a", FERRY, etag='"1"').page("/b", BRIDGE)
    crawl("/a", "/b")
    second = crawl(Wanted(website.url("/a"), "test", etag='"1"'), "/b")
    third = crawl(Wanted(website.url("/a"), "test", etag='"1"'), "/b")
    for outcome in (second, third):
        counts = outcome.version.counts
        assert (counts["revisions"], counts["verdict.not_modified"], counts["verdict.ok"]) == (0, 1, 1)
    later = records(own)[4:]
    assert [(kind, told) for kind, _, told, _ in later if kind != "request"] == [
        ("revisit", "server-not-modified"),
        ("revisit", "identical-payload-digest"),
    ] * 2
    assert not any(payload for *_, payload in later)
    assert list(audit(own.folder.root)) == []


def test_the_same_page_in_another_coding_is_stored_with_its_own_payload(website, own, crawl):
    """A revisit would say that this payload was sent before, which it was not."""
    website.host().page("/a", FERRY)
    crawl("/a")
    website.host().page("/a", gzip.compress(FERRY), Content_Encoding="gzip")
    assert crawl("/a").version.counts["revisions"] == 0
    assert [kind for kind, *_ in records(own)] == ["response", "request"] * 2
    assert list(audit(own.folder.root)) == []


def test_a_page_that_changed_is_a_revision_and_its_bytes_can_be_shown(website, own, crawl, cleancopy):
    website.host().page("/a", gzip.compress(FERRY), Content_Encoding="gzip")
    crawl("/a")
    website.host().page("/a", gzip.compress(BRIDGE), Content_Encoding="gzip")
    assert crawl("/a").version.counts["changed"] == 1
    assert cleancopy("show", website.url("/a"), "--raw", on=own).bytes == BRIDGE
    assert cleancopy("show", website.url("/a"), "--raw", "--at", "1", on=own).bytes == FERRY


def test_what_scripts_wrote_is_stored_beside_the_response(website, own, crawl):
    """As a browser leaves a page, and the same again on the next day."""
    shell = b"<html><body><script src=app.js></script></body></html>"
    website.host().page("/a", gzip.compress(shell, mtime=0), Content_Encoding="gzip")
    for _ in range(2):
        outcome = crawl("/a", then=lambda capture: replace(capture, body=FERRY, rendered=True))
    assert outcome.version.counts["revisions"] == 0
    assert list(audit(own.folder.root)) == []
    found = records(own)
    assert [kind for kind, *_ in found] == ["response", "request", "resource", "response", "request", "revisit"]
    assert found[2][1:] == (f"urn:cleancopy:rendered:{website.url('/a')}", "", FERRY)
    assert found[0][1:] == (website.url("/a"), "200", gzip.compress(shell, mtime=0))
    (row,) = rows(own, "SELECT text FROM documents")
    assert "went out twice" in str(row["text"])


def test_a_page_that_fails_for_once_leaves_the_document_as_it_was(website, own, crawl):
    website.host().page("/a", FERRY)
    crawl("/a")
    website.host().on("/a", reply(b"<p>Oops</p>", "500 Internal Server Error"))
    counts = crawl("/a").version.counts
    assert (counts["verdict.error"], counts["revisions"], counts["absent"]) == (1, 0, 0)
    assert list(audit(own.folder.root)) == []


def test_times_are_those_of_the_requests_and_not_in_the_future(website, own, crawl):
    website.host().page("/a", FERRY)
    crawl("/a")
    (row,) = rows(own, "SELECT detail, captured_at <= recorded_at AS before FROM captures")
    assert row == {"detail": None, "before": True}


def test_no_credentials_anywhere_in_the_archive(website, own, crawl):
    website.host().on("/a", reply(status="302 Found", Location="http://user:hush-hush@wire.example/b"))
    crawl("/a", Wanted("http://user:hush-hush@wire.example/c", "test"))
    told = rows(own, "SELECT identity, url, detail, source_metadata FROM captures")
    assert len(told) == 2
    assert "hush" not in str(told)
    assert list(audit(own.folder.root)) == []


Fields = dict[str, str]
Change = Callable[[Fields, bytes], list[tuple[Fields, bytes]]]
NOWHERE = "<urn:uuid:00000000-0000-0000-0000-000000000000>"


def rewrite(path: Path, change: Change) -> None:
    """Write a WARC file anew, with each record as `change` gives it back."""
    with path.open("rb") as stream:
        met = [
            (dict(record.rec_headers.headers), record.raw_stream.read())
            for record in ArchiveIterator(stream, no_record_parse=True)
        ]
    with path.open("wb") as stream:
        for fields, block in (new for old in met for new in change(*old)):
            lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in fields.items())]
            stream.write(gzip.compress("\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"))


def only(wanted: Callable[[Fields], bool], change: Change) -> Change:
    return lambda fields, block: change(fields, block) if wanted(fields) else [(fields, block)]


def is_request(fields: Fields) -> bool:
    return fields["WARC-Type"] == "request"


def is_redirect(fields: Fields) -> bool:
    return fields["WARC-Type"] == "response" and "WARC-Concurrent-To" in fields


def is_page(fields: Fields) -> bool:
    return fields["WARC-Type"] == "response" and "WARC-Concurrent-To" not in fields


def is_revisit(kind: str) -> Callable[[Fields], bool]:
    return lambda fields: fields.get("WARC-Profile", "").endswith(kind)


def with_block(old: bytes, new: bytes) -> Change:
    assert len(old) == len(new)
    return lambda fields, block: [(fields, block.replace(old, new))]


def with_fields(**changed: str) -> Change:
    new = {name.replace("_", "-"): value for name, value in changed.items()}
    return lambda fields, block: [(fields | new, block)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (only(is_request, with_block(b"/a", b"/b")), "raw-changed"),
        (only(is_request, with_fields(WARC_Concurrent_To=NOWHERE)), "record-unclaimed"),
        (only(is_request, lambda fields, block: [(fields, block), (fields, block)]), "record-unclaimed"),
        (only(is_request, with_fields(WARC_Type="metadata")), "record-unclaimed"),
        (only(is_redirect, with_block(b"moved", b"stays")), "raw-changed"),
        (only(is_redirect, with_fields(WARC_Concurrent_To=NOWHERE)), "record-unclaimed"),
        (only(is_page, with_block(b"Content-Encoding: gzip", b"Content-Encodink: gzip")), "raw-changed"),
        (only(is_page, with_fields(WARC_Payload_Digest=f"sha256:{'A' * 52}====")), "raw-changed"),
        (only(is_page, lambda _fields, _block: []), "raw-missing"),
        (only(is_revisit("server-not-modified"), with_fields(WARC_Refers_To=NOWHERE)), "raw-missing"),
        (only(is_revisit("identical-payload-digest"), with_fields(WARC_Refers_To=NOWHERE)), "raw-missing"),
        (
            only(is_revisit("identical-payload-digest"), with_fields(WARC_Payload_Digest=f"sha256:{'A' * 52}====")),
            "raw-changed",
        ),
    ],
)
def test_a_changed_record_of_a_fetched_page_is_found(website, own, crawl, change, code):
    host = website.host()
    host.on("/a", reply(b"moved", "301 Moved Permanently", Location="/c")).page("/b", FERRY, etag='"1"')
    host.page("/c", gzip.compress(BRIDGE), Content_Encoding="gzip")
    crawl("/a", "/b")
    crawl("/a", Wanted(website.url("/b"), "test", etag='"1"'))
    assert list(audit(own.folder.root)) == []
    for path in (own.folder.root / "raw").iterdir():
        rewrite(path, change)
    codes = {finding.code for finding in audit(own.folder.root)} - {"file-changed"}
    assert codes == {code}
