"""Each finding code has a bad archive that gives exactly it.

Most of these archives are forged: changed, and then given digests, roots and seals that fit again, as somebody
with time and this source code could do, so that nothing but the check in question can notice.
"""

import ast
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from forgery import add_line, change_log

import archive.audit
from archive.audit import audit, codes
from archive.audit_states import turn_back
from archive.raw import RawWriter, record_id_of

Row = dict[str, object]
TABLES = ("captures", "events", "revisions")


def change_row(table: str, number: int, values: Row) -> Callable[[str, int, list[Row]], object]:
    """Change the first row of one commit."""
    return lambda t, n, rows: rows[0].update(values) if (t, n) == (table, number) and rows else None


def change_body(number: int, values: Row) -> Callable[[int, dict[str, object]], object]:
    return lambda n, body: body.update(values) if n == number else None


def name_file(table: str, number: int, name: str, sha256: str) -> Callable[[str, int, dict[str, str]], object]:
    return lambda t, n, files: files.update({name: sha256}) if (t, n) == (table, number) else None


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def damage_page(a) -> None:
    part = a.part("revisions", 2)
    column = pq.ParquetFile(part).metadata.row_group(0).column(0)
    flip(part, column.data_page_offset + column.total_compressed_size - 1)
    a.forge()


def extend_schema(a) -> None:
    part = a.part("revisions", 2)
    rows = pq.read_table(part)
    pq.write_table(rows.append_column("opinion", pa.array(["x"] * rows.num_rows)), part)
    a.forge()


def drop_record(a) -> None:
    """Take the last record of a WARC file away."""
    warc = a.warc(3)
    offsets = [offset for offset in pq.read_table(a.part("captures", 3))["warc_offset"].to_pylist() if offset]
    warc.write_bytes(warc.read_bytes()[: max(offsets)])
    a.forge()


def add_record(a) -> None:
    writer = RawWriter(a.root.parent / "more.warc.gz", "test")
    at = pq.read_table(a.part("captures", 1))["captured_at"][0].as_py()
    start = writer.add("https://example.org/", b"never captured", "text/plain", record_id_of("ab" * 16), at).offset
    writer.close()
    with a.warc(3).open("ab") as stream:
        stream.write((a.root.parent / "more.warc.gz").read_bytes()[start:])
    a.forge()


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(content)


def share_record(_table: str, _number: int, rows: list[Row]) -> None:
    """Let the capture that has no record name that of another."""
    if "warc_record_id" in rows[0]:
        without = next(row for row in rows if row["warc_record_id"] is None)
        other = next(row for row in rows if row["warc_record_id"] is not None)
        without.update(warc_record_id=other["warc_record_id"], warc_file=other["warc_file"])


def another_digest(table: str, number: int, rows: list[Row]) -> None:
    """Change what a capture says of bytes that gave no revision: the third meeting of an unchanged page."""
    if (table, number) == ("captures", 3):
        next(row for row in rows if str(row["url"]).endswith("same"))["raw_sha256"] = "0" * 64


def unsay(table: str, number: int, rows: list[Row]) -> None:
    if (table, number) == ("revisions", 3):
        rows[0]["steps"][0]["edits"][0]["before"] = "something else altogether.\n"


def account(**values: object) -> bytes:
    """Return an account of one kept block, with `values` in place of its own."""
    own = {"source": "blocks", "sha256": "0" * 64, "kinds": ["text"], "rules": ["model"], "shapes": ["p"], "fate": "1"}
    columns = {"letters": [3], "kind": [0], "rule": [0], "chance": [900], "shape": [0]}
    return pa.compress(json.dumps(own | columns | values).encode(), codec="zstd", asbytes=True)


def with_account(packed: bytes) -> Callable[[str, int, list[Row]], object]:
    return change_row("revisions", 4, {"blocks": packed})


LOG = "_delta_log/00000000000000000002.json"
GHOST = "raw/00000000000000000000000000000000-00000.warc.gz"

