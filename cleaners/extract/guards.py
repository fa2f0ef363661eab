"""Kinds of blocks that are left out, or kept, whatever the model says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cleaners.extract.features import Floats
from cleaners.extract.kinds import kinds_known


@dataclass(frozen=True, slots=True)
class Guarded:
    """The blocks of the text, in order, and the rule for each that is not where the model has it."""

    chosen: Sequence[int]
    rules: dict[int, str]


def guard(told: Sequence[str], words: Floats, chosen: Sequence[int], keep: frozenset[str]) -> Guarded:
    """Return the chosen blocks without those of kinds that are never kept, and with those of the kinds `keep`.

    Where that would leave less than half of the words, nothing is left out: then they are what the page is about.
    """
    never = _never() - keep
    out = [number for number in chosen if told[number] in never]
    if out and words[out].sum() * 2 > words[list(chosen)].sum():
        out = []
    inside = set(chosen)
    asked = [number for number, kind in enumerate(told) if kind in keep and number not in inside] if keep else []
    if not out and not asked:
        return Guarded(chosen, {})
    rules = {number: f"never:{told[number]}" for number in out} | {number: f"asked:{told[number]}" for number in asked}
    return Guarded(sorted((inside - set(out)) | set(asked)), rules)


@cache
def _never() -> frozenset[str]:
    return frozenset(kind.name for kind in kinds_known().values() if kind.keep == "never")
