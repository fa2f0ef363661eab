import gzip
import io
import os
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.sources import captures
from flows.sources.payload import PAYLOAD_LIMIT
from schemas.page import Capture, Verdict

STARTED = datetime(2024, 1, 1, tzinfo=UTC)
CAPTURED = datetime(2020, 11, 10, 9, 30, tzinfo=UTC)
HTML = [("Content-Type", "text/html; charset=windows-1251")]
PAGE = "<html><p>Нагорный Карабах</p></html>".encode("cp1251")
URL = "https://example.org/a"

Headers = list[tuple[str, str]]


class Crawl:
    """A WARC file in the making."""

    def __init__(self, *, compressed: bool = False) -> None:
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=compressed)

    def add(
        self,
        body: bytes = PAGE,
        headers: Headers = HTML,
        status: str | None = "200 OK",
        kind: str = "response",
        url: str = URL,
        **fields: str,
    ) -> "Crawl":
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if status else None
        warc = {"WARC-Date": "2020-11-10T09:30:00Z"} | {
            name.replace("_", "-"): value for name, value in fields.items() if name != "content_type"
        }
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_headers_dict=warc,
            warc_content_type=fields.get("content_type", ""),
        )
        return self.write(record)

    def write(self, record: ArcWarcRecord) -> "Crawl":
        self.writer.write_record(record)
        record.raw_stream.close()
        return self

    @property
    def data(self) -> bytes:
        return self.file.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Capture]]:
    def read(data: bytes | Crawl, name: str = "crawl.warc") -> list[Capture]:
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.data)
        return list(captures(str(tmp_path / name), STARTED))

    return read


Read = Callable[..., list[Capture]]


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


def test_a_record_cut_short_is_truncated_and_so_is_its_file(read: Read) -> None:
    whole = Crawl().add().add(url="https://example.org/b").data
    first, cut, file = read(whole[: -4 - 10])
    assert (first.verdict, cut.verdict, file.verdict) == (Verdict.OK, Verdict.TRUNCATED, Verdict.TRUNCATED)
    assert (cut.identity, cut.body) == ("https://example.org/b", PAGE[:-10])
    assert (file.identity, file.detail) == ("file:crawl.warc", "ends 10 bytes before the end of record 2")


def test_every_cut_of_a_file_is_noticed_unless_it_falls_between_records(read: Read) -> None:
    crawl = Crawl().add()
    border = len(crawl.data)
    data = crawl.add().data
    for end in range(1, len(data)):
        verdicts = [c.verdict for c in read(data[:end])]
        whole = border - 4 <= end <= border or end >= len(data) - 4
        assert (set(verdicts) == {Verdict.OK}) == whole, end


def test_a_cut_gzip_yields_its_records_and_then_says_so(read: Read) -> None:
    crawl = Crawl(compressed=True).add()
    border = len(crawl.data)
    data = crawl.add(url="https://example.org/b").data
    for end in range(border + 10, len(data), 7):
        first, *_, file = read(data[:end], "crawl.warc.gz")
        assert (first.identity, first.verdict, first.body) == (URL, Verdict.OK, PAGE)
        assert (file.identity, file.verdict) == ("file:crawl.warc", Verdict.TRUNCATED)
        assert "gzip" in str(file.detail)