BAD = {
    "file-missing": lambda a: (a.root / "README.txt").unlink(),
    "file-changed": lambda a: append(a.root / "README.txt", b"x"),
    "file-unknown": lambda a: append(a.root / "editions" / "notes.txt", b"x"),
    "file-uncommitted": lambda a: append(a.root / GHOST, b"x"),
    "file-leftover": lambda a: append(a.root / "captures" / ".part-00.parquet.tmp", b"x"),
    "file-named-twice": lambda a: a.forge(files=name_file("captures", 3, f"raw/{a.warc(1).name}", "0" * 64)),
    "link-refused": lambda a: (a.root / "raw" / "a.warc.gz").symlink_to("/etc/hostname"),
    "path-refused": lambda a: a.forge(files=name_file("events", 1, "../outside", "0" * 64)),
    "erased-file-present": lambda a: (
        append(a.root / GHOST, b"x"),
        a.forge(body=change_body(4, {"replaced": {GHOST: {"path": None, "sha256": None, "reason": "x"}}})),
    ),
    "format-newer": lambda a: (a.root / "cleancopy.json").write_text(
        json.dumps(json.loads((a.root / "cleancopy.json").read_text()) | {"format": 2})
    ),
    "log-missing": lambda a: (a.root / "captures" / LOG).unlink(),
    "log-unreadable": lambda a: a.forge(log=add_line("captures", 4, "{")),
    "log-misplaced": lambda a: a.forge(
        files=lambda t, n, files: files.pop(f"captures/{LOG}") if (t, n) == ("captures", 3) else None
    ),
    "log-disagrees": lambda a: a.forge(log=change_log("captures", 3, r'"size": \d+', '"size": 1')),
    "log-action-refused": lambda a: a.forge(
        log=add_line("captures", 3, json.dumps({"remove": {"path": a.part("captures", 1).name}}))
    ),
    "log-holds-content": lambda a: a.forge(
        log=change_log("revisions", 2, r'\\"minValues\\": \{', r'\\"minValues\\": {\\"title\\": \\"Title 2\\", ')
    ),
    "table-properties": lambda a: a.forge(
        log=change_log("events", 0, '"delta.appendOnly": "true"', '"delta.appendOnly": "false"')
    ),
    "chain-broken": lambda a: a.forge(body=change_body(3, {"previous_seal": "0" * 64})),
    "seal-wrong": lambda a: a.forge(seal=lambda n, seal: "0" * 64 if n == 3 else seal),
    "file-list-wrong": lambda a: a.forge(body=change_body(2, {"files_sha256": "0" * 64})),
    "root-wrong": lambda a: a.forge(body=change_body(2, {"root": "0" * 64})),
    "counts-wrong": lambda a: a.forge(body=change_body(2, {"counts": {"verdict.ok": 7}})),
    "seal-file-missing": lambda a: (a.root / "seal.txt").unlink(),
    "seal-file-damaged": lambda a: flip(a.root / "seal.txt", 70),
    "parquet-unreadable": lambda a: (append(a.part("revisions", 2), b"x"), a.forge()),
    "page-damaged": damage_page,
    "schema-wrong": extend_schema,
    "commitment-wrong": lambda a: a.forge(rows=change_row("revisions", 2, {"title": "Another title"}), prove=False),
    "row-unproven": lambda a: a.forge(rows=change_row("events", 1, {"salt": None})),
    "doc-id-wrong": lambda a: a.forge(rows=change_row("revisions", 2, {"identity": "https://example.org/elsewhere"})),
    "revision-number-wrong": lambda a: a.forge(rows=change_row("revisions", 4, {"revision": 9})),
    "version-wrong": lambda a: a.forge(rows=change_row("revisions", 4, {"version": 3})),
    "text-digest-wrong": lambda a: a.forge(rows=change_row("revisions", 4, {"text_sha256": "0" * 64})),
    "account-wrong": lambda a: a.forge(rows=with_account(b"no account")),
    "ledger-wrong": lambda a: a.forge(rows=unsay),
    "capture-wrong": lambda a: a.forge(rows=share_record),
    "capture-missing": lambda a: a.forge(rows=change_row("revisions", 4, {"capture_id": "ab" * 16})),
    "withdrawal-unproven": lambda a: a.forge(rows=change_row("revisions", 4, {"cause": "gone"})),
    "warc-unreadable": lambda a: (append(a.warc(2), b"no record at all"), a.forge()),
    "raw-missing": drop_record,
    "raw-changed": lambda a: a.forge(rows=another_digest),
    "record-unclaimed": add_record,
    "edition-unrecorded": lambda a: a.forge(rows=change_row("events", 1, {"kind": "check"})),
    "memory-unrecorded": lambda a: a.forge(body=change_body(4, {"recipe_parts": {"memory": "0" * 64}})),
}
COMPANIONS = {"log-missing": {"file-unvouched"}, "log-unreadable": {"file-unvouched"}}
"""A commit that cannot be read leaves the files that it brought without a witness."""
ELSEWHERE = {"description-damaged", "seal-file-behind", "seal-unknown", "unfinished-run"}
"""Codes that need an archive of another history, below."""


