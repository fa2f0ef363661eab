"""Kinds of blocks that are left out, or kept, whatever the model says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cleaners.extract.articles import is_article
from cleaners.extract.blocks import Page
from cleaners.extract.columns import Floats
from cleaners.extract.kinds import kinds_known

_NEAR = 10
"""Blocks from the text up to which a caption, a standfirst or a byline is the text's own."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """The blocks of the text, in order, and the rule for each that is not where the model has it."""

    chosen: Sequence[int]
    rules: dict[int, str]


def guard(page: Page, told: Sequence[str], words: Floats, chosen: Sequence[int], keep: frozenset[str]) -> Guarded:
    """Return the chosen blocks without those of kinds that are left out, and with those of the kinds `keep`.

    `told` are the kinds of all blocks. Where less than half of the words would be left, nothing is left out: then they
    are what the page is about.
    """
    never = _left_out(article=is_article(page)) - keep
    out = [number for number in chosen if told[number] in never]
    if out and words[out].sum() * 2 > words[list(chosen)].sum():
        out = []
    rules = {number: f"guard:{told[number]}" for number in out}
    if keep and chosen:
        known, inside = kinds_known(), set(chosen)
        text = range(chosen[0] - _NEAR, chosen[-1] + _NEAR + 1)
        for number, kind in enumerate(told):
            if kind in keep and number not in inside and (number in text or not known[kind].near):
                rules[number] = f"asked:{kind}"
    if not rules:
        return Guarded(chosen, {})
    return Guarded(sorted(set(chosen) ^ set(rules)), rules)


@cache
def _left_out(*, article: bool) -> frozenset[str]:
    wanted = {"always", "articles"} if article else {"always"}
    return frozenset(kind.name for kind in kinds_known().values() if kind.left_out in wanted)
