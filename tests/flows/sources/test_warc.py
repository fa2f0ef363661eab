import gzip
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from crawl import CAPTURED, HTML, PAGE, STARTED, URL, Crawl, Headers, Read

from flows.sources.payload import PAYLOAD_LIMIT
from schemas.page import Capture, Verdict


@pytest.mark.parametrize("compressed", [False, True])
def test_a_response_is_a_page(read: Read, tmp_path: Path, compressed: bool) -> None:
    crawl = Crawl(compressed=compressed)
    crawl.write(crawl.writer.create_warcinfo_record("crawl", {"software": "x"}))
    crawl.add(kind="request", status="GET / HTTP/1.1").add(url=f"{URL}?utm_source=x#top")
    name = "crawl.warc.gz" if compressed else "crawl.warc"
    (capture,) = read(crawl, name)
    assert capture.metadata.pop("WARC-Record-ID").startswith("<urn:uuid:")
    assert capture.metadata.pop("WARC-Payload-Digest").startswith("sha1:")
    assert capture == Capture(
        identity=URL,
        source=f"{tmp_path}/{name}:3",
        body=PAGE,
        media_type="text/html",
        captured_at=CAPTURED,
        url=f"{URL}?utm_source=x#top",
        charset="windows-1251",
    )


@pytest.mark.parametrize(
    ("status", "verdict", "said"),
    [
        ("404 Not Found", Verdict.GONE, "404"),
        ("410 Gone", Verdict.GONE, "410"),
        ("304 Not Modified", Verdict.NOT_MODIFIED, "304"),
        ("301 Moved", Verdict.ERROR, "to https://example.org/b"),
        ("503 Unavailable", Verdict.ERROR, "503"),
        ("206 Partial Content", Verdict.ERROR, "206"),
    ],
)
def test_the_status_decides_the_verdict(read: Read, status: str, verdict: Verdict, said: str) -> None:
    (capture,) = read(Crawl().add(status=status, headers=[*HTML, ("Location", "https://example.org/b")]))
    assert (capture.verdict, capture.body, capture.identity) == (verdict, PAGE, URL)
    assert said in str(capture.detail)


def test_a_revisit_is_a_page_that_did_not_change(read: Read) -> None:
    crawl = Crawl().add()
    crawl.write(crawl.writer.create_revisit_record(URL, "sha1:X", "https://example.org/b", "2020-10-01T00:00:00Z"))
    first, second = read(crawl)
    assert (first.verdict, second.verdict) == (Verdict.OK, Verdict.NOT_MODIFIED)
    assert second.identity == URL
    assert second.detail == "the same as https://example.org/b"


def test_wet_and_resource_records_are_pages(read: Read) -> None:
    crawl = Crawl().add(b"text", status=None, kind="conversion", content_type="text/plain")
    crawl.add(
        b"<p>", status=None, kind="resource", content_type="text/html; charset=utf-8", url="<https://example.org/b>"
    )
    text, page = read(crawl, "crawl.warc.wet")
    assert (text.body, text.media_type, text.verdict) == (b"text", "text/plain", Verdict.OK)
    assert (page.body, page.media_type, page.charset, page.identity) == (
        b"<p>",
        "text/html",
        "utf-8",
        "https://example.org/b",
    )


@pytest.mark.parametrize(
    ("headers", "body", "media_type", "verdict"),
    [
        ([("Content-Type", "image/png")], b"\x89PNG", "image/png", Verdict.UNSUPPORTED_TYPE),
        ([("Content-Type", "application/pdf")], b"%PDF", "application/pdf", Verdict.UNSUPPORTED_TYPE),
        ([], b"\x00\x01", "application/octet-stream", Verdict.UNSUPPORTED_TYPE),
        ([], b"<!DOCTYPE html><p>", "text/html", Verdict.OK),
        ([("content-type", "Application/XHTML+XML")], b"<p>", "text/html", Verdict.OK),
        ([("Content-Type", "text/plain")], b"text", "text/plain", Verdict.OK),
    ],
)
def test_only_html_and_text_are_pages(
    read: Read, headers: Headers, body: bytes, media_type: str, verdict: Verdict
) -> None:
    (capture,) = read(Crawl().add(body, headers))
    assert (capture.media_type, capture.verdict) == (media_type, verdict)
    assert capture.body == (body if verdict is Verdict.OK else b"")


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data))


