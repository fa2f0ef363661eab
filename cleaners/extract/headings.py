"""Headings of which nothing below is in the text, and those right above what is."""

from collections.abc import Sequence

from cleaners.extract.articles import is_article
from cleaners.extract.blocks import TAGS, Page
from cleaners.extract.columns import Floats

_RANKS = {TAGS.index(f"h{rank}"): rank for rank in range(1, 7)}
_ALL = 7
_IN_ARTICLES, _ELSEWHERE = (0.0, 0.9), (0.5, 0.7)
"""Chances between which a heading is believed to be of no use alone: a list's entries are headings too, and a model
that keeps one surely may know why."""
_ABOVE = 0.3
"""Chance from which a heading right above a kept block is kept with it."""


def headings_above(page: Page, kept: Floats, chosen: Sequence[int]) -> list[int]:
    """Return the headings that were left out and stand right above a chosen block, no h1 and not improbable."""
    tags, inside = page.elements.tag, set(chosen)
    ranks = [_RANKS.get(tags[element], _ALL) for element in page.blocks.element]
    return [
        number - 1
        for number in chosen
        if number and number - 1 not in inside and ranks[number] == _ALL and 1 < ranks[number - 1] < _ALL
        if kept[number - 1] >= _ABOVE
    ]


def bare_headings(page: Page, kept: Floats, chosen: Sequence[int]) -> list[int]:
    """Return the chosen headings that no other chosen block stands below, before the next heading of their rank.

    Headings that are links are entries of a list. On a page that calls itself no article, those that another heading
    follows at once are left alone as well: there they are names without descriptions.
    """
    if not chosen:
        return []
    article = is_article(page)
    least, most = _IN_ARTICLES if article else _ELSEWHERE
    blocks, tags = page.blocks, page.elements.tag
    ranks = [_RANKS.get(tags[element], _ALL) for element in blocks.element]
    found = []
    for number, following in zip(chosen, [*chosen[1:], len(ranks)], strict=True):
        rank = ranks[number]
        if rank == _ALL or not least <= kept[number] < most or 2 * blocks.link[number] > len(blocks.text[number]):
            continue
        between = ranks[number + 1 : following + 1]
        ends = next((place for place, other in enumerate(between) if other <= rank), len(between))
        if (ends < len(between) or following == len(ranks)) and (article or ends):
            found.append(number)
    return found if len(found) < len(chosen) else []