@pytest.mark.parametrize("code", sorted(BAD))
def test_the_bad_archive_of_a_code_gives_exactly_this_code(code, forger):
    BAD[code](forger)
    assert {finding.code for finding in audit(forger.root)} == {code} | COMPANIONS.get(code, set())


@pytest.mark.parametrize(
    "values",
    [
        {"fate": "13"},
        {"fate": "11"},
        {"kind": [1]},
        {"rule": [True]},
        {"shape": None},
        {"letters": [-3]},
        {"letters": [1_000_000]},
        {"source": "everything"},
        {"letters": "3"},
    ],
    ids=str,
)
def test_an_account_that_does_not_fit_its_text_is_found(forger, values):
    forger.forge(rows=with_account(account(**values)))
    assert {finding.code for finding in audit(forger.root)} == {"account-wrong"}


def test_an_account_that_fits_its_text_is_not(forger):
    part = forger.part("revisions", 4)
    row = pq.read_table(part).to_pylist()[0]
    extracted = turn_back(row["text"], row["steps"] or [])
    letters = "".join(extracted.split())
    whole = hashlib.sha256(letters.encode()).hexdigest()
    for source in ("blocks", "everything"):
        packed = account(letters=[len(letters)], source=source, sha256=whole)
        forger.forge(rows=with_account(packed))
        assert list(audit(forger.root)) == []


def test_a_forgery_that_changes_nothing_has_no_findings(archive_copy, forger):
    before = {path: path.read_bytes() for path in archive_copy.rglob("*") if path.is_file()}
    forger.forge()
    assert any(path.read_bytes() != content for path, content in before.items())
    assert list(audit(archive_copy)) == []


def test_every_code_has_a_bad_archive():
    assert {*BAD, *ELSEWHERE}.union(*COMPANIONS.values()) == set(codes())


