"""Pages that call themselves articles, and the standfirst of those that call themselves news."""

from collections.abc import Sequence

from cleaners.extract.blocks import TAGS, Page
from cleaners.extract.columns import Floats
from cleaners.extract.kinds import kinds
from cleaners.extract.letters import squeeze

_TYPES = frozenset(
    ("article", "newsarticle", "blogposting", "reportagenewsarticle", "opinionnewsarticle", "liveblogposting")
)
_NEWS = "newsarticle"
_HEADING = TAGS.index("h1")
_ABOVE = 10
"""Blocks above the text in which its standfirst stands."""
_SHORTEST, _LONGEST = 35, 500
_OPENING = 40
"""Letters by which the page's description and a block are alike."""
_NAMED = 0.2
"""A block that only a name calls a standfirst is one from this chance on."""


def is_article(page: Page) -> bool:
    """Return whether a page calls itself an article, to those it is shared with or to machines."""
    return "article" in page.kind or not _TYPES.isdisjoint(page.types.split())


def standfirst(page: Page, kept: Floats, chosen: Sequence[int]) -> int | None:
    """Return the block above the text that is the summary of a page that calls itself news; None where none is.

    It stands below the heading, and is what the page describes itself with, or is named for it and not improbable.
    """
    if _NEWS not in page.types or not chosen or not chosen[0]:
        return None
    blocks, elements = page.blocks, page.elements
    first = chosen[0]
    said = squeeze(page.description)
    opening = squeeze(blocks.text[first][:80])[:_OPENING]
    for number in range(first - 1, max(first - 1 - _ABOVE, -1), -1):
        text, element = blocks.text[number], blocks.element[number]
        if _HEADING in {elements.tag[element], elements.tag[elements.parent[element]]}:
            return None
        begins = squeeze(text[:80])[:_OPENING]
        if not _SHORTEST <= len(text) <= _LONGEST or 2 * blocks.link[number] > len(text) or begins == opening:
            continue
        if begins in said or (kept[number] >= _NAMED and kinds(page, chosen, [number])[number] == "standfirst"):
            return number
    return None
