"""Blocks that read like the text and are none of it, told by where they stand: requests for consent, a next article."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from cleaners.extract.articles import is_article
from cleaners.extract.blocks import TAGS, Page
from cleaners.extract.columns import Floats
from cleaners.extract.words import sign_words

_CONSENT = frozenset(("onetrust", "didomi", "usercentrics", "cookiebot", "cookieconsent", "gdpr", "cookie", "cookies"))
_CONSENT |= {"cookielaw", "trustarc", "consent"}
_PARTS = ("cookie", "consent", "onetrust", "gdpr", "didomi", "usercentrics", "trustarc")
_LEAST_LEFT = 0.3
"""A page that would keep less than this share of its words is about consent."""
_ARTICLE_WORDS = 100
_ARTICLE, _HEADING = TAGS.index("article"), TAGS.index("h1")


def strays(page: Page, words: Floats, chosen: Sequence[int]) -> dict[int, str]:
    """Return which of the chosen blocks are no text of this page's, and what they are instead.

    `consent`: they stand in an element that is named for it. `other_article`: on a page that calls itself an article,
    a later article element with a heading of the first rank of its own.
    """
    mine = np.zeros(len(words), dtype=bool)
    mine[list(chosen)] = True
    found: dict[int, str] = {}
    asking = np.flatnonzero(mine & _asking(page, len(words))).tolist()
    if words[asking].sum() <= (1 - _LEAST_LEFT) * words[mine].sum():
        mine[asking] = False
        found |= dict.fromkeys(asking, "consent")
    if is_article(page):
        found |= dict.fromkeys(_next_articles(page, words, mine), "other_article")
    return found


def _asking(page: Page, size: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    asking = np.zeros(size, dtype=bool)
    for first, end in named(page, _PARTS, _CONSENT):
        asking[first:end] = True
    return asking


def named(page: Page, parts: Iterable[str], names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the blocks [first, end) of the elements that have one of `names`; each name has one of `parts` in it."""
    elements = page.elements
    signs = "\0".join(elements.sign).lower()
    found: set[int] = set()
    for part in parts:
        number = begun = 0
        while (place := signs.find(part, begun)) >= 0:
            number += signs.count("\0", begun, place)
            found.add(number)
            begun = place + 1
    for number in sorted(found):
        if not names.isdisjoint(sign_words(elements.sign[number])):
            yield elements.first[number], elements.end[number]


def _next_articles(page: Page, words: Floats, mine: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    """Return the chosen blocks of outermost articles that have an h1 and follow one of some length."""
    elements, blocks = page.elements, page.blocks
    found: list[int] = []
    begun, reached = False, 0
    headings = [number for number, element in enumerate(blocks.element) if elements.tag[element] == _HEADING]
    for tag, first, end in zip(elements.tag, elements.first, elements.end, strict=True):
        if tag != _ARTICLE or first < reached or end == first:
            continue
        reached = end
        inside = np.flatnonzero(mine[first:end]) + first
        if begun and any(first <= number < end for number in headings):
            found += inside.tolist()
        begun = begun or bool(words[inside].sum() >= _ARTICLE_WORDS)
    return found
