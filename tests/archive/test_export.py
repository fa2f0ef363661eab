"""Editions: what other tools read."""

import hashlib
import json
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from archive.audit import audit
from archive.export import EditionError, export
from archive.read import reading
from schemas.tables import REVISIONS

NAMES = ["file:gone.html", "file:news.html", "file:sub/road.txt", "https://example.org/a?x=1", "id:42"]


@pytest.fixture
def edition(own_archive):
    with reading(own_archive, "3") as reader:
        return export(reader, "autumn-2020")


def test_pandas_reads_each_document_once(edition):
    assert sorted(pd.read_parquet(edition.folder / "documents-00000.parquet")["identity"]) == NAMES[1:]


def test_polars_reads_each_document_once(edition):
    assert sorted(pl.read_parquet(f"{edition.folder}/*.parquet")["identity"]) == NAMES[1:]


def test_duckdb_reads_each_document_once(edition):
    query = f"SELECT identity FROM read_parquet('{edition.folder}/*.parquet') ORDER BY identity"
    assert [row[0] for row in duckdb.sql(query).fetchall()] == NAMES[1:]


def test_an_edition_of_an_older_version_has_its_documents_and_texts(own_archive):
    with reading(own_archive, "1") as reader:
        edition = export(reader, "first")
    rows = {row["identity"]: row for row in pq.read_table(edition.folder / "documents-00000.parquet").to_pylist()}
    assert sorted(rows) == NAMES
    assert "progress" in rows["file:news.html"]["text"]
    assert edition.version == 1


def test_texts_as_written_are_filled_in_and_salts_left_out(edition):
    table = pq.read_table(edition.folder / "documents-00000.parquet")
    assert table["text_as_written"].null_count == 0
    assert not {"salt", "commitment"} & set(table.column_names)
    assert set(table.column_names) == set(REVISIONS.names) - {"blocks", "salt", "commitment"}


def test_the_package_describes_files_and_fields(edition):
    package = json.loads((edition.folder / "datapackage.json").read_text("utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (package["name"], package["version"], package["seal"]) == ("autumn-2020", "3", edition.seal)
    assert "licenses" not in package
    (resource,) = package["resources"]
    content = (edition.folder / resource["path"]).read_bytes()
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    fields = resource["schema"]["fields"]
    assert [f["name"] for f in fields] == pq.read_schema(edition.folder / resource["path"]).names
    assert all(f["description"] and f["type"] for f in fields)


def test_an_edition_is_recorded_and_sealed_by_the_next_version(own_archive, edition, ingest, tmp_path):
    assert list(audit(own_archive.folder.root)) == []
    (tmp_path / "more.txt").write_text("The bridge was closed again on Monday, the ministry said.", "utf-8")
    ingest(own_archive, tmp_path / "more.txt")
    assert list(audit(own_archive.folder.root)) == []
    with reading(own_archive) as reader:
        (event,) = reader.rows("SELECT kind, version, detail FROM events")
    assert (event["kind"], event["version"]) == ("edition", 3)
    assert json.loads(event["detail"])["name"] == edition.name
    content = (edition.folder / "documents-00000.parquet").read_bytes()
    (edition.folder / "documents-00000.parquet").write_bytes(content + b"!")
    assert [f.code for f in audit(own_archive.folder.root)] == ["file-changed"]


def test_an_edition_is_never_written_over(own_archive, edition):
    before = (edition.folder / "datapackage.json").read_bytes()
    with reading(own_archive, "1") as reader, pytest.raises(EditionError, match="another name"):
        export(reader, edition.name)
    assert (edition.folder / "datapackage.json").read_bytes() == before


def test_a_folder_of_somebody_elses_is_not_touched(own_archive):
    place = own_archive.folder.path("editions/mine/notes.txt")
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    with reading(own_archive) as reader, pytest.raises(EditionError, match="another name"):
        export(reader, "mine")
    assert place.read_text() == "mine"


def test_what_a_stopped_export_left_is_cleared_away(own_archive):
    own_archive.folder.write("editions/half/documents-00000.parquet", b"PAR1")
    own_archive.folder.write("editions/half/.documents-00001.parquet.tmp", b"PAR1")
    with reading(own_archive) as reader:
        edition = export(reader, "half")
    assert edition.documents == 4
    assert list(audit(own_archive.folder.root)) == []


@pytest.mark.parametrize(
    "name", ["", "..", ".", "../x", "a/b", "/tmp/x", ".hidden", "a\\b", "a\0b", "é", "x" * 200, "a."]
)
def test_a_name_cannot_lead_elsewhere(own_archive, name):
    before = sorted(own_archive.folder.root.parent.rglob("*"))
    with reading(own_archive) as reader, pytest.raises(EditionError, match="cannot name an edition"):
        export(reader, name)
    assert sorted(own_archive.folder.root.parent.rglob("*")) == before


def test_nothing_is_left_in_the_cache(own_archive, edition):
    del edition
    left = [path for path in Path(own_archive.cache).rglob("*") if path.is_file() and path.name != "editions.lock"]
    assert left == []
