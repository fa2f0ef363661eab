from collections.abc import Callable

import pytest
from crawl import HTML, PAGE, STARTED, URL, Crawl, Read
from hypothesis import given
from hypothesis import strategies as st

from flows.sources import captures
from schemas.page import Verdict


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
