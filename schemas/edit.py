"""Edits and the steps they make up: the ledger's vocabulary."""

from dataclasses import dataclass
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace `before` at [start, end) with `after`, in code points of the step's input.

    `rule` reads `ruleset:kind/slug`, such as `boilerplate:donation/payment-addresses`.
    """

    start: int
    end: int
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one cleaner did to one text: its name, its version, and its edits, sorted and disjoint."""

    cleaner: str
    version: str
    edits: tuple[Edit, ...]


def kind_of(rule: str) -> str:
    """Return the kind of what a rule takes or changes.

    >>> kind_of("boilerplate:donation/payment-addresses")
    'donation'
    """
    return rule.partition(":")[2].partition("/")[0]
