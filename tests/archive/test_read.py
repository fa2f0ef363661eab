"""Reading an archive: as of any version, wherever it lies, without changing it."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from archive.archive import open_archive
from archive.read import QueryError, reading
from archive.store import DamagedError
from schemas import tables

NAMES = ["file:gone.html", "file:news.html", "file:sub/road.txt", "https://example.org/a?x=1", "id:42"]


def identities(archive, at=None):
    with reading(archive, at) as reader:
        return [row["identity"] for row in reader.rows("SELECT identity FROM documents ORDER BY identity")]


def texts(archive, at):
    with reading(archive, at) as reader:
        return {row["identity"]: row["text"] for row in reader.rows("FROM documents SELECT identity, text")}


def listing(root):
    return sorted((p.relative_to(root), p.stat().st_mtime_ns, p.stat().st_size) for p in root.rglob("*"))


def test_a_withdrawn_document_is_in_the_versions_before(archive):
    assert identities(archive, "1") == identities(archive, "2") == NAMES
    assert identities(archive) == identities(archive, "3") == NAMES[1:]


def test_each_version_has_the_text_of_its_time(archive):
    assert "progress" in texts(archive, "1")["file:news.html"]
    assert "failure" in texts(archive, "2")["file:news.html"]


def test_an_older_capture_that_is_loaded_later_is_not_the_state(archive, own_archive, ingest, page, tmp_path):
    row = {
        "url": "https://example.org/a?x=1",
        "html": page("The row", "It snowed."),
        "captured_at": "2019-01-01T00:00:00Z",
    }
    (tmp_path / "old.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert ingest(own_archive, tmp_path / "old.jsonl").version.counts["revisions"] == 1
    assert texts(own_archive, "4") == texts(archive, "3")


def test_the_publishers_forms_are_filled_in(archive):
    with reading(archive) as reader:
        rows = {row["identity"]: row for row in reader.rows("FROM documents")}
    road, bridge = rows["file:sub/road.txt"], rows["id:42"]
    assert "Shusha" in road["text"]
    assert "Shushi" in road["text_as_written"]
    assert bridge["text_as_written"] == bridge["text"] == "A bridge over the Araks was opened to lorries on Sunday."


def test_a_moved_archive_is_read_at_every_version(archive, own_archive, tmp_path):
    there = tmp_path / "élsewhere" / "it's here"
    there.parent.mkdir()
    own_archive.folder.root.rename(there)
    moved = open_archive(there)
    for at in ("1", "2", "3"):
        assert texts(moved, at) == texts(archive, at)


def test_reading_changes_nothing_in_the_folder(own_archive):
    root = own_archive.folder.root
    for path in [root, *root.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    before = listing(root)
    for at in ("1", "3"):
        texts(own_archive, at)
    assert listing(root) == before
    for path in [root, *root.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)


def test_reading_needs_no_cache(archive, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert identities(archive) == NAMES[1:]


def test_a_query_larger_than_memory_spills_into_the_cache_and_leaves_nothing_there(archive, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "it's a cache"))
    monkeypatch.setattr("archive.read._MEMORY", "60MB")
    query = (
        "SELECT count(*) AS n FROM (SELECT md5(range::VARCHAR) AS m FROM range(3_000_000) ORDER BY m LIMIT 2_900_000)"
    )
    with reading(archive) as reader:
        assert [row["n"] for row in reader.rows(query)] == [2_900_000]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_damaged_page_is_told_and_never_read_as_text(own_archive):
    part = max(own_archive.table("revisions").files(), key=lambda path: path.stat().st_size)
    group = pq.read_metadata(part).row_group(0)
    column = next(c for c in map(group.column, range(group.num_columns)) if c.path_in_schema == "text")
    content = bytearray(part.read_bytes())
    place = column.data_page_offset + column.total_compressed_size // 2
    content[place : place + 8] = bytes(8)
    part.write_bytes(content)
    with pytest.raises(DamagedError, match="cleancopy verify"):
        texts(own_archive, "3")


def test_a_missing_file_is_told(own_archive):
    own_archive.table("revisions").files()[0].unlink()
    with pytest.raises(DamagedError, match="cleancopy verify"):
        texts(own_archive, "3")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "COPY documents TO '{there}'",
        "EXPORT DATABASE '{there}'",
        "ATTACH '{there}'",
        "INSTALL httpfs",
        "LOAD '{there}'",
        "SET enable_external_access = true",
        "SET temp_directory = '{there}'",
        "SELECT * FROM archive",
        "SELECT salt FROM all_revisions",
        "INSERT INTO revisions SELECT * FROM revisions",
        "SELEC",
        "",
        "SELECT 1; SELECT 2",
    ],
)
def test_a_query_reads_the_archive_and_nothing_else(archive, tmp_path, query):
    there = tmp_path / "written"
    with reading(archive) as reader, pytest.raises(QueryError):
        list(reader.sql(query.format(there=there)))
    assert not there.exists()


def test_no_view_has_salts(archive):
    with reading(archive) as reader:
        for view in ("documents", "states", "revisions", "captures", "events"):
            assert "salt" not in reader.sql(f"FROM {view} LIMIT 0").schema.names


def test_files_of_an_older_schema_read_as_null(own_archive, monkeypatch):
    later = tables.REVISIONS.append(pa.field("later", pa.string()))
    monkeypatch.setitem(tables.TABLES, "revisions", later)
    with reading(own_archive) as reader:
        assert [row["later"] for row in reader.rows("SELECT later FROM documents")] == [None] * 4


def test_times_are_utc(archive):
    with reading(archive) as reader:
        query = (
            "SELECT captured_at::VARCHAR AS t, captured_at FROM documents WHERE identity = 'https://example.org/a?x=1'"
        )
        (row,) = reader.rows(query)
    assert row["t"].startswith("2020-11-09 12:00:00")
    assert row["captured_at"].utcoffset().total_seconds() == 0
