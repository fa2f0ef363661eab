"""The elements that state what a page is, taken from its tree once: attributes and text, no nodes."""

from dataclasses import dataclass
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser

Attributes: TypeAlias = dict[str, str | None]

_SELECTOR = 'meta, link, a[rel~="license"], h1, time, script, title, [itemprop="datePublished"], [itemprop="author"]'
_PERSON = '[itemprop="name"]'


@dataclass(frozen=True, slots=True)
class Head:
    """What metadata is read from, each in document order."""

    root: Attributes
    metas: tuple[Attributes, ...]
    links: tuple[Attributes, ...]
    headings: tuple[str, ...]
    """Text of each h1."""
    scripts: tuple[str, ...]
    """Each JSON-LD script."""
    data: tuple[str, ...]
    """These, and all other scripts that are said to be JSON."""
    published: tuple[Attributes, ...]
    """Elements marked as the date of publication."""
    times: tuple[Attributes, ...]
    below: int
    """How many of `times` stand above the first h1."""
    title: str
    """Text of the title element."""
    authors: tuple[str, ...]
    """People marked as such in the body."""


def read_head(tree: LexborHTMLParser) -> Head:
    """Return what the page states, wherever in the page it stands."""
    metas: list[Attributes] = []
    links: list[Attributes] = []
    published: list[Attributes] = []
    times: list[Attributes] = []
    headings: list[str] = []
    scripts: list[str] = []
    data: list[str] = []
    authors: list[str] = []
    title, below = "", 0
    for node in tree.css(_SELECTOR):
        attributes, tag = node.attributes, node.tag
        if tag == "meta":
            metas.append(attributes)
        elif tag in {"link", "a"} and "rel" in attributes:
            links.append(attributes)
        elif tag == "h1":
            below = below if headings else len(times)
            headings.append(node.text())
        elif tag == "title":
            title = title or node.text()
        elif tag == "script":
            kind = attributes.get("type") or ""
            if "json" in kind.lower():
                written = node.text()
                scripts += [written] * ("ld+json" in kind.lower())
                data += [written] * ("json" in kind)
        elif tag == "time":
            times.append(attributes)
        if attributes.get("itemprop") == "author" and tag != "meta":
            name = node.css_first(_PERSON)
            authors.append((name.attributes.get("content") or name.text()) if name else node.text())
        if attributes.get("itemprop") == "datePublished" or (tag == "time" and "pubdate" in attributes):
            published.append(attributes)
    root = tree.root.attributes if tree.root is not None else {}
    return Head(
        root,
        tuple(metas),
        tuple(links),
        tuple(headings),
        tuple(scripts),
        tuple(data),
        tuple(published),
        tuple(times),
        below,
        title,
        tuple(authors),
    )