@pytest.mark.parametrize(
    ("damage", "verdict"),
    [
        (lambda one, two: one + b"garbage\r\n\r\n" + two, Verdict.ERROR),
        (lambda one, two: one + two + b"garbage", Verdict.ERROR),
        (lambda one, two: one + two.replace(b"Content-Length: ", b"Content-Length: x", 1), Verdict.ERROR),
        (lambda one, two: one + two.replace(b"Content-Length: ", b"Content-Length: -", 1), Verdict.ERROR),
        (lambda one, two: one + two.replace(b"Content-Length: ", b"Content-Length: 9999999999", 1), Verdict.TRUNCATED),
        (lambda one, two: one + two.replace(b"Content-Length: ", b"X: ", 1), Verdict.ERROR),
        (lambda one, two: one + two.replace(b"WARC-Type", b"X: " + b"x" * 2_000_000 + b"\r\nWARC-Type"), Verdict.ERROR),
    ],
)
def test_damage_is_said_after_the_records_before_it(
    read: Read, damage: Callable[[bytes, bytes], bytes], verdict: Verdict
) -> None:
    first, *_, last = read(damage(Crawl().add().data, Crawl().add().data))
    assert (first.verdict, first.body) == (Verdict.OK, PAGE)
    assert (last.identity, last.verdict) == ("file:crawl.warc", verdict)


def test_a_page_cannot_pass_for_a_record_where_a_file_is_damaged(read: Read) -> None:
    forged = Crawl().add(b"forged", url="https://example.org/other").data
    host = Crawl().add(PAGE + b"\r\n\r\n" + forged).data
    length = len(host.split(b"\r\n\r\n", 1)[1]) - 4
    shorter = host.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length - len(forged) - 10))
    assert shorter != host
    assert "https://example.org/other" not in {c.identity for c in read(shorter)}
    assert [c.identity for c in read(host)] == [URL]


def test_records_with_long_header_lines_or_bare_line_feeds_are_read(read: Read) -> None:
    crawl = Crawl().add(headers=[*HTML, ("X-Policy", "x" * 20_000)], X_Note="y" * 20_000)
    lines = b"WARC/1.0\nWARC-Type: resource\nContent-Type: text/plain\nContent-Length: 4\n\ntext\n\n"
    assert [(c.body, c.verdict) for c in read(crawl.data + lines)] == [(PAGE, Verdict.OK), (b"text", Verdict.OK)]


def test_a_record_without_a_url_is_known_by_its_place(read: Read) -> None:
    (capture,) = read(
        b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ntext\r\n\r\n"
    )
    assert (capture.identity, capture.url, capture.captured_at) == ("file:crawl.warc:1", None, STARTED)


def test_a_response_without_a_status_is_an_error(read: Read) -> None:
    (capture,) = read(Crawl().add().data.replace(b"HTTP/1.1 200 OK", b"\xff" * 15))
    assert (capture.verdict, capture.detail) == (Verdict.ERROR, "no HTTP status line")


@pytest.mark.parametrize(("name", "verdict"), [("a.warc", Verdict.UNDECODABLE), ("a.warc.gz", Verdict.UNDECODABLE)])
def test_what_is_no_warc_says_so(read: Read, name: str, verdict: Verdict) -> None:
    assert [c.verdict for c in read(b"<html>" * 1000, name)] == [verdict]


def test_a_file_without_pages_says_so(read: Read) -> None:
    assert [c.verdict for c in read(b"")] == [Verdict.EMPTY]
    assert [c.verdict for c in read(Crawl().add(kind="request", status="GET / HTTP/1.1"))] == [Verdict.EMPTY]


@given(
    body=st.binary(max_size=300),
    encoding=st.sampled_from(["gzip", "deflate", "br", "zstd", ""]),
    transfer=st.sampled_from(["chunked", ""]),
    noise=st.lists(st.tuples(st.integers(0, 800), st.integers(0, 255)), max_size=5),
)
def test_no_bytes_make_it_fail(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    encoding: str,
    transfer: str,
    noise: list[tuple[int, int]],
) -> None:
    headers = [*HTML, ("Content-Encoding", encoding), ("Transfer-Encoding", transfer)]
    data = bytearray(Crawl().add(body, headers).add().data)
    for place, value in noise:
        data[place] = value
    path = tmp_path_factory.getbasetemp() / "noise.warc"
    path.write_bytes(data)
    for capture in captures(str(path), STARTED):
        (capture.identity + str(capture.detail) + "".join(capture.metadata.values())).encode()
