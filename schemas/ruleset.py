"""Rules as data: one TOML file is one ruleset."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 1000
"""Characters of the longest line or sentence that a rule takes; longer ones are prose."""


class RulesetError(ValueError):
    """A ruleset file that cannot be used: the message names file, rule and field."""


class Where(StrEnum):
    """What a rule is matched against, always from end to end of it, white space around it aside."""

    LINE = "line"  # any line
    TOP = "top"  # a line of the head with nothing above it but lines that rules take
    HEAD = "head"  # a line above the first paragraph of prose
    TAIL = (
        "tail"  # a line below the last paragraph of prose, and the lines after it that match `through`, if it has one
    )
    BLOCK = "block"  # a line that opens a block, and the lines after it that match `through`
    SENTENCE = "sentence"  # any sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it takes, why, and examples that hold it to that.

    `match` and `through` are RE2 patterns, case-insensitive. `languages` is empty where the rule holds in any.
    `longest` is the number of characters that a line may have which the rule takes, for rules that take lines.
    """

    id: str
    kind: str
    why: str
    match: str
    where: Where
    languages: tuple[str, ...]
    removes: tuple[str, ...]
    keeps: tuple[str, ...]
    through: str | None = None
    longest: int = LONGEST


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A named, versioned tuple of rules; `digest` is the SHA-256 of its file."""

    name: str
    version: str
    rules: tuple[Rule, ...]
    digest: str

    def label(self, rule: Rule) -> str:
        """Return the rule's name as edits carry it."""
        return f"{self.name}:{rule.kind}/{rule.id}"


def parse_ruleset(content: bytes, file: str) -> Ruleset:
    """Read a ruleset; RulesetError says which rule and field cannot be used."""
    try:
        data = tomllib.loads(content.decode("utf-8"))
        entries = data["rules"]
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise RulesetError(f"{file}: rules stand in tables, each under [[rules]]")
        rules = tuple(_rule(entry, file) for entry in entries)
        name, version = (_string(data, field, file) for field in ("name", "version"))
        ruleset = Ruleset(name, version, rules, hashlib.sha256(content).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesetError(f"{file}: not TOML in UTF-8: {error}") from error
    except KeyError as error:
        raise RulesetError(f"{file}: the field {error} is missing") from error
    ids = [rule.id for rule in rules]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise RulesetError(f"{file}: more than one rule is called {', '.join(sorted(twice))}")
    return ruleset


_NAMES = {
    "name": (re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"), "lower-case letters, digits, and - between them"),
    "id": (re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"), "lower-case letters, digits, and - between them"),
    "kind": (re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*"), "lower-case letters, digits, and _ between them"),
}
"""What the parts of an edit's label are made of: it is taken apart again at `:`, `/` and `+`."""
_LISTS = ("languages", "removes", "keeps")
_STRINGS = ("id", "kind", "why", "match", "where")


def _rule(entry: dict[str, object], file: str) -> Rule:
    name = entry.get("id", "a rule without id")
    if unknown := set(entry) - {*_LISTS, *_STRINGS, "through", "longest"}:
        raise RulesetError(f"{file}: {name}: unknown field {', '.join(sorted(unknown))}")
    try:
        strings = {field: _string(entry, field, f"{file}: {name}") for field in _STRINGS}
        lists = {field: _strings(entry.get(field, []), f"{file}: {name}: {field}") for field in _LISTS}
        where = Where(strings["where"])
    except KeyError as error:
        raise RulesetError(f"{file}: {name}: the field {error} is missing") from error
    except RulesetError:
        raise
    except ValueError as error:
        raise RulesetError(f"{file}: {name}: where is one of {', '.join(Where)}") from error
    if not lists["removes"] or not lists["keeps"]:
        raise RulesetError(f"{file}: {name}: give at least one example in removes and one in keeps")
    through = entry.get("through")
    if through is not None and not isinstance(through, str):
        raise RulesetError(f"{file}: {name}: `through` is a string")
    if where is not Where.TAIL and (where is Where.BLOCK) != (through is not None):
        raise RulesetError(f'{file}: {name}: `through` belongs to where = "block", and may go with "tail"')
    longest = entry.get("longest", LONGEST)
    if not isinstance(longest, int) or isinstance(longest, bool) or not 0 < longest <= LONGEST:
        raise RulesetError(f"{file}: {name}: `longest` is a number from 1 to {LONGEST}")
    return Rule(
        id=strings["id"],
        kind=strings["kind"],
        why=strings["why"],
        match=strings["match"],
        where=where,
        languages=lists["languages"],
        removes=lists["removes"],
        keeps=lists["keeps"],
        through=through,
        longest=longest,
    )


def _string(entry: dict[str, object], field: str, where: str) -> str:
    """Return a field of text; KeyError where it is missing, RulesetError where it is none or cannot name anything."""
    value = entry[field]
    if not isinstance(value, str) or not value.strip():
        raise RulesetError(f"{where}: `{field}` is a string, and not empty")
    form, said = _NAMES.get(field, (None, ""))
    if form and not form.fullmatch(value):
        raise RulesetError(f"{where}: `{field}` is {value!r}, and has to be {said}")
    return value


def _strings(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RulesetError(f"{where}: give a list of strings")
    return tuple(value)
