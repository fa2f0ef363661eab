"""How kept blocks stand in the page: headings, items, cells, quotations; what Markdown is made of."""

from collections.abc import Sequence
from typing import NamedTuple

from cleaners.extract.blocks import MARKS, TAGS, Page

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "dl"))
_ITEMS = frozenset(("li", "dt", "dd"))
_CELLS = frozenset(("td", "th"))
_SHAPING = frozenset(TAGS.index(name) for name in {*_HEADINGS, *_LISTS, *_ITEMS, *_CELLS, "blockquote", "table", "tr"})
_PRE = 1 << MARKS.index("pre")


class _Place(NamedTuple):
    """What holds an element: quotations, lists and their kind, item, table, row, cell and heading; -1 for none."""

    quotes: int = 0
    depth: int = 0
    numbered: bool = False
    item: int = -1
    table: int = -1
    row: int = -1
    cell: int = -1
    heading: str = ""


def shapes(page: Page, kept: Sequence[int]) -> list[str]:
    """Return the shape of each of the blocks `kept`, which are numbers in ascending order (schemas.account.SHAPES).

    What stands in a cell with other blocks, or in a list within a table, is told by the table.
    """
    places: dict[int, _Place] = {}
    found: list[str] = []
    before: _Place | None = None
    for block in kept:
        element = page.blocks.element[block]
        here = _place(page, element, places)
        verbatim = bool(page.elements.marks[element] & _PRE)
        found.append(">" * here.quotes + ("pre" if verbatim else _shape(here, before)))
        before = here
    return found


def _shape(here: _Place, before: _Place | None) -> str:
    if here.heading:
        return here.heading
    if here.row >= 0 and here.cell >= 0:
        if before is None or before.table != here.table:
            return "table"
        if before.row != here.row:
            return "tr"
        return "+" if before.cell == here.cell else "td"
    if here.item >= 0:
        if before is not None and before.item == here.item:
            return f"+{here.depth}"
        return f"{'ol' if here.numbered else 'li'}{here.depth}"
    return "p"


def _place(page: Page, element: int, known: dict[int, _Place]) -> _Place:
    """Return what holds an element, looked up for all elements on the way that are not known yet."""
    elements = page.elements
    way: list[int] = []
    while element not in known:
        way.append(element)
        if element == elements.parent[element]:
            break
        element = elements.parent[element]
    for inner in reversed(way):
        above = known[elements.parent[inner]] if inner else _Place()
        tag = elements.tag[inner]
        known[inner] = _inside(inner, tag, above) if tag in _SHAPING else above
    return known[way[0] if way else element]


def _inside(element: int, tag: int, above: _Place) -> _Place:
    name = TAGS[tag]
    if name == "blockquote":
        return above._replace(quotes=above.quotes + 1)
    if name in _LISTS:
        return above._replace(depth=above.depth + 1, numbered=name == "ol")
    if name in _ITEMS:
        return above._replace(item=element, depth=max(above.depth, 1))
    if name == "table" and above.table < 0:
        return above._replace(table=element)
    if name == "tr":
        return above._replace(row=element, cell=-1)
    if name in _CELLS:
        return above._replace(cell=element)
    return above._replace(heading=name) if name in _HEADINGS else above
