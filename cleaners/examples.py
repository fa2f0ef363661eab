"""The examples of rules, put to the test: what each rule is to remove and to keep, in the place it is made for."""

import functools
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaners import boilerplate, header, rights
from cleaners.fragments import wrong
from cleaners.ledger import apply, settle
from cleaners.matching import Engine
from cleaners.patterns import compiled, for_lines, for_sentences
from cleaners.rulesets import BOILERPLATE, FOLDER, HEADER, LOCK, RIGHTS, parse_lock
from schemas.edit import Edit
from schemas.page import Document
from schemas.ruleset import Rule, Ruleset, RulesetError, Where, parse_ruleset

TITLE = "The ferry between the two towns runs again"
PROSE = (
    "On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail "
    "that had waited in the customs house since the spring."
)
_INSIDE = f"{TITLE}\n\n{PROSE}\n\n%s\n\n{PROSE}\n"
_FRAMES = {
    Where.LINE: _INSIDE,
    Where.SENTENCE: _INSIDE,
    Where.BLOCK: _INSIDE,
    Where.TOP: f"%s\n\n{TITLE}\n\n{PROSE}\n\n{PROSE}\n",
    Where.HEAD: f"{TITLE}\n\n%s\n\n{PROSE}\n\n{PROSE}\n",
    Where.TAIL: f"{TITLE}\n\n{PROSE}\n\n{PROSE}\n\n%s",
}

Proposer = Callable[[Document], Iterable[Edit]]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that is wrong with a rule or a ruleset.

    `problem` is `unreadable`, `pattern`, `lock`, `not_removed` or `not_kept`; `example` is empty but for the last two.
    """

    rule: str
    problem: str
    example: str
    happened: str


def examined(file: Path) -> tuple[Ruleset | None, list[Failure]]:
    """Return the ruleset in `file` and what is wrong with it; one of the project's also has to fit its lock.

    OSError where the file cannot be read.
    """
    content = file.read_bytes()
    try:
        ruleset = parse_ruleset(content, file.name)
    except RulesetError as error:
        return None, [Failure(file.stem, "unreadable", "", str(error))]
    refused = list(refusals(ruleset))
    if refused:
        return ruleset, refused
    ours = file.resolve().parent == FOLDER.resolve()
    propose = proposer(file.stem) if ours else _alone(ruleset)
    found = list(_unlocked(ruleset, file)) if ours else []
    for rule in ruleset.rules:
        found += failures(ruleset, rule, propose)
    return ruleset, found


def failures(ruleset: Ruleset, rule: Rule, propose: Proposer) -> Iterator[Failure]:
    """Yield the examples of a rule that do not come out as they should, as `propose` takes them."""
    label = ruleset.label(rule)
    for example in rule.removes:
        if happened := _not_removed(rule, label, example, propose):
            yield Failure(label, "not_removed", example, happened)
    for example in rule.keeps:
        edits = settle(propose(Document(_FRAMES[rule.where] % example)))
        if edits:
            yield Failure(label, "not_kept", example, f"{_quoted(edits)} taken by {_rules(edits)}")


def proposer(name: str) -> Proposer:
    """Return what proposes by the project's ruleset `name`: the cleaner that reads it."""
    readers: dict[str, Proposer] = dict.fromkeys(HEADER, header.propose)
    readers |= dict.fromkeys(RIGHTS, rights.propose) | dict.fromkeys(BOILERPLATE, boilerplate.propose)
    return readers[name]


def _not_removed(rule: Rule, label: str, example: str, propose: Proposer) -> str:
    """Return what happens to an example that `rule` should remove whole and nothing else; "" where it does."""
    frame = _FRAMES[rule.where]
    text = frame % example
    edits = settle(propose(Document(text)))
    left = [line for line in apply(text, edits).split("\n") if line]
    wanted = [line for line in frame.split("\n") if line not in {"", "%s"}]
    if not edits:
        return "nothing of it is taken"
    if left != wanted:
        spared = [line for line in left if line not in wanted]
        return f"{_quoted(edits)} taken by {_rules(edits)}; left: {' / '.join(spared) or 'not all that stood round it'}"
    return "" if label in {edit.rule for edit in edits} else f"taken by {_rules(edits)} instead"


def refusals(ruleset: Ruleset) -> Iterator[Failure]:
    """Yield the rules with a pattern that RE2 refuses, or that names a piece which `fragments.py` does not have."""
    for rule in ruleset.rules:
        label = ruleset.label(rule)
        reasons = (wrong(pattern) for pattern in (rule.match, rule.through) if pattern is not None)
        if found := next(filter(None, reasons), "") or _refused(rule, label):
            yield Failure(label, "pattern", "", found)


def _refused(rule: Rule, label: str) -> str:
    """Return why a rule cannot stand in the set that matches it, "" where it can: it may need too much memory."""
    try:
        if rule.where is Where.SENTENCE:
            for_sentences(rule.match, label)
        else:
            for_lines(rule.match, label)
        if rule.through is not None:
            compiled(rule.through, label)
    except RulesetError as error:
        return str(error).removeprefix(f"{label}: ")
    return ""


def _unlocked(ruleset: Ruleset, file: Path) -> Iterator[Failure]:
    """Yield what is wrong where a ruleset is not what the lock says of its version."""
    try:
        locked = parse_lock().get(file.stem)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        yield Failure(file.stem, "lock", "", f"{LOCK.name} cannot be read: {error}")
        return
    if locked != (ruleset.version, ruleset.digest):
        advice = f"a changed ruleset needs a new version in its file; its entry in {LOCK.name} would be"
        entry = f'[{file.stem}]\nversion = "{ruleset.version}"\ndigest = "{ruleset.digest}"'
        yield Failure(file.stem, "lock", "", f"{advice}\n{entry}")


def _alone(ruleset: Ruleset) -> Proposer:
    """Return what proposes by one ruleset only."""
    matcher = Engine([ruleset], "und")
    return functools.partial(_propose, matcher, ruleset.name)


def _propose(matcher: Engine, name: str, document: Document) -> Iterable[Edit]:
    return matcher.propose(matcher.scan(document.text, (name,)), {})


def _rules(edits: Sequence[Edit]) -> str:
    return ", ".join(dict.fromkeys(edit.rule for edit in edits))


def _quoted(edits: Sequence[Edit]) -> str:
    return " / ".join(f'"{edit.before.strip()}"' for edit in edits)
