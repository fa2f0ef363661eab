import gzip
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.sources import SourceError, captures, count
from flows.sources.files import FILE_LIMIT
from schemas.page import Capture, Verdict

STARTED = datetime(2020, 11, 10, 9, 30, tzinfo=UTC)
PAGE = "<p>Шуша / Shushi</p>".encode()


def load(source: Path | str) -> list[Capture]:
    return list(captures(str(source), STARTED))


def found(source: Path | str) -> dict[str, Verdict]:
    return {capture.identity: capture.verdict for capture in load(source)}


def the_one(source: Path | str) -> Capture:
    (capture,) = load(source)
    return capture


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.html", "text/html"), ("A.HTM", "text/html"), ("a.txt", "text/plain"), ("a.md", "text/markdown")],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_a_file_is_one_page_compressed_or_not(tmp_path: Path, name: str, media_type: str, compressed: bool) -> None:
    file = tmp_path / (f"{name}.gz" if compressed else name)
    file.write_bytes(gzip.compress(PAGE) if compressed else PAGE)
    assert the_one(file) == Capture(
        identity=f"file:{name}", source=str(file), body=PAGE, media_type=media_type, captured_at=STARTED
    )
    assert count(str(file)) == 1


def test_an_empty_file_and_one_with_nul_bytes_are_pages(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    (tmp_path / "b.html").write_bytes(b"\0<p>\0")
    (tmp_path / "c.html.gz").touch()
    assert [(capture.body, capture.verdict) for capture in load(tmp_path)] == [
        (b"", Verdict.OK),
        (b"\0<p>\0", Verdict.OK),
        (b"", Verdict.OK),
    ]


def test_a_folder_is_walked_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/z.html", "b/a.html", "a.html", "c.html", "b.html", ".hidden.html", ".git/a.html", "b/.x/a.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PAGE)
    expected = ["file:a.html", "file:b/a.html", "file:b/z.html", "file:b.html", "file:c.html"]
    assert [capture.identity for capture in load(tmp_path)] == expected
    assert count(str(tmp_path)) == 5
    with_slash = load(f"{tmp_path}/")
    assert [capture.identity for capture in with_slash] == expected
    assert with_slash[1].source == f"{tmp_path}/b/a.html"


def test_an_empty_folder_yields_nothing(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    assert load(tmp_path) == []
    assert count(str(tmp_path)) == 0


def test_files_of_other_kinds_are_named_and_not_read(tmp_path: Path) -> None:
    for name in ("README", "photo.jpg", "data.tar.gz", "table.parquet.gz"):
        (tmp_path / name).write_bytes(b"\xff")
    by_name = {capture.identity: capture for capture in load(tmp_path)}
    assert {capture.verdict for capture in by_name.values()} == {Verdict.UNSUPPORTED_TYPE}
    assert {capture.body for capture in by_name.values()} == {b""}
    assert "no suffix" in str(by_name["file:README"].detail)
    assert ".jpg" in str(by_name["file:photo.jpg"].detail)
    assert ".tar.gz" in str(by_name["file:data.tar"].detail)
    assert len(by_name) == 4


def test_a_file_of_another_kind_named_directly_is_a_wrong_source(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(SourceError, match=r"photo\.jpg.*\.html"):
        captures(str(tmp_path / "photo.jpg"), STARTED)


@pytest.mark.parametrize(
    "source", ["missing.html", "missing.jpg", "missing/", "a.html/b.html", "", "nul\0.html", "x" * 5000]
)
def test_a_source_that_is_not_there_is_an_error_of_its_own(tmp_path: Path, source: str) -> None:
    (tmp_path / "a.html").touch()
    capture = the_one(f"{tmp_path}/{source}" if source else "")
    assert capture.verdict is Verdict.ERROR
    assert capture.detail in {"no such file or folder", "cannot be read: file name too long"}
    assert capture.identity.startswith("file:")


def test_what_is_no_regular_file_never_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "fifo.html")
    os.mkfifo(tmp_path / "fifo.jsonl.gz")
    (tmp_path / "dangling.html").symlink_to("nowhere")
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "circle.html").symlink_to("circle.html")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.html")
        by_name = {capture.identity: capture for capture in load(tmp_path)}
    assert {capture.verdict for capture in by_name.values()} == {Verdict.ERROR}
    details = {name: str(capture.detail) for name, capture in by_name.items()}
    assert details == {
        "file:circle.html": "a link that leads nowhere",
        "file:dangling.html": "a link that leads nowhere",
        "file:fifo.html": "cannot be read: not a file but a FIFO",
        "file:fifo.jsonl": "cannot be read: not a file but a FIFO",
        "file:folder.html": "not a file but an empty folder",
        "file:socket.html": "cannot be read: not a file but a socket",
    }
    for name in ("fifo.html", "dangling.html", "folder.html", "circle.html"):
        assert the_one(tmp_path / name).verdict is Verdict.ERROR


