"""The blocks that were left out and may speak of the text: bylines above it, statements of rights below it."""

from collections.abc import Iterator

from cleaners.extract.blocks import MARKS, Page
from cleaners.extract.kinds import HEADINGS
from cleaners.extract.words import sign_words
from schemas.account import Account
from schemas.page import LeftOut, Side

_SPEAKING = frozenset(("byline", "dateline", "footer", "boilerplate", "header", "standfirst", "text"))
"""Kinds that may; a caption and a credit speak of a picture, and a comment or a related article of something else."""
_ELSEWHERE = sum(1 << MARKS.index(name) for name in ("nav", "aside", "form", "figure", "button", "dialog", "hidden"))
_FOOTER, _ARTICLE = 1 << MARKS.index("footer"), 1 << MARKS.index("article")
_FEET = frozenset(("foot", "footer", "colophon", "contentinfo", "bottom"))
_ABOVE = 6
"""Blocks looked at above the text where no heading says where it begins."""
_BELOW = 4
"""Blocks below the text that are still near it."""
_PROSE = 200
_LONGEST = 1_000
"""Characters of a block that a rule may still read."""
_MOST = 60


def leftovers(page: Page, account: Account) -> tuple[LeftOut, ...]:
    """Return the blocks left out that may speak of the text, in order; none where no text was kept."""
    kept = [number for number, block in enumerate(account.blocks) if block.fate]
    if not kept or len(account.blocks) != len(page.blocks.text):
        return ()
    return tuple(_speaking(page, account, kept))[:_MOST]


def _speaking(page: Page, account: Account, kept: list[int]) -> Iterator[LeftOut]:
    texts, elements = page.blocks.text, page.elements
    last = kept[-1]
    # a standfirst may be kept above the byline
    begun = next((number for number in kept if len(texts[number]) >= _PROSE), kept[0])
    heads = (n for n in range(begun, -1, -1) if _is_heading(page, account, n))
    above = next(heads, max(begun - _ABOVE, 0) - 1)
    for number, block in enumerate(account.blocks):
        element = page.blocks.element[number]
        marks = elements.marks[element]
        if block.fate or block.kind not in _SPEAKING or marks & _ELSEWHERE or len(texts[number]) > _LONGEST:
            continue
        if above < number < begun and not marks & _FOOTER:
            yield LeftOut(texts[number], Side.ABOVE)
        elif number > last:
            foot = number - last > _BELOW or (marks & _FOOTER and not marks & _ARTICLE) or _in_foot(page, element)
            yield LeftOut(texts[number], Side.FOOT if foot else Side.BELOW)


def _is_heading(page: Page, account: Account, number: int) -> bool:
    title = account.blocks[number].kind == "title"
    return title or page.elements.tag[page.blocks.element[number]] in HEADINGS


def _in_foot(page: Page, element: int) -> bool:
    while element:
        if not _FEET.isdisjoint(sign_words(page.elements.sign[element])):
            return True
        element = page.elements.parent[element]
    return False
