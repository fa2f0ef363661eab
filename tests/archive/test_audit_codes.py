"""Each finding code has a bad archive that gives exactly it.

Most of these archives are forged: changed, and then given digests, roots and seals that fit again, as somebody
with time and this source code could do, so that nothing but the check in question can notice.
"""

import ast
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import archive.audit
from archive.audit import audit, codes
from archive.raw import RawWriter, record_id_of
from archive.seal import canonical, commitment, digest, merkle_root

Row = dict[str, object]
TABLES = ("captures", "events", "revisions")


@dataclass(frozen=True, slots=True)
class Forgery:
    """What is changed of each commit before its digests are made to fit again: rows, body, list of files, log file."""

    rows: Callable[[str, int, list[Row]], object] = lambda _table, _number, _rows: None
    prove: bool = True
    body: Callable[[int, dict[str, object]], object] = lambda _number, _body: None
    files: Callable[[str, int, dict[str, str]], object] = lambda _table, _number, _files: None
    seal: Callable[[int, str], str] = lambda _number, seal: seal
    log: Callable[[str, int, bytes], bytes] = lambda _table, _number, content: content


def forge(root: Path, forgery: Forgery) -> None:
    """Change an archive and make everything fit again."""
    newest: dict[str, Path] = {}
    leaves: dict[tuple[str, int], list[str]] = {}
    previous_seal, time = "", ""
    for table in TABLES:
        earlier: Path | None = None
        for path in sorted((root / table / "_delta_log").glob("*.json")):
            number = int(path.stem)
            lines = [json.loads(line) for line in path.read_text().splitlines()]
            info = next(line["commitInfo"] for line in lines if "commitInfo" in line)
            leaves[table, number] = []
            for add in (line["add"] for line in lines if "add" in line):
                part = root / table / add["path"]
                leaves[table, number] += _forge_part(
                    part, lambda rows, n=number, t=table: forgery.rows(t, n, rows), forgery
                )
                add["size"] = part.stat().st_size
            if number and earlier:
                files = json.loads(info["cleancopy.files"])
                files = {name: _digest(root / name, was) for name, was in files.items()}
                forgery.files(table, number, files)
                info["cleancopy.files"] = canonical(files)
            if number and table == "revisions":
                body = json.loads(info["cleancopy.body"])
                named = [(table, number)]
                for other in ("captures", "events"):
                    body[other]["log_sha256"] = _digest(
                        root / other / "_delta_log" / f"{body[other]['to']:020d}.json", ""
                    )
                    named += [(other, n) for n in range(body[other]["from"] + 1, body[other]["to"] + 1)]
                body["root"] = merkle_root(leaf for name in named for leaf in leaves[name])
                body |= {"files_sha256": digest(info["cleancopy.files"]), "previous_seal": previous_seal}
                forgery.body(number, body)
                info["cleancopy.body"] = canonical(body)
                previous_seal, time = digest(info["cleancopy.body"]), body["time"]
                info["cleancopy.seal"] = forgery.seal(number, previous_seal)
            content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
            path.write_bytes(forgery.log(table, number, content))
            earlier = newest[table] = path
    lines = (root / "seal.txt").read_text().splitlines()
    lines[3:5] = [f"seal {previous_seal}", f"time {time}"]
    lines[5:] = [f"{newest[table].relative_to(root).as_posix()} {_digest(newest[table], '')}" for table in TABLES]
    (root / "seal.txt").write_text("\n".join(lines) + "\n")


def _forge_part(part: Path, change: Callable[[list[Row]], object], forgery: Forgery) -> list[str]:
    try:
        old = pq.read_table(part)
    except (OSError, pa.ArrowException):
        return []  # damaged on purpose; nothing else is to be changed then
    rows = old.to_pylist()
    change(rows)
    if rows != old.to_pylist():
        for row in rows:
            if forgery.prove and row["salt"]:
                row["commitment"] = commitment(row, row["salt"])
        pq.write_table(pa.Table.from_pylist(rows, schema=old.schema), part, write_page_checksum=True)
    return [row["commitment"] for row in rows]