def test_a_folder_named_like_a_page_is_walked(tmp_path: Path) -> None:
    (tmp_path / "news.html").mkdir()
    (tmp_path / "news.html" / "comments.html").write_bytes(PAGE)
    assert found(tmp_path) == {"file:news.html/comments.html": Verdict.OK}


def test_links_within_the_folder_end_and_links_out_of_it_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html").write_bytes(b"secret")
    crawl = tmp_path / "crawl"
    (crawl / "inner" / "deep").mkdir(parents=True)
    (crawl / "inner" / "page.html").write_bytes(PAGE)
    (crawl / "inner" / "deep" / "loop").symlink_to("../..")
    (crawl / "twin").symlink_to("inner")
    (crawl / "index.html").symlink_to("inner/page.html")
    (crawl / "leaves").symlink_to("../outside")
    (crawl / "leaves.html").symlink_to(outside / "secret.html")
    assert found(crawl) == {
        "file:index.html": Verdict.OK,
        "file:inner/page.html": Verdict.OK,
        "file:leaves": Verdict.ERROR,
        "file:leaves.html": Verdict.ERROR,
    }
    assert b"secret" not in {capture.body for capture in load(crawl)}


def test_a_source_that_is_itself_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.html").write_bytes(PAGE)
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path / "link") == {"file:a.html": Verdict.OK}


def test_names_that_are_not_utf_8_have_an_identity_that_can_be_hashed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.html")).write_bytes(PAGE)
    capture = the_one(tmp_path)
    assert (capture.body, capture.verdict) == (PAGE, Verdict.OK)
    (capture.identity + capture.source).encode()


def test_cut_damaged_and_false_gzip_keep_what_could_be_read(tmp_path: Path) -> None:
    page = os.urandom(100_000)
    whole = gzip.compress(page)
    wrong_sum = bytearray(whole)
    wrong_sum[-8] ^= 1
    (tmp_path / "1.html.gz").write_bytes(whole[:-20_000])
    (tmp_path / "2.html.gz").write_bytes(PAGE)
    (tmp_path / "3.html.gz").write_bytes(wrong_sum)
    (tmp_path / "4.html.gz").write_bytes(whole + whole + b"\0" * 10)
    cut, false, damaged, double = load(tmp_path)
    assert (cut.verdict, page.startswith(cut.body), len(cut.body) > 70_000) == (Verdict.TRUNCATED, True, True)
    assert "ends early" in str(cut.detail)
    assert (false.verdict, false.body) == (Verdict.UNDECODABLE, PAGE)
    assert (damaged.verdict, damaged.body) == (Verdict.ERROR, page)
    assert (double.verdict, double.body) == (Verdict.OK, page * 2)


def test_a_file_over_the_limit_is_too_large_and_not_held(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.html.gz", "wb", compresslevel=1) as bomb:
        for _ in range(FILE_LIMIT // 1_000_000 + 1):
            bomb.write(bytes(1_000_000))
    with (tmp_path / "sparse.html").open("wb") as sparse:
        sparse.truncate(FILE_LIMIT + 1)
    assert [(c.verdict, c.body) for c in load(tmp_path)] == [(Verdict.TOO_LARGE, b"")] * 2


def test_the_number_of_pages_is_unknown_where_files_hold_many(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    assert count(str(tmp_path)) is None
    assert count("-") is None
