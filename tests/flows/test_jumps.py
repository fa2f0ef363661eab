"""A run that takes much more out of a site's pages than the archive's history leads one to expect says so."""

import json

import pytest
from site_pages import page, rows

from archive.adopt import adopt
from archive.archive import create_archive
from archive.read import reading
from flows.commands.closing import tell
from flows.commands.running import as_row
from flows.site_memory import build
from schemas.memory import parse_memory

DONATE = "\n".join(f"Support us on Patreon\nDonate now\nSupport our work {n}" for n in range(20))


def write(folder, found):
    folder.mkdir(exist_ok=True)
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    return folder


@pytest.fixture
def site(tmp_path, ingest):
    """An archive with ten pages each of two sites."""
    made = create_archive(tmp_path / "archive", "keep-source")
    ingest(made, write(tmp_path / "first", rows(10) + rows(10, "calm.example")))
    return made


def fresh(site="harbour.example", more="", count=6):
    return [{"url": f"https://www.{site}/new/{n}", "text": page(n + 50) + more} for n in range(count)]


def named(outcome):
    return {(jump.kind, jump.name) for jump in outcome.jumps}


def test_a_first_run_and_a_run_like_those_before_it_have_no_jumps(site, ingest, tmp_path):
    first = create_archive(tmp_path / "other", "keep-source")
    assert ingest(first, tmp_path / "first").jumps == ()
    assert ingest(site, write(tmp_path / "more", fresh() + fresh("calm.example"))).jumps == ()


def test_a_site_of_which_much_more_is_taken_is_named_with_rule_and_shares(site, ingest, tmp_path):
    outcome = ingest(site, write(tmp_path / "more", fresh(more=DONATE) + fresh("calm.example")))
    assert ("site", "www.harbour.example") in named(outcome)
    assert ("site", "www.calm.example") not in named(outcome)
    jump = next(jump for jump in outcome.jumps if jump.kind == "site")
    assert (jump.documents, jump.earlier) == (6, 10)
    assert 0 <= jump.before < 0.2 < jump.now < 1
    rules = [jump for jump in outcome.jumps if jump.kind == "rule"]
    assert rules
    assert all(jump.name.startswith("boilerplate:") and jump.documents == 6 for jump in rules)


def test_what_few_pages_have_is_no_jump(site, ingest, tmp_path):
    assert ingest(site, write(tmp_path / "more", fresh(more=DONATE, count=4))).jumps == ()


def test_a_site_without_history_and_one_that_was_always_so_are_no_jumps(site, ingest, tmp_path):
    outcome = ingest(site, write(tmp_path / "more", fresh("new.example", more=DONATE, count=9)))
    assert not any(jump.kind == "site" for jump in outcome.jumps)
    again = [row | {"url": row["url"] + "x"} for row in fresh("new.example", more=DONATE, count=9)]
    assert ingest(site, write(tmp_path / "again", again)).jumps == ()


def test_a_memory_that_takes_much_is_seen_when_its_pages_are_cleaned_again(site, ingest, tmp_path):
    with reading(site) as reader:
        content = build(reader)
    adopt(site, content, parse_memory(content, "built").sha256, "test")
    outcome = ingest(site, tmp_path / "first")
    assert ("rule", "memory:repeated_block") in named(outcome)
    again = ingest(site, write(tmp_path / "more", fresh()))
    assert again.jumps == ()


def test_withdrawn_documents_do_not_disturb_it(site, ingest, tmp_path):
    ingest(site, write(tmp_path / "less", rows(10)), mirror=True)
    assert ingest(site, write(tmp_path / "more", fresh())).jumps == ()


def test_the_closing_report_tells_of_it(site, ingest, tmp_path, capsys):
    outcome = ingest(site, write(tmp_path / "more", fresh(more=DONATE)))
    tell(outcome)
    assert "look: site www.harbour.example" in capsys.readouterr().err
    row = json.loads(json.dumps(as_row(outcome)))
    assert {"kind", "name", "before", "now", "documents", "earlier"} == set(row["jumps"][0])
