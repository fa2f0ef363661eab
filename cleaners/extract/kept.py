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
    places = _Places(page)
    crowded = places.crowded() if len(kept) > 1 and not _CELLS.isdisjoint(page.elements.tag) else set()
    parts: list[str] = []
    before = -1
    for block in without_copies(texts, kept):
        text = texts[block]
        if before >= 0:
            list_before, item_before, cell_before = places[page.blocks.element[before]]
            within, item, cell = places[page.blocks.element[block]]
            together = list_before == within >= 0 and item_before >= 0 and item >= 0
            if not together or (item_before == item and cell_before == cell >= 0):
                parts.append("\n\n")
            elif item_before == item and cell_before != cell and item not in crowded:
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


class _Places:
    """The list or table, the item or row, and the cell that hold an element; -1 for none.

    They are found for all elements above one when it is first asked for.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[int, tuple[int, int, int]] = {}

    def __getitem__(self, element: int) -> tuple[int, int, int]:
        known, elements = self._known, self._page.elements
        way: list[int] = []
        while element not in known:
            way.append(element)
            if not element:
                break
            element = elements.parent[element]
        for inner in reversed(way):
            tag = elements.tag[inner]
            lists, item, cell = known[elements.parent[inner]] if inner else (-1, -1, -1)
            known[inner] = (
                inner if tag in _LISTS and lists < 0 else lists,
                inner if tag in _ITEMS else item,
                inner if tag in _CELLS else -1 if tag in _ITEMS else cell,
            )
        return known[way[0] if way else element]

    def crowded(self) -> set[int]:
        """Return the rows with a cell of more than one block: they are layout, and their cells no columns."""
        places = [place[1:] for place in map(self.__getitem__, self._page.blocks.element) if place[2] >= 0]
        return {item for at, (item, cell) in enumerate(places[1:]) if (item, cell) == places[at]}