def _digest(path: Path, otherwise: str) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else otherwise


def part_of(root: Path, table: str, number: int) -> Path:
    log = (root / table / "_delta_log" / f"{number:020d}.json").read_text()
    return root / table / next(json.loads(line)["add"]["path"] for line in log.splitlines() if '"add"' in line)


def warc_of(root: Path, number: int) -> Path:
    return root / "raw" / pq.read_table(part_of(root, "captures", number))["warc_file"][0].as_py()


def change_row(table: str, number: int, values: Row) -> Callable[[str, int, list[Row]], object]:
    """Change the first row of one commit."""
    return lambda t, n, rows: rows[0].update(values) if (t, n) == (table, number) and rows else None


def change_body(number: int, values: Row) -> Callable[[int, dict[str, object]], object]:
    return lambda n, body: body.update(values) if n == number else None


def change_log(table: str, number: int, old: str, new: str) -> Callable[[str, int, bytes], bytes]:
    def change(found: str, n: int, content: bytes) -> bytes:
        if (found, n) != (table, number):
            return content
        assert re.search(old, content.decode())
        return re.sub(old, new, content.decode(), count=1).encode()

    return change


def add_line(table: str, number: int, line: str) -> Callable[[str, int, bytes], bytes]:
    return lambda t, n, content: content + line.encode() + b"\n" if (t, n) == (table, number) else content


def name_file(
    table: str, number: int, name: Callable[[], str], sha256: str
) -> Callable[[str, int, dict[str, str]], object]:
    return lambda t, n, files: files.update({name(): sha256}) if (t, n) == (table, number) else None


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def damage_page(root: Path) -> None:
    part = part_of(root, "revisions", 2)
    column = pq.ParquetFile(part).metadata.row_group(0).column(0)
    flip(part, column.data_page_offset + column.total_compressed_size - 1)
    forge(root, Forgery())


def extend_schema(root: Path) -> None:
    part = part_of(root, "revisions", 2)
    rows = pq.read_table(part)
    pq.write_table(rows.append_column("opinion", pa.array(["x"] * rows.num_rows)), part)
    forge(root, Forgery())


def drop_record(root: Path) -> None:
    """Take the last record of a WARC file away."""
    warc = warc_of(root, 3)
    offsets = [offset for offset in pq.read_table(part_of(root, "captures", 3))["warc_offset"].to_pylist() if offset]
    warc.write_bytes(warc.read_bytes()[: max(offsets)])
    forge(root, Forgery())


def add_record(root: Path, tmp: Path) -> None:
    writer = RawWriter(tmp / "more.warc.gz", "test")
    at = pq.read_table(part_of(root, "captures", 1))["captured_at"][0].as_py()
    start = writer.add("https://example.org/", b"never captured", "text/plain", record_id_of("ab" * 16), at).offset
    writer.close()
    with warc_of(root, 3).open("ab") as stream:
        stream.write((tmp / "more.warc.gz").read_bytes()[start:])
    forge(root, Forgery())


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


LOG = "_delta_log/00000000000000000002.json"
GHOST = "raw/00000000000000000000000000000000-00000.warc.gz"

