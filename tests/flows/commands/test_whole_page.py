"""explain and show of HTML pages: the whole page in order, its words read again from the raw record; Markdown."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from markdown_it import MarkdownIt

from archive.archive import create_archive, open_archive
from archive.audit import audit
from flows.accounts import unpacked
from schemas.account import letters

PAGES = Path(__file__).parents[3] / "examples" / "pages" / "monday"
HTML = sorted(
    path.relative_to(PAGES).as_posix().removesuffix(".gz") for path in PAGES.rglob("*.html*") if path.is_file()
)
ROAD = "karabakh-desk.example/2020-11-05-corridor.html"


@pytest.fixture(scope="module")
def archive(tmp_path_factory, ingest):
    made = create_archive(tmp_path_factory.mktemp("examples") / "archive", "common")
    ingest(made, PAGES)
    return open_archive(made.folder.root)


@pytest.mark.parametrize("doc", HTML)
def test_explain_has_every_block_of_the_page_in_order(doc, archive, cleancopy):
    rows = cleancopy("explain", doc, "--json", on=archive).json
    blocks = [row for row in rows if "block" in row]
    edits = [row for row in rows if "block" not in row]
    assert [row["block"] for row in blocks] == list(range(len(blocks)))
    assert {row["fate"] for row in blocks} == {"kept", "left out"}
    assert all(row["why"] and row["rule"] for row in blocks)
    extracted = cleancopy("show", doc, "--extracted", on=archive).out
    for row in blocks:
        if row["fate"] == "kept":
            assert letters(extracted[row["start"] : row["end"]]) == letters(row["words"])
    shown = cleancopy("explain", doc, on=archive).out.split("\nblocks\n")[0]
    at = 0
    for row in blocks:
        if not any(
            row["start"] is not None and edit["start"] < row["end"] and edit["end"] > row["start"] for edit in edits
        ):
            for line in row["words"].split("\n"):
                at = shown.index(line, at) + len(line)


def test_explain_says_what_was_left_out_and_what_decided(archive, cleancopy):
    shown = cleancopy("explain", ROAD, on=archive).out
    assert "[-Both sides claim the road below Shusha-]{title: " in shown
    assert "Mine explosion near Aghdam" in shown
    assert "{related_links: model" in shown
    assert "staff | 5 November 2020, 17:40-]{byline: " in shown
    assert "readers' comments" in shown.split("\nblocks\n")[1]


def test_show_json_has_the_account_in_plain_types(archive, cleancopy):
    state = cleancopy("show", ROAD, "--json", on=archive).json
    assert len(state["blocks"]["letters"]) == len(state["blocks"]["fate"])
    assert (
        cleancopy("show", "the-harbour-wire.example/2020-10-12-truce.txt", "--json", on=archive).json["blocks"] is None
    )


@pytest.mark.parametrize("doc", HTML)
def test_markdown_has_the_words_of_the_clean_text_and_no_others(doc, archive, cleancopy):
    state = cleancopy("show", doc, "--json", on=archive).json
    written = cleancopy("show", doc, "--markdown", on=archive).out
    found: list[str] = []

    def walk(tokens):
        for token in tokens:
            if token.type in {"text", "fence", "html_block"}:
                found.append(token.content)
            walk(token.children or ())

    walk(MarkdownIt("commonmark").enable("table").parse(written))
    assert letters("".join(found)) == letters(f"{state['title']}{state['text']}")
    assert written.startswith("# ")


def test_markdown_marks_what_the_page_marks(tmp_path, ingest, cleancopy):
    prose = "The ferry left the port at night, and all who were on board arrived safely in the morning."
    page = f"""<html><head><title>The ferry</title></head><body><article><h1>The ferry</h1><p>{prose} One.</p>
<h2>What it carries</h2><ul><li>people, as long as there are seats</li><li>bicycles and prams</li></ul>
<p>Advertisement</p><p>{prose} Two.</p>
<blockquote><p>“We have waited for it since the spring”, a baker said.</p></blockquote>
<table><tr><th>Day</th><th>Crossings</th></tr><tr><td>Monday</td><td>eleven</td></tr></table><p>{prose} Three.</p>
<p>The water is wide,<br>I cannot get o'er.</p><p>{prose} Four.</p></article></body></html>"""
    (tmp_path / "ferry.html").write_text(page, "utf-8")
    made = create_archive(tmp_path / "archive", "common")
    ingest(made, tmp_path / "ferry.html")
    assert cleancopy("show", "ferry.html", "--markdown", on=made).out == (
        f"# The ferry\n\n{prose} One.\n\n## What it carries\n\n"
        "- people, as long as there are seats\n- bicycles and prams\n\n"
        f"{prose} Two.\n\n> “We have waited for it since the spring”, a baker said.\n\n"
        f"| Day | Crossings |\n| --- | --- |\n| Monday | eleven |\n\n{prose} Three.\n\n"
        f"The water is wide,\\\nI cannot get o'er.\n\n{prose} Four.\n"
    )


def test_a_text_is_shown_as_markdown_too(archive, cleancopy):
    written = cleancopy("show", "the-harbour-wire.example/2020-10-12-truce.txt", "--markdown", on=archive).out
    assert written.count("\n\n") > 3


@pytest.fixture
def own(archive, tmp_path):
    return open_archive(Path(shutil.copytree(archive.folder.root, tmp_path / "own")))


def test_where_the_raw_record_is_gone_the_text_is_explained_without_it(own, cleancopy):
    for path in own.folder.path("raw").iterdir():
        path.unlink()
    ran = cleancopy("explain", ROAD, on=own)
    assert ran.status == 0
    assert "cannot be shown" in ran.err
    assert "Fighting for the road" in ran.out
    assert "Mine explosion" not in ran.out


def test_accounts_are_proven_with_their_rows(own, archive):
    assert list(audit(archive.folder.root)) == []
    (part,) = own.table("revisions").files()
    rows = pq.read_table(part)
    accounts = [content for content in rows["blocks"].to_pylist() if content is not None]
    assert len(accounts) >= len(HTML)
    assert all(unpacked(content).blocks for content in accounts)
    swapped = [{**row, "blocks": accounts[0] if row["blocks"] else None} for row in rows.to_pylist()]
    pq.write_table(pa.Table.from_pylist(swapped, schema=rows.schema), part)
    assert "commitment-wrong" in {finding.code for finding in audit(own.folder.root)}
