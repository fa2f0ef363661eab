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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('match = "tide ("', "not a pattern that RE2 can match: missing ): tide ("),
        ('match = "tide on {dates}"', "{dates} is no fragment; fragments are date, "),
        ('through = "{dates}"', "{dates} is no fragment"),
        ("through = 5", "`through` is a string"),
        ("match = 5", "`match` is a string, and not empty"),
        ('why = ""', "`why` is a string, and not empty"),
        ('id = "a+b"', "`id` is 'a+b', and has to be lower-case letters"),
        ('kind = "a/b"', "`kind` is 'a/b', and has to be lower-case letters"),
        ('where = "below"', "where is one of line, top, head, tail, block, sentence"),
    ],
)
def test_a_rule_that_would_never_match_or_cannot_be_named_is_refused_with_the_reason(
    tmp_path: Path, line: str, said: str
) -> None:
    rule = {"id": '"a"', "kind": '"tide"', "why": '"Tides."', "where": '"tail"', "match": '"tide: .*"'}
    rule |= {"removes": '["Tide: 4"]', "keeps": '["Tides"]'} | dict([line.split(" = ", 1)])
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\nversion = "2026.11.1"\n[[rules]]\n' + "".join(f"{k} = {v}\n" for k, v in rule.items()), "utf-8"
    )
    (failure,) = examined(tmp_path / "mine.toml")[1]
    assert said in failure.happened