BAD = {
    "file-missing": lambda root, _: (root / "README.txt").unlink(),
    "file-changed": lambda root, _: append(root / "README.txt", b"x"),
    "file-unknown": lambda root, _: append(root / "editions" / "notes.txt", b"x"),
    "file-uncommitted": lambda root, _: append(root / GHOST, b"x"),
    "file-leftover": lambda root, _: append(root / "captures" / ".part-00.parquet.tmp", b"x"),
    "file-named-twice": lambda root, _: forge(
        root,
        Forgery(files=name_file("captures", 3, lambda: f"raw/{warc_of(root, 1).name}", "0" * 64)),
    ),
    "link-refused": lambda root, _: (root / "raw" / "a.warc.gz").symlink_to("/etc/hostname"),
    "path-refused": lambda root, _: forge(root, Forgery(files=name_file("events", 1, lambda: "../outside", "0" * 64))),
    "erased-file-present": lambda root, _: (
        append(root / GHOST, b"x"),
        forge(root, Forgery(body=change_body(4, {"replaced": {GHOST: {"path": None, "sha256": None, "reason": "x"}}}))),
    ),
    "format-newer": lambda root, _: (root / "cleancopy.json").write_text(
        json.dumps(json.loads((root / "cleancopy.json").read_text()) | {"format": 2})
    ),
    "log-missing": lambda root, _: (root / "captures" / LOG).unlink(),
    "log-unreadable": lambda root, _: forge(root, Forgery(log=add_line("captures", 4, "{"))),
    "log-misplaced": lambda root, _: forge(
        root,
        Forgery(files=lambda t, n, files: files.pop(f"captures/{LOG}") if (t, n) == ("captures", 3) else None),
    ),
    "log-disagrees": lambda root, _: forge(root, Forgery(log=change_log("captures", 3, r'"size": \d+', '"size": 1'))),
    "log-action-refused": lambda root, _: forge(
        root,
        Forgery(log=add_line("captures", 3, json.dumps({"remove": {"path": part_of(root, "captures", 1).name}}))),
    ),
    "log-holds-content": lambda root, _: forge(
        root,
        Forgery(
            log=change_log("revisions", 2, r'\\"minValues\\": \{', r'\\"minValues\\": {\\"title\\": \\"Title 2\\", ')
        ),
    ),
    "table-properties": lambda root, _: forge(
        root, Forgery(log=change_log("events", 0, '"delta.appendOnly": "true"', '"delta.appendOnly": "false"'))
    ),
    "chain-broken": lambda root, _: forge(root, Forgery(body=change_body(3, {"previous_seal": "0" * 64}))),
    "seal-wrong": lambda root, _: forge(root, Forgery(seal=lambda n, seal: "0" * 64 if n == 3 else seal)),
    "file-list-wrong": lambda root, _: forge(root, Forgery(body=change_body(2, {"files_sha256": "0" * 64}))),
    "root-wrong": lambda root, _: forge(root, Forgery(body=change_body(2, {"root": "0" * 64}))),
    "counts-wrong": lambda root, _: forge(root, Forgery(body=change_body(2, {"counts": {"verdict.ok": 7}}))),
    "seal-file-missing": lambda root, _: (root / "seal.txt").unlink(),
    "seal-file-damaged": lambda root, _: flip(root / "seal.txt", 70),
    "parquet-unreadable": lambda root, _: (append(part_of(root, "revisions", 2), b"x"), forge(root, Forgery())),
    "page-damaged": lambda root, _: damage_page(root),
    "schema-wrong": lambda root, _: extend_schema(root),
    "commitment-wrong": lambda root, _: forge(
        root, Forgery(rows=change_row("revisions", 2, {"title": "Another title"}), prove=False)
    ),
    "row-unproven": lambda root, _: forge(root, Forgery(rows=change_row("events", 1, {"salt": None}))),
    "doc-id-wrong": lambda root, _: forge(
        root, Forgery(rows=change_row("revisions", 2, {"identity": "https://example.org/elsewhere"}))
    ),
    "revision-number-wrong": lambda root, _: forge(root, Forgery(rows=change_row("revisions", 4, {"revision": 9}))),
    "version-wrong": lambda root, _: forge(root, Forgery(rows=change_row("revisions", 4, {"version": 3}))),
    "text-digest-wrong": lambda root, _: forge(
        root, Forgery(rows=change_row("revisions", 4, {"text_sha256": "0" * 64}))
    ),
    "ledger-wrong": lambda root, _: forge(root, Forgery(rows=unsay)),
    "capture-wrong": lambda root, _: forge(root, Forgery(rows=share_record)),
    "capture-missing": lambda root, _: forge(root, Forgery(rows=change_row("revisions", 4, {"capture_id": "ab" * 16}))),
    "warc-unreadable": lambda root, _: (append(warc_of(root, 2), b"no record at all"), forge(root, Forgery())),
    "raw-missing": lambda root, _: drop_record(root),
    "raw-changed": lambda root, _: forge(root, Forgery(rows=another_digest)),
    "record-unclaimed": add_record,
    "edition-unrecorded": lambda root, _: forge(root, Forgery(rows=change_row("events", 1, {"kind": "check"}))),
}
COMPANIONS = {"log-missing": {"file-unvouched"}, "log-unreadable": {"file-unvouched"}}
"""A commit that cannot be read leaves the files that it brought without a witness."""
ELSEWHERE = {"description-damaged", "seal-file-behind", "seal-unknown", "unfinished-run"}
"""Codes that need an archive of another history, below."""


