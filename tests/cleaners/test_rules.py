"""Every example of every rule, and the lock that ties a ruleset's version to its file."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from cleaners import boilerplate, header, rights, rulesets
from cleaners.ledger import apply, settle
from schemas.cleaner import Cleaner
from schemas.page import Document
from schemas.ruleset import Rule, Ruleset, Where

RULES = Path(rulesets.__file__).parent / "rules"
CLEANERS = (
    (header.RULESETS, header.CLEANER),
    (rights.RULESETS, rights.CLEANER),
    (boilerplate.RULESETS, boilerplate.CLEANER),
)
TITLE = "The ferry between the two towns runs again"
PROSE = (
    "On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail "
    "that had waited in the customs house since the spring."
)
FRAMES = {
    Where.LINE: f"{TITLE}\n\n{PROSE}\n\n%s\n\n{PROSE}\n",
    Where.SENTENCE: f"{TITLE}\n\n{PROSE}\n\n%s\n\n{PROSE}\n",
    Where.BLOCK: f"{TITLE}\n\n{PROSE}\n\n%s\n\n{PROSE}\n",
    Where.TOP: f"%s\n\n{TITLE}\n\n{PROSE}\n\n{PROSE}\n",
    Where.HEAD: f"{TITLE}\n\n%s\n\n{PROSE}\n\n{PROSE}\n",
    Where.TAIL: f"{TITLE}\n\n{PROSE}\n\n{PROSE}\n\n%s",
}


def examples(field: str) -> list[object]:
    found: list[object] = []
    for names, cleaner in CLEANERS:
        for ruleset in map(rulesets.read_ruleset, names):
            for rule in ruleset.rules:
                for number, example in enumerate(getattr(rule, field)):
                    name = f"{ruleset.label(rule)}-{number}"
                    found.append(pytest.param(cleaner, ruleset, rule, example, id=name))
    return found


@pytest.mark.parametrize(("cleaner", "ruleset", "rule", "example"), examples("removes"))
def test_what_a_rule_removes_leaves_whole(cleaner: Cleaner, ruleset: Ruleset, rule: Rule, example: str) -> None:
    frame = FRAMES[rule.where]
    text = frame % example
    edits = settle(cleaner.propose(Document(text)))
    left = [line for line in apply(text, edits).split("\n") if line]
    assert left == [line for line in frame.split("\n") if line not in ("", "%s")]
    assert ruleset.label(rule) in {edit.rule for edit in edits}


@pytest.mark.parametrize(("cleaner", "ruleset", "rule", "example"), examples("keeps"))
def test_what_a_rule_keeps_no_rule_of_its_cleaner_touches(
    cleaner: Cleaner, ruleset: Ruleset, rule: Rule, example: str
) -> None:
    text = FRAMES[rule.where] % example
    assert not list(cleaner.propose(Document(text))), ruleset.label(rule)


def test_every_rule_file_belongs_to_the_lock_as_it_is() -> None:
    locked = tomllib.loads((RULES / "versions.toml").read_text("utf-8"))
    found = {}
    for file in sorted(RULES.glob("*.toml")):
        if file.stem != "versions":
            content = file.read_bytes()
            version = tomllib.loads(content.decode("utf-8"))["version"]
            found[file.stem] = {"version": version, "digest": hashlib.sha256(content).hexdigest()}
    changed = {name: entry for name, entry in found.items() if locked.get(name) != entry}
    paste = "\n".join(f'[{n}]\nversion = "{e["version"]}"\ndigest = "{e["digest"]}"\n' for n, e in changed.items())
    assert not changed, (
        "These rulesets are not what cleaners/rules/versions.toml says. Give each a new version (YYYY.MM.N) "
        f"in its file, run this test again, and replace their entries in versions.toml by:\n\n{paste}"
    )
    assert locked.keys() == found.keys(), "versions.toml names a ruleset that has no file"


def test_every_rule_file_is_read_by_a_cleaner() -> None:
    known = {name for names, _ in CLEANERS for name in names}
    files = {file.stem for file in RULES.glob("*.toml")}
    assert known <= files
    assert all(rulesets.read_ruleset(name).name == name for name in known)