def brotli(data: bytes) -> bytes:
    return bytes(pa.Codec("brotli", compression_level=1).compress(data))


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", raw_deflate),
    "brotli": ("br", brotli),
    "zstd": ("zstd", zstd),
    "twice": ("gzip, br", lambda data: brotli(gzip.compress(data))),
    "none": ("identity", bytes),
    "a charset by mistake": ("UTF-8", bytes),
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("stored_decoded", [False, True])
def test_payloads_come_out_of_their_compression(read: Read, coding: str, chunked: bool, stored_decoded: bool) -> None:
    name, encode = CODINGS[coding]
    headers = [*HTML, ("Content-Encoding", name), *([("Transfer-Encoding", "chunked")] if chunked else [])]
    sent = PAGE if stored_decoded else encode(PAGE)
    if chunked and not stored_decoded:
        sent = b"5;x=y\r\n" + sent[:5] + b"\r\n%X\r\n" % len(sent[5:]) + sent[5:] + b"\r\n0\r\nTrailer: x\r\n\r\n"
    (capture,) = read(Crawl().add(sent, headers))
    assert (capture.body, capture.verdict) == (PAGE, Verdict.OK)


def test_an_unknown_coding_is_undecodable_and_keeps_its_bytes(read: Read) -> None:
    (capture,) = read(Crawl().add(b"\xff\x00", [*HTML, ("Content-Encoding", "aes128gcm")]))
    assert (capture.verdict, capture.body) == (Verdict.UNDECODABLE, b"\xff\x00")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "brotli"])
def test_a_cut_payload_keeps_what_could_be_read(read: Read, coding: str) -> None:
    page = b"<p>" + os.urandom(300_000).hex().encode()
    name, encode = CODINGS[coding]
    (capture,) = read(Crawl().add(encode(page)[:-20_000], [*HTML, ("Content-Encoding", name)]))
    assert capture.verdict is Verdict.TRUNCATED
    assert len(capture.body) > 100_000
    assert page.startswith(capture.body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "brotli"])
def test_a_bomb_is_too_large(read: Read, coding: str) -> None:
    name, encode = CODINGS[coding]
    bomb = encode(bytes(PAYLOAD_LIMIT + 1))
    capture, good = read(Crawl().add(bomb, [*HTML, ("Content-Encoding", name)]).add())
    assert (capture.verdict, capture.body, good.verdict) == (Verdict.TOO_LARGE, b"", Verdict.OK)


def test_a_record_over_the_limit_is_too_large_and_the_next_is_read(read: Read) -> None:
    first, second = read(Crawl(compressed=True).add(bytes(PAYLOAD_LIMIT + 10)).add(), "crawl.warc.gz")
    assert (first.verdict, first.body, second.verdict) == (Verdict.TOO_LARGE, b"", Verdict.OK)


def test_a_page_the_crawler_cut_is_truncated(read: Read) -> None:
    (capture,) = read(Crawl().add(WARC_Truncated="length"))
    assert (capture.verdict, capture.body) == (Verdict.TRUNCATED, PAGE)
    assert "length" in str(capture.detail)


def test_a_capture_time_that_cannot_be_read_is_the_run_s_and_said(read: Read) -> None:
    (capture,) = read(Crawl().add(WARC_Date="yesterday"))
    assert (capture.captured_at, capture.verdict) == (STARTED, Verdict.OK)
    assert "WARC-Date" in str(capture.detail)


def test_one_url_twice_is_two_captures(read: Read) -> None:
    assert [c.identity for c in read(Crawl().add().add())] == [URL, URL]
