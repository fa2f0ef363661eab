"""What a run shows while it lasts, and what it tells when it has ended."""

import io
from dataclasses import replace

from rich.console import Console

from archive.archive import create_archive
from flows.commands.bars import Bars
from flows.commands.closing import tell
from flows.outcome import Stages
from flows.tally import Tally


def shown(total: int | None, *stages: Stages, fetches: bool) -> str:
    out = io.StringIO()
    with Bars(Console(file=out, force_terminal=True, width=100), total, fetches=fetches) as bars:
        for stage in stages:
            bars.show(stage)
    return out.getvalue()


def test_there_is_a_bar_for_what_is_fetched_and_one_for_what_is_cleaned():
    text = shown(5, Stages(0, 0, 0, 0), Stages(listed=20, fetched=8, loaded=13, cleaned=6), fetches=True)
    assert "fetched" in text
    assert " 8/20" in text
    assert " 6/25" in text


def test_a_run_that_fetches_nothing_has_one_bar_and_an_unknown_total_is_shown_as_such():
    text = shown(None, Stages(listed=0, fetched=0, loaded=13, cleaned=6), fetches=False)
    assert "fetched" not in text
    assert "6/?" in text


def test_the_closing_table_is_by_source_and_what_is_wrong_with_a_source_has_a_line(tmp_path, ingest, capsys):
    (tmp_path / "a.txt").write_text("The road was closed on Monday.\n")
    outcome = ingest(create_archive(tmp_path / "archive", "common"), tmp_path / "a.txt")
    listings = (
        Tally("desk", "feed", 20, 18, {"excluded": 2}, {"ok": 11, "not_modified": 5, "gone": 2}),
        Tally("wire", "sitemap", 0, 0, problems=("https://wire.example/map.xml: gone: HTTP status 404",)),
        Tally("list", "urls", 1200, 1000, {"over_limit": 200}, {"ok": 1000}),
        Tally("blog", "feed", 3, 0, {"not_included": 3}),
        Tally("silent", "feed", 0, 0),
    )
    tell(replace(outcome, listings=listings))
    told = capsys.readouterr()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.out.splitlines() if "│" in line]
    assert cells[:3] == [
        ["desk", "20", "18", "11", "5", "2 gone"],
        ["wire", "", "", "", "", ""],
        ["list", "1200", "1000", "1000", "", ""],
    ]
    assert told.out.startswith("version 1: 1 added, 0 changed, 0 unchanged")
    assert told.err.splitlines() == [
        "source wire: https://wire.example/map.xml: gone: HTTP status 404",
        "source list: 200 more addresses than its `limit` were left out",
        "source blog: none of its 3 pages was taken (3 not_included)",
        "source silent: lists no page",
    ]
