"""Every example of every rule, and the lock that ties a ruleset's version to its file."""

from pathlib import Path

import pytest

from cleaners.examples import Failure, examined, failures, proposer
from cleaners.rulesets import ALL, FOLDER, LOCK, parse_lock, read_ruleset
from schemas.ruleset import Rule, Ruleset

RULES = [
    pytest.param(ruleset, rule, id=ruleset.label(rule)) for ruleset in map(read_ruleset, ALL) for rule in ruleset.rules
]


@pytest.mark.parametrize(("ruleset", "rule"), RULES)
def test_what_a_rule_removes_leaves_whole_and_what_it_keeps_stays(ruleset: Ruleset, rule: Rule) -> None:
    assert list(failures(ruleset, rule, proposer(ruleset.name))) == []


@pytest.mark.parametrize("name", ALL)
def test_every_rule_file_belongs_to_the_lock_as_it_is(name: str) -> None:
    ruleset, found = examined(FOLDER / f"{name}.toml")
    assert ruleset is not None
    assert ruleset.name == name
    assert [failure.happened for failure in found if failure.problem == "lock"] == []


def test_every_rule_file_is_read_by_a_cleaner() -> None:
    files = {file.stem for file in FOLDER.glob("*.toml") if file != LOCK}
    assert files == set(ALL) == parse_lock().keys()


def problems(found: list[Failure]) -> list[tuple[str, str, str]]:
    return [(failure.rule, failure.problem, failure.example) for failure in found]


def test_a_file_of_ones_own_is_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    rule = '[[rules]]\nid = "a"\nkind = "tide"\nwhy = "Tides."\nwhere = "line"\n'
    head = 'name = "mine"\nversion = "2026.11.1"\n'

    file.write_text(
        head + rule + 'match = "tide: .*"\nremoves = ["Tide: 4", "Tides"]\nkeeps = ["Tide: high"]\n', "utf-8"
    )
    assert problems(examined(file)[1]) == [
        ("mine:tide/a", "not_removed", "Tides"),
        ("mine:tide/a", "not_kept", "Tide: high"),
    ]
    file.write_text(head + rule + "match = '(?<=a)b'\nremoves = ['b']\nkeeps = ['c']\n", "utf-8")
    assert problems(examined(file)[1]) == [("mine:tide/a", "pattern", "")]
    file.write_text(head + rule + "match = 'b'\nremoves = ['b']\n", "utf-8")
    assert problems(examined(file)[1]) == [("mine", "unreadable", "")]
    complete = rule + "match = 'b'\nremoves = ['b']\nkeeps = ['c']\n"
    file.write_text(head + complete + complete, "utf-8")
    assert "more than one rule is called a" in examined(file)[1][0].happened
    file.write_text(head + complete, "utf-8")
    assert examined(file)[1] == []
