"""Where the rule files lie, and how they are read."""

import functools
import tomllib
from collections.abc import Sequence
from pathlib import Path

from schemas.ruleset import Ruleset, parse_ruleset

HEADER = ("header",)
RIGHTS = ("rights", "rights-caucasus", "rights-europe")
BOILERPLATE = (
    "boilerplate",
    "boilerplate-ru",
    "boilerplate-az",
    "boilerplate-hy",
    "boilerplate-tr",
    "boilerplate-de",
    "boilerplate-fr",
    "boilerplate-es",
)
ALL = HEADER + RIGHTS + BOILERPLATE
"""The rulesets of each cleaner that has some, in the order in which their rules are asked."""

FOLDER = Path(__file__).parent / "rules"
LOCK = FOLDER / "versions.toml"
"""What each ruleset was when its version was given."""


@functools.cache
def read_ruleset(name: str) -> Ruleset:
    """Read `rules/<name>.toml`; RulesetError if it cannot be used."""
    return parse_ruleset((FOLDER / f"{name}.toml").read_bytes(), f"{name}.toml")


def parse_lock() -> dict[str, tuple[str, str]]:
    """Return version and digest of each ruleset, as the lock has them."""
    locked = tomllib.loads(LOCK.read_text("utf-8"))
    return {name: (entry["version"], entry["digest"]) for name, entry in locked.items()}


def newest_version(names: Sequence[str]) -> str:
    """Return the newest version among the rulesets called `names`, as the lock has them."""
    locked = parse_lock()
    versions = [locked[name][0] for name in names if name in locked]
    return max(versions, key=lambda version: [int(number) for number in version.split(".")])
