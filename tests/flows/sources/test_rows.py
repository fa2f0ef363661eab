import gzip
import io
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.sources import captures
from schemas.page import Capture, Verdict

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STARTED = datetime(2024, 1, 1, tzinfo=UTC)


def load(source: Path | str) -> list[Capture]:
    return list(captures(str(source), STARTED))


def rows(tmp_path: Path, *lines: bytes | dict[str, object], name: str = "crawl.jsonl") -> list[Capture]:
    data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return load(tmp_path / name)


def test_a_row_is_a_page_with_its_columns(tmp_path: Path) -> None:
    (capture,) = rows(
        tmp_path,
        {
            "url": "https://example.org/a?utm_source=x#top",
            "id": 7,
            "html": "<p>Степанакерт</p>",
            "title": "Title",
            "captured_at": "2020-11-10T04:00:00+04:00",
            "lang": "ru",
            "tags": ["a", "б"],
            "none": None,
        },
    )
    assert capture == Capture(
        identity="https://example.org/a",
        source=f"{tmp_path}/crawl.jsonl:1",
        body="<p>Степанакерт</p>".encode(),
        media_type="text/html",
        captured_at=datetime(2020, 11, 10, tzinfo=UTC),
        url="https://example.org/a?utm_source=x#top",
        charset="utf-8",
        title="Title",
        metadata={"id": "7", "lang": "ru", "tags": '["a", "б"]'},
    )


def test_the_page_is_html_else_text_else_content(tmp_path: Path) -> None:
    captured = rows(
        tmp_path,
        {"html": "h", "text": "t"},
        {"html": "", "text": "t"},
        {"html": None, "content": "c"},
        {"html": ""},
        {"html": 5},
        {"title": "no page"},
    )
    assert [(c.body, c.media_type, c.verdict) for c in captured] == [
        (b"h", "text/html", Verdict.OK),
        (b"t", "text/plain", Verdict.OK),
        (b"c", "text/plain", Verdict.OK),
        (b"", "text/html", Verdict.OK),
        (b"", "application/octet-stream", Verdict.ERROR),
        (b"", "application/octet-stream", Verdict.ERROR),
    ]
    assert captured[0].metadata == {"text": "t"}
    assert captured[4].metadata == {"html": "5"}
    assert "html, text, content" in str(captured[5].detail)


def test_identity_is_url_then_id_then_place(tmp_path: Path) -> None:
    captured = rows(
        tmp_path, {"url": " ", "id": "x-1", "text": "a"}, {"text": "b"}, {"id": "", "text": "c"}, name="crawl.jsonl.gz"
    )
    assert [c.identity for c in captured] == ["id:x-1", "file:crawl.jsonl:2", "file:crawl.jsonl:3"]
    assert [c.source for c in captured] == [f"{tmp_path}/crawl.jsonl.gz:{n}" for n in (1, 2, 3)]


def test_a_row_cannot_take_the_identity_of_a_file(tmp_path: Path) -> None:
    (capture,) = rows(tmp_path, {"url": "file:page.html", "html": "x"})
    assert capture.identity == "url:file:page.html"


def test_the_same_page_twice_is_two_captures(tmp_path: Path) -> None:
    captured = rows(tmp_path, *[b'{"url": "https://example.org/a", "text": "same"}'] * 2)
    assert [c.identity for c in captured] == ["https://example.org/a"] * 2


def test_lone_surrogates_and_nul_characters_come_through(tmp_path: Path) -> None:
    captured = rows(
        tmp_path,
        rb'{"id": "a\ud800", "html": "x\udfff\u0000y", "title": "t\ud800", "note": ["\ud800"]}',
        rb'{"id": "a\ud801", "html": "\ud83d\ude00"}',
    )
    assert captured[0].body.decode("utf-8", "surrogatepass") == "x\udfff\0y"
    assert captured[1].body.decode() == "😀"
    assert captured[0].identity != captured[1].identity
    for text in (captured[0].identity, str(captured[0].title), captured[0].metadata["note"]):
        text.encode()


def test_each_bad_line_is_one_capture_with_its_bytes(tmp_path: Path) -> None:
    bad = (
        *(b"not json", b"[1]", b'"text"', b'{"html": "x"', b"\0\0\0", b'{"text": "\xe0"}', b'{"text": "\0"}'),
        *(b"[" * 100_000, b'{"a": ' * 100_000, b'{"id": ' + b"9" * 5000 + b"}"),
    )
    captured = rows(tmp_path, *bad, {"text": "good"})
    assert [c.verdict for c in captured] == [Verdict.UNDECODABLE] * len(bad) + [Verdict.OK]
    assert tuple(c.body for c in captured[:-1]) == bad
    assert captured[0].identity == "file:crawl.jsonl:1"
    assert str(captured[0].detail).startswith(f"{tmp_path}/crawl.jsonl, line 1: not JSON: ")


def test_lines_end_at_line_feeds_only(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        b'\xef\xbb\xbf{"text": "one\xe2\x80\xa8line"}\r\n\n  \n{"text": "two\xc2\x85"}\r{\n{"text": "three"}'
    )
    captured = load(tmp_path / "a.jsonl")
    assert [(c.body.decode(), c.verdict, c.source[-1]) for c in (captured[0], captured[2])] == [
        ("one\u2028line", Verdict.OK, "1"),
        ("three", Verdict.OK, "5"),
    ]
    assert (captured[1].verdict, captured[1].identity) == (Verdict.UNDECODABLE, "file:a.jsonl:4")


