"""Trees into text: one block per line, a blank line between blocks, no marks of any markup."""

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag
from lxml import etree

from cleaners.extract.lines import Lines
from cleaners.extract.tags import BLOCKS, CELLS, ROWS, UNSEEN

_PARAGRAPHS = frozenset(("body", "comments", "div", "head", "list", "p", "quote", "table"))


def render(body: etree._Element) -> str:
    """Return the text of a body tree as trafilatura builds it (head, p, list, item, table, row, cell, quote, lb ...).

    Rows of lists and tables follow each other without a blank line; cells are parted by tabs. Images are left out.
    """
    lines = Lines()
    within = 0  # how many list items and cells are open: no blank lines inside them
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        opens, tag = event == "start", element.tag
        if event in {"comment", "pi"}:
            lines.write(element.tail)
            continue
        if tag in {"item", "cell"}:
            within += 1 if opens else -1
        if tag == "lb" and opens:
            lines.line_break()
        elif tag == "cell" and opens:
            lines.cell()
        elif tag in {"item", "row"} or tag in _PARAGRAPHS:
            lines.end(blank=not within and tag in _PARAGRAPHS)
        if opens:
            _write_text(lines, element)
        elif element is not body:
            lines.write(element.tail)
    return lines.text()


def _write_text(lines: Lines, element: etree._Element) -> None:
    text = element.text or ""
    if element.tag == "code" and "\n" in text.strip():
        lines.verbatim(text)
    else:
        lines.write(text)


def render_soup(page: str) -> str:
    """Return the text of a page that is shown outside its menus, headers and footers, or else all that is shown.

    The way of last resort, for a page whose article no extractor found.
    """
    soup = BeautifulSoup(page, "lxml")
    root = soup.find("article") or soup.find("main") or soup.body or soup
    return _walk(root, UNSEEN | _AROUND) or _walk(soup.body or soup, UNSEEN)


_AROUND = frozenset(("aside", "button", "footer", "form", "header", "nav"))


def _walk(root: Tag, left_out: frozenset[str]) -> str:
    lines = Lines()
    # a stack instead of recursion; an element comes back, as its name, when its content is done
    stack: list[PageElement | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node.name in left_out:
                continue
            _mark(lines, node.name, opens=True)
            stack.append(node.name)
            stack.extend(reversed(node.contents))
        elif isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):  # comments and declarations
                lines.write(node)
        elif isinstance(node, str):
            _mark(lines, node, opens=False)
    return lines.text()


def _mark(lines: Lines, name: str, *, opens: bool) -> None:
    if name == "br":
        if opens:
            lines.line_break()
    elif name in CELLS and opens:
        lines.cell()
    elif name in ROWS or name in BLOCKS:
        lines.end(blank=name in BLOCKS)
