"""What a run shows while it lasts."""

import io

from rich.console import Console

from flows.commands.bars import Bars
from flows.outcome import Stages


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