@pytest.mark.parametrize("said", ["yesterday", "2020-13-01", 1604966400, "0001-01-01T00:00:00+14:00", ["x"]])
def test_a_capture_time_that_cannot_be_read_is_the_run_s_and_said(tmp_path: Path, said: object) -> None:
    (capture,) = rows(tmp_path, {"text": "a", "captured_at": said})
    assert (capture.captured_at, capture.verdict) == (STARTED, Verdict.OK)
    assert "captured_at is not an ISO 8601 time" in str(capture.detail)
    assert "captured_at" in capture.metadata


def test_a_cut_gzip_yields_its_whole_lines_and_then_says_so(tmp_path: Path) -> None:
    lines = b"".join(b'{"id": %d, "text": "%s"}\n' % (n, sha256(b"%d" % n).hexdigest().encode()) for n in range(2000))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines)[:-3000])
    *pages, last = load(tmp_path / "a.jsonl.gz")
    assert len(pages) > 500
    assert {c.verdict for c in pages} == {Verdict.OK}
    assert (last.identity, last.verdict) == ("file:a.jsonl", Verdict.TRUNCATED)
    assert lines.startswith(b'{"id": 0')
    assert last.body in lines


def test_a_file_of_rows_that_is_not_gzip_or_holds_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b'{"text": "plain"}')
    (tmp_path / "b.jsonl").write_bytes(b"\n\n")
    assert [c.verdict for c in load(tmp_path)] == [Verdict.UNDECODABLE, Verdict.EMPTY]


def test_rows_come_on_standard_input_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: "WriteableBuffer") -> int:
            line = next(lines, b"")
            memoryview(buffer)[: len(line)] = line
            return len(line)

    lines = iter([b'{"text": "one"}\n', b'{"text": "two"}\n', b"broken"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe())))
    arriving = captures("-", STARTED)
    first = next(arriving)
    assert (first.identity, first.source, first.body) == ("file:-:1", "-:1", b"one")
    assert next(lines) == b'{"text": "two"}\n'
    assert [c.verdict for c in arriving] == [Verdict.UNDECODABLE]


def test_a_closed_standard_input_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    (capture,) = load("-")
    assert (capture.verdict, capture.detail) == (Verdict.ERROR, "cannot be read: standard input is closed")


def test_parquet_rows_are_pages_with_their_columns(tmp_path: Path) -> None:
    table = pa.table(
        {
            "url": ["https://example.org/1", None],
            "id": pa.array([1, 2], pa.int32()),
            "html": ["<p>Ağdam</p>", ""],
            "text": pa.array([None, "Füzuli"], pa.large_string()),
            "captured_at": pa.array([datetime(2020, 11, 10, 9, tzinfo=UTC), None], pa.timestamp("ns")),
            "day": pa.array([date(2020, 11, 10)] * 2),
            "price": pa.array([Decimal("1.50"), None]),
            "nested": [{"a": [1, 2]}, None],
            "lang": pa.array(["az", "az"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "pages.parquet")
    first, second = load(tmp_path / "pages.parquet")
    assert first == Capture(
        identity="https://example.org/1",
        source=f"{tmp_path}/pages.parquet:1",
        body="<p>Ağdam</p>".encode(),
        media_type="text/html",
        captured_at=datetime(2020, 11, 10, 9, tzinfo=UTC),
        url="https://example.org/1",
        charset="utf-8",
        metadata={"id": "1", "day": "2020-11-10", "price": '"1.50"', "nested": '{"a": [1, 2]}', "lang": "az"},
    )
    assert (second.identity, second.body, second.captured_at) == ("id:2", "Füzuli".encode(), STARTED)


def test_parquet_pages_can_be_bytes_of_any_charset(tmp_path: Path) -> None:
    not_utf_8 = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xd8\xf3\xf8\xe0"]).buffers())
    table = pa.table({"html": pa.array([b"<p>\xd8\xf3\xf8\xe0"], pa.binary()), "note": not_utf_8})
    pq.write_table(table, tmp_path / "pages.parquet")
    (capture,) = load(tmp_path / "pages.parquet")
    assert (capture.body, capture.charset) == (b"<p>\xd8\xf3\xf8\xe0", None)
    assert capture.metadata == {"note": r"\xd8\xf3\xf8\xe0"}


def test_damaged_parquet_is_one_error_after_what_could_be_read(tmp_path: Path) -> None:
    table = pa.table({"text": [f"page {n} " * 50 for n in range(400)]})
    whole = tmp_path / "whole.parquet"
    pq.write_table(table, whole, row_group_size=100, compression="none", use_dictionary=False, write_page_checksum=True)
    data = bytearray(whole.read_bytes())
    (tmp_path / "cut.parquet").write_bytes(data[:-100])
    data[data.index(b"page 250 ")] ^= 1
    (tmp_path / "changed.parquet").write_bytes(data)
    (tmp_path / "empty.parquet").touch()
    (tmp_path / "other.parquet").write_bytes(b"<html>" * 1000)
    by_file: dict[str, list[Verdict]] = {}
    for capture in load(tmp_path):
        by_file.setdefault(capture.source.rpartition("/")[2].partition(":")[0], []).append(capture.verdict)
    assert by_file.pop("whole.parquet") == [Verdict.OK] * 400
    changed = by_file.pop("changed.parquet")
    assert (changed[0], changed[-1], changed.count(Verdict.ERROR)) == (Verdict.OK, Verdict.ERROR, 1)
    assert set(map(tuple, by_file.values())) == {(Verdict.ERROR,)}
    assert len(by_file) == 3


def test_parquet_without_a_page_column_names_its_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"body": ["x"] * 10}), tmp_path / "pages.parquet")
    (capture,) = load(tmp_path / "pages.parquet")
    assert capture.verdict is Verdict.ERROR
    assert "its columns are body" in str(capture.detail)
