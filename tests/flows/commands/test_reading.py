"""log, history, show, explain, schema and verify, as a user runs them."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from archive.log import log_name
from archive.versions import versions
from flows.cli import app
from flows.rows import doc_id_of

NEWS = doc_id_of("file:news.html")


def test_log_has_every_version_with_its_seal(archive, cleancopy):
    known = versions(archive)
    rows = cleancopy("log", "--json").json
    assert [(r["version"], r["seal"], r["command"]) for r in rows] == [(v.version, v.seal, "ingest") for v in known]
    assert rows[2]["counts"]["withdrawn"] == 1
    shown = cleancopy("log").out
    assert all(v.seal in shown for v in known)
    assert "1 withdrawn" in shown


def test_history_tells_causes(cleancopy):
    rows = cleancopy("history", "news.html", "--json").json
    assert [(r["version"], r["op"], r["cause"]) for r in rows] == [(1, "add", "page"), (2, "change", "page")]
    rows = cleancopy("history", "gone.html", "--json").json
    assert [(r["version"], r["op"], r["cause"]) for r in rows] == [(1, "add", "page"), (3, "withdraw", "absent")]
    assert "withdraw" in cleancopy("history", "gone.html").out


@pytest.mark.parametrize(
    "doc",
    [
        "file:news.html",
        "news.html",
        "./news.html",
        NEWS,
        NEWS[:6],
        NEWS[:9].upper(),
    ],
)
def test_a_document_answers_to_its_names(cleancopy, doc):
    assert cleancopy("show", doc, "--json").json["identity"] == "file:news.html"


def test_a_document_answers_to_a_file_name_that_is_not_utf_8(own_archive, ingest, cleancopy, tmp_path):
    (tmp_path / "caf\udce9.txt").write_text("The road to the river was closed on Monday.", "utf-8")
    ingest(own_archive, tmp_path / "caf\udce9.txt")
    assert cleancopy("show", "caf\udce9.txt", on=own_archive).out.startswith("The road to the river")
    assert cleancopy("sql", "SELECT 'caf\udce9' AS name", "--json", on=own_archive).json == [{"name": "caf\\udce9"}]


@pytest.mark.parametrize(
    "doc",
    ["https://example.org/a?x=1", "HTTPS://Example.org/a?utm_source=feed&x=1#top", "https://example.org:443/a?x=1"],
)
def test_a_document_answers_to_its_url(cleancopy, doc):
    assert cleancopy("show", doc, "--json").json["identity"] == "https://example.org/a?x=1"


def test_a_row_answers_to_its_id(cleancopy):
    assert cleancopy("show", "42").out == "A bridge over the Araks was opened to lorries on Sunday.\n"


def test_an_unknown_document_is_wrong_usage_and_near_names_are_told(cleancopy):
    ran = cleancopy("show", "new.html")
    assert ran.status == 2
    assert "file:news.html" in ran.err
    assert ran.out == ""
    ran = cleancopy("history", NEWS[:5])
    assert ran.status == 2
    assert "6 digits" in ran.err
    advice = cleancopy("show", "nothing like it at all").err
    assert 'cleancopy sql "SELECT identity, title FROM documents"' in advice
    assert "6 digits" not in advice


def test_an_ambiguous_document_is_told_with_its_choices(own_archive, ingest, cleancopy, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "news.html", "text": "Another document has this name as its id."}) + "\n")
    ingest(own_archive, rows)
    ran = cleancopy("show", "news.html", on=own_archive)
    assert ran.status == 2
    assert "file:news.html" in ran.err
    assert "id:news.html" in ran.err
    assert cleancopy("show", "id:news.html", on=own_archive).status == 0


def test_show_has_the_text_of_a_version(archive, cleancopy):
    assert "progress" in cleancopy("show", "news.html", "--at", "1").out
    assert "failure" in cleancopy("show", "news.html").out
    seal = versions(archive)[0].seal
    assert cleancopy("show", "news.html", "--at", seal[:8]).out == cleancopy("show", "news.html", "--at", "1").out
    assert cleancopy("show", "news.html", "--at", "9").status == 2
    assert cleancopy("show", "news.html", "--at", "2001-01-01").status == 2


def test_show_tells_the_forms_apart(cleancopy):
    assert "to Shusha was" in cleancopy("show", "sub/road.txt").out
    assert "to Shushi was" in cleancopy("show", "sub/road.txt", "--as-written").out
    extracted = cleancopy("show", "news.html", "--extracted").out
    assert "Copyright 2020 Example Agency" in extracted
    assert "Copyright" not in cleancopy("show", "news.html").out
    assert cleancopy("show", "news.html", "--raw", "--extracted").status == 2


def test_show_raw_gives_the_captured_bytes(cleancopy, page):
    news = page("The talks", "Both sides spoke of progress.").encode()
    assert cleancopy("show", "news.html", "--at", "1", "--raw").bytes == news
    # unchanged since: the newest record only refers to the first
    road = cleancopy("show", "sub/road.txt", "--raw").bytes
    state = cleancopy("show", "sub/road.txt", "--json").json
    assert hashlib.sha256(road).hexdigest() == state["raw_sha256"]
    assert road.startswith(b"Shushi and its road\n")


def test_a_withdrawn_document_is_told(cleancopy):
    ran = cleancopy("show", "gone.html")
    assert (ran.status, ran.out) == (0, "")
    assert "withdrawn in version 3" in ran.err
    assert cleancopy("show", "gone.html", "--json").json["op"] == "withdraw"
    assert "left early" in cleancopy("show", "gone.html", "--at", "2").out


def test_an_erased_text_is_told_at_every_version(own_archive, cleancopy):
    for part in own_archive.table("revisions").files():
        rows = pq.read_table(part)
        hidden = [{**row, "text": None, "title": None, "steps": None} for row in rows.to_pylist()]
        pq.write_table(pa.Table.from_pylist(hidden, schema=rows.schema), part)
    for form in ("--as-written", "--extracted", "--raw"):
        ran = cleancopy("show", "news.html", "--at", "1", form, on=own_archive)
        assert (ran.status, ran.out) == (0, "")
        assert "erased" in ran.err
    assert cleancopy("explain", "news.html", "--json", on=own_archive).json == []


def test_a_document_is_unknown_before_its_first_version(own_archive, ingest, cleancopy, tmp_path):
    (tmp_path / "late.txt").write_text("The bridge was closed again on Monday, the ministry said.", "utf-8")
    ingest(own_archive, tmp_path / "late.txt")
    ran = cleancopy("show", "late.txt", "--at", "3", on=own_archive)
    assert ran.status == 2
    assert "came later" in ran.err


def test_explain_marks_every_edit(cleancopy):
    shown = cleancopy("explain", "sub/road.txt").out
    assert "[-Shushi-][+Shusha+]{names:" in shown
    assert "[bold red]nobody[/bold red]" in shown
    assert "\u202e" not in shown
    rows = cleancopy("explain", "news.html", "--json").json
    (taken,) = [row for row in rows if row["kind"] == "copyright"]
    assert taken["before"].startswith("Copyright 2020")
    assert taken["after"] == ""
    assert taken["why"]
    assert set(taken) == {"start", "end", "before", "after", "rule", "kind", "why"}


def test_the_rows_of_explain_turn_the_extracted_text_into_the_clean_one(cleancopy):
    extracted = cleancopy("show", "sub/road.txt", "--extracted").out
    pieces, here = [], 0
    for row in cleancopy("explain", "sub/road.txt", "--json").json:
        assert extracted[row["start"] : row["end"]] == row["before"]
        pieces += [extracted[here : row["start"]], row["after"]]
        here = row["end"]
    text = cleancopy("show", "sub/road.txt", "--json").json["text"]
    assert ("".join(pieces) + extracted[here:]).removesuffix("\n") == text.removesuffix("\n")


def test_explain_ends_with_rights_and_names(cleancopy):
    assert (
        "Copyright 2020 Example Agency. All rights reserved."
        in cleancopy("explain", "news.html").out.split("rights\n")[1]
    )
    assert "Shushi" in cleancopy("explain", "sub/road.txt").out.split("names\n")[1]


def test_schema_describes_every_field():
    rows = json.loads(CliRunner().invoke(app, ["schema", "--json"]).stdout)
    assert {row["table"] for row in rows} == {"revisions", "captures", "events"}
    assert all(row["description"] and row["type"] for row in rows)
    assert "steps.edits.rule" in {row["field"] for row in rows}
    assert "steps.edits.rule" in CliRunner().invoke(app, ["schema"]).stdout


def test_verify_finds_nothing_in_a_whole_archive(archive, cleancopy):
    ran = cleancopy("verify")
    files = sum(path.is_file() for path in archive.folder.root.rglob("*"))
    assert (ran.status, ran.out) == (0, f"3 versions, {files} files: nothing found\n")
    assert cleancopy("verify", "--json").json == []
    assert cleancopy("verify", "--seal", versions(archive)[1].seal[:8]).status == 0


def test_verify_tells_what_to_do(own_archive, cleancopy):
    own_archive.folder.path("notes.txt").write_text("?")
    ran = cleancopy("verify", on=own_archive)
    assert ran.status == 1
    assert "file-unknown" in ran.out
    assert "Find out who put it there" in ran.out
    (row,) = cleancopy("verify", "--json", on=own_archive).json
    assert (row["code"], row["path"]) == ("file-unknown", "notes.txt")
    assert set(row) == {"code", "path", "detail", "meaning", "what_to_do"}


def lose_the_newest_version(archive):
    newest = log_name("revisions", 3)
    archive.folder.remove(newest)


@pytest.mark.parametrize("command", [("log",), ("show", "news.html"), ("sql", "FROM documents"), ("history", "42")])
def test_a_lost_version_is_told_by_whatever_reads(own_archive, cleancopy, command):
    assert "seal.txt" not in cleancopy(*command, on=own_archive).err
    lose_the_newest_version(own_archive)
    ran = cleancopy(*command, on=own_archive)
    assert ran.status == 0
    assert ran.err.startswith("seal.txt names version 3, and the log ends at 2: run cleancopy verify\n")
    own_archive.folder.write("seal.txt", b"?")
    assert cleancopy(*command, on=own_archive).err.startswith("seal.txt names no version")
    own_archive.folder.remove("seal.txt")
    assert cleancopy(*command, on=own_archive).err.startswith("seal.txt is missing")


@pytest.mark.parametrize("damage", [b"", b"[]\n", b"{\n", b'{"commitInfo":{}}\n', b'{"commitInfo":[]}\n', b"\xff\n"])
@pytest.mark.parametrize(
    "command", [("log",), ("show", "news.html"), ("history", "42"), ("diff", "1", "3"), ("changes", "--since", "1")]
)
def test_a_damaged_commit_is_told_and_verify_named(own_archive, cleancopy, command, damage):
    own_archive.folder.write(log_name("revisions", 2), damage)
    ran = cleancopy(*command, on=own_archive)
    assert ran.status == 3
    assert ran.err.startswith("cleancopy: ")
    assert "cleancopy verify" in ran.err


def test_verify_refuses_what_cannot_be_a_seal_or_an_archive(tmp_path, cleancopy):
    assert cleancopy("verify", "--seal", "zz").status == 2
    assert cleancopy("verify", "--seal", "0" * 16).status == 1
    ran = subprocess.run(
        [*COMMAND, "verify", "--archive", tmp_path / "none"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 3
    assert "Traceback" not in ran.stderr


COMMAND = [Path(sys.executable).with_name("cleancopy")]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_reader_that_goes_away_ends_a_command_quietly(archive, options):
    query = [*COMMAND, "sql", "SELECT * FROM range(1000000)", "--archive", archive.folder.root, *options]
    with subprocess.Popen(query, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(4)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
