"""Kept blocks into text: one block per line, a blank line between paragraphs, rows of lists and tables together."""

from collections.abc import Iterable, Sequence

from cleaners.extract.blocks import TAGS, Page

_LISTS = frozenset(TAGS.index(name) for name in ("ul", "ol", "dl", "table"))
_ITEMS = frozenset(TAGS.index(name) for name in ("li", "dt", "dd", "tr"))
_CELLS = frozenset(TAGS.index(name) for name in ("td", "th"))
_REPEATED = 40
"""Characters from which a block that repeats an earlier one is a copy and not a refrain."""


def compose(page: Page, kept: Sequence[int]) -> str:
    """Return the text of the blocks `kept`, which are numbers in ascending order; long repetitions are left out."""
    texts = page.blocks.text
    lists, items, cells = _holders(page)
    crowded = _crowded(page, items, cells)
    parts: list[str] = []
    before = -1
    for block in without_copies(texts, kept):
        text = texts[block]
        if before >= 0:
            one, other = page.blocks.element[before], page.blocks.element[block]
            together = lists[one] == lists[other] >= 0 and items[one] >= 0 and items[other] >= 0
            if not together or (items[one] == items[other] and cells[one] == cells[other] >= 0):
                parts.append("\n\n")
            elif items[one] == items[other] and cells[one] != cells[other] and items[one] not in crowded:
                parts.append("\t")
            else:
                parts.append("\n")
        parts.append(text)
        before = block
    return "".join(parts).strip("\n")


def without_copies(texts: Sequence[str], kept: Iterable[int]) -> list[int]:
    """Return the blocks `kept`, but for long ones whose text an earlier one of them has."""
    seen: set[str] = set()
    first: list[int] = []
    for block in kept:
        text = texts[block]
        if len(text) < _REPEATED:
            first.append(block)
        elif text not in seen:
            seen.add(text)
            first.append(block)
    return first


def _holders(page: Page) -> tuple[list[int], list[int], list[int]]:
    """Return for each element the list or table, the item or row, and the cell it stands in; -1 for none."""
    elements = page.elements
    lists: list[int] = []
    items: list[int] = []
    cells: list[int] = []
    for e, (tag, parent) in enumerate(zip(elements.tag, elements.parent, strict=True)):
        above = (lists[parent], items[parent], cells[parent]) if e else (-1, -1, -1)
        starts = tag in _LISTS and above[0] < 0
        lists.append(e if starts else above[0])
        items.append(e if tag in _ITEMS else above[1])
        cells.append(e if tag in _CELLS else -1 if tag in _ITEMS else above[2])
    return lists, items, cells


def _crowded(page: Page, items: list[int], cells: list[int]) -> set[int]:
    """Return the rows with a cell of more than one block: they are layout, and their cells no columns."""
    places = [(items[e], cells[e]) for e in page.blocks.element if cells[e] >= 0]
    return {item for at, (item, cell) in enumerate(places[1:]) if (item, cell) == places[at]}
