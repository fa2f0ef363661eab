"""`cleancopy rules`: what a user is told of rules and of what is wrong with them."""

import json
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent / "cleancopy"
RULE = """name = "mine"
version = "2026.11.1"

[[rules]]
id = "tide"
kind = "tides"
why = "A table of tides."
where = "line"
match = 'tide: .*'
removes = ["Tide: 4 m", "Tides"]
keeps = ["Tide and time wait for nobody"]
"""


def rules(*arguments):
    done = subprocess.run([BIN, "rules", *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_an_example_that_fails_is_shown_with_its_rule_and_what_happened(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(RULE, "utf-8")
    done = rules("test", str(file))
    assert done.returncode == 1
    assert 'mine:tides/tide  not removed: "Tides"' in done.stdout
    assert "nothing of it is taken" in done.stdout
    [row] = json.loads(rules("test", str(file), "--json").stdout)
    assert row == {
        "rule": "mine:tides/tide",
        "problem": "not_removed",
        "example": "Tides",
        "happened": "nothing of it is taken",
    }
    file.write_text(RULE.replace(', "Tides"', ""), "utf-8")
    assert rules("test", str(file)).returncode == 0


def test_what_is_no_ruleset_is_wrong_usage():
    done = rules("test", "nothing-of-the-kind")
    assert done.returncode == 2
    assert "neither a file nor a ruleset" in done.stderr


def test_rulesets_are_listed_with_their_kinds():
    rows = {row["ruleset"]: row for row in json.loads(rules("list", "--json").stdout)}
    assert rows["boilerplate"]["kinds"]["donation"] >= 5
    assert rows["boilerplate-de"]["languages"] == ["de"]