def test_every_code_of_the_source_is_explained_and_the_other_way_round():
    folder = Path(archive.audit.__file__).parent
    constants = {
        node.value
        for path in folder.glob("audit*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch("[a-z]+(-[a-z]+)+", node.value)
    }
    assert constants == set(codes())
    assert all(code.meaning.endswith(".") and code.what_to_do.endswith(".") for code in codes().values())


def test_a_damaged_description_before_the_first_version(build, tmp_path):
    build(tmp_path / "new")
    assert list(audit(tmp_path / "new")) == []
    (tmp_path / "new" / "cleancopy.json").write_text("{}")
    assert [finding.code for finding in audit(tmp_path / "new")] == ["description-damaged"]


@pytest.mark.parametrize("version", range(4))
def test_a_seal_file_of_an_earlier_version_is_behind(archive_copy, small_archive, version):
    (archive_copy / "seal.txt").write_bytes(small_archive.seal_files[version])
    assert [finding.code for finding in audit(archive_copy)] == ["seal-file-behind"]


def test_captures_that_no_version_names_are_an_unfinished_run(build, archive_copy):
    build(archive_copy).unfinished(5)
    findings = list(audit(archive_copy))
    assert [(f.code, f.path) for f in findings] == [("unfinished-run", "captures/_delta_log/00000000000000000005.json")]


def test_a_rollback_is_found_by_a_seal_noted_elsewhere(archive_copy, forger, small_archive):
    seals = [re.search(rb"seal ([0-9a-f]{64})", content) for content in small_archive.seal_files]
    for seal in seals[1:]:
        assert list(audit(archive_copy, seal=seal[1].decode()[:8])) == []
    for table in TABLES:
        newest = max((archive_copy / table / "_delta_log").glob("*.json"))
        if table != "events":
            (forger.part(table, 4)).unlink() if table == "revisions" else forger.warc(4).unlink()
            if table == "captures":
                forger.part(table, 4).unlink()
            newest.unlink()
    (archive_copy / "seal.txt").write_bytes(small_archive.seal_files[3])
    assert list(audit(archive_copy)) == []
    assert [f.code for f in audit(archive_copy, seal=seals[4][1].decode())] == ["seal-unknown"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "raw/../../x.warc.gz", "raw/a\\..\\b.warc.gz", "editions/../x"]
)
@pytest.mark.parametrize("table", TABLES)
def test_a_path_that_leads_out_of_the_archive_is_refused(archive_copy, forger, table, path):
    forger.forge(files=name_file(table, 1, path, "0" * 64))
    assert {f.code for f in audit(archive_copy)} == {"path-refused"}


def test_a_link_in_place_of_a_file_is_not_followed(archive_copy, forger, tmp_path):
    part = forger.part("revisions", 2)
    part.rename(tmp_path / "outside.parquet")
    part.symlink_to(tmp_path / "outside.parquet")
    assert {(f.code, Path(f.path).name) for f in audit(archive_copy)} >= {
        ("link-refused", part.name),
        ("file-missing", part.name),
    }


def test_a_part_of_an_older_schema_may_lack_fields_that_were_added_later(archive_copy, forger):
    part = forger.part("revisions", 2)
    rows = pq.read_table(part).drop_columns(["declared_language"])
    rows = rows.replace_schema_metadata(rows.schema.metadata | {b"cleancopy.schema_version": b"0"})
    pq.write_table(rows, part, write_page_checksum=True)
    forger.forge()
    assert list(audit(archive_copy)) == []


def test_each_damaged_row_group_is_named_and_the_others_are_still_checked(archive_copy, forger):
    part = forger.part("revisions", 1)
    rows = pq.read_table(part)
    pq.write_table(rows, part, row_group_size=1, use_dictionary=False, write_page_checksum=True)
    column = pq.ParquetFile(part).metadata.row_group(1).column(0)
    forger.forge(rows=lambda *_: None)
    flip(part, column.data_page_offset + column.total_compressed_size - 1)
    findings = [finding for finding in audit(archive_copy) if finding.path.endswith(part.name)]
    assert [finding.code for finding in findings] == ["file-changed", "page-damaged"]
    assert "row group 1" in findings[1].detail


@pytest.mark.parametrize("detail", [None, "{", "[]", '{"files": []}', '{"files": ["editions/first/other.parquet"]}'])
def test_an_edition_whose_event_names_other_files_is_unrecorded(archive_copy, forger, detail):
    forger.forge(rows=change_row("events", 1, {"detail": detail}))
    assert {f.code for f in audit(archive_copy)} == {"edition-unrecorded"}


def test_a_site_memory_must_be_told_of_and_called_by_its_digest(archive_copy, forger):
    content = b"what a page shares with others"
    for name in ("0" * 64, hashlib.sha256(content).hexdigest()):
        path = f"memory/{name}.jsonl"
        (archive_copy / "memory").mkdir(exist_ok=True)
        (archive_copy / path).write_bytes(content)
        forger.forge(files=name_file("events", 1, path, hashlib.sha256(content).hexdigest()))
        found = list(audit(archive_copy))
        assert {f.code for f in found} == {"memory-unrecorded"}
    assert sorted(f.path.partition("/")[0] for f in found) == ["events", "memory"]