@pytest.mark.parametrize("code", sorted(BAD))
def test_the_bad_archive_of_a_code_gives_exactly_this_code(code, archive_copy, tmp_path):
    BAD[code](archive_copy, tmp_path)
    assert {finding.code for finding in audit(archive_copy)} == {code} | COMPANIONS.get(code, set())


def test_a_forgery_that_changes_nothing_has_no_findings(archive_copy):
    before = {path: path.read_bytes() for path in archive_copy.rglob("*") if path.is_file()}
    forge(archive_copy, Forgery())
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


def test_a_rollback_is_found_by_a_seal_noted_elsewhere(archive_copy, small_archive):
    seals = [re.search(rb"seal ([0-9a-f]{64})", content) for content in small_archive.seal_files]
    for seal in seals[1:]:
        assert list(audit(archive_copy, seal=seal[1].decode()[:8])) == []
    for table in TABLES:
        newest = max((archive_copy / table / "_delta_log").glob("*.json"))
        if table != "events":
            (part_of(archive_copy, table, 4)).unlink() if table == "revisions" else warc_of(archive_copy, 4).unlink()
            if table == "captures":
                part_of(archive_copy, table, 4).unlink()
            newest.unlink()
    (archive_copy / "seal.txt").write_bytes(small_archive.seal_files[3])
    assert list(audit(archive_copy)) == []
    assert [f.code for f in audit(archive_copy, seal=seals[4][1].decode())] == ["seal-unknown"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "raw/../../x.warc.gz", "raw/a\\..\\b.warc.gz", "editions/../x"]
)
@pytest.mark.parametrize("table", TABLES)
def test_a_path_that_leads_out_of_the_archive_is_refused(archive_copy, table, path):
    forge(archive_copy, Forgery(files=name_file(table, 1, lambda: path, "0" * 64)))
    assert {f.code for f in audit(archive_copy)} == {"path-refused"}


def test_a_link_in_place_of_a_file_is_not_followed(archive_copy, tmp_path):
    part = part_of(archive_copy, "revisions", 2)
    part.rename(tmp_path / "outside.parquet")
    part.symlink_to(tmp_path / "outside.parquet")
    assert {(f.code, Path(f.path).name) for f in audit(archive_copy)} >= {
        ("link-refused", part.name),
        ("file-missing", part.name),
    }


def test_a_part_of_an_older_schema_may_lack_fields_that_were_added_later(archive_copy):
    part = part_of(archive_copy, "revisions", 2)
    rows = pq.read_table(part).drop_columns(["declared_language"])
    rows = rows.replace_schema_metadata(rows.schema.metadata | {b"cleancopy.schema_version": b"0"})
    pq.write_table(rows, part, write_page_checksum=True)
    forge(archive_copy, Forgery())
    assert list(audit(archive_copy)) == []


def test_each_damaged_row_group_is_named_and_the_others_are_still_checked(archive_copy):
    part = part_of(archive_copy, "revisions", 1)
    rows = pq.read_table(part)
    pq.write_table(rows, part, row_group_size=1, use_dictionary=False, write_page_checksum=True)
    column = pq.ParquetFile(part).metadata.row_group(1).column(0)
    forge(archive_copy, Forgery(rows=lambda *_: None))
    flip(part, column.data_page_offset + column.total_compressed_size - 1)
    findings = [finding for finding in audit(archive_copy) if finding.path.endswith(part.name)]
    assert [finding.code for finding in findings] == ["file-changed", "page-damaged"]
    assert "row group 1" in findings[1].detail
