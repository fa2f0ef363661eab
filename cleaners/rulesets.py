"""Where the rule files lie, and how they are read."""

import functools
import tomllib
from collections.abc import Sequence
from pathlib import Path

from schemas.ruleset import Ruleset, parse_ruleset

HEADER = ("header",)
RIGHTS = ("rights", "rights-caucasus")
BOILERPLATE = ("boilerplate", "boilerplate-ru", "boilerplate-az", "boilerplate-hy", "boilerplate-tr")
ALL = HEADER + RIGHTS + BOILERPLATE
"""The rulesets of each cleaner that has some, in the order in which their rules are asked."""

_FOLDER = Path(__file__).parent / "rules"


@functools.cache
def read_ruleset(name: str) -> Ruleset:
    """Read `rules/<name>.toml`; RulesetError if it cannot be used."""
    return parse_ruleset((_FOLDER / f"{name}.toml").read_bytes(), f"{name}.toml")


def newest_version(names: Sequence[str]) -> str:
    """Return the newest version among the rulesets called `names`, as `rules/versions.toml` has them."""
    locked = tomllib.loads((_FOLDER / "versions.toml").read_text("utf-8"))
    versions: list[str] = [locked[name]["version"] for name in names]
    return max(versions, key=lambda version: [int(number) for number in version.split(".")])
