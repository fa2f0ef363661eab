"""The few words of a page's head that the block model compares its blocks with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from cleaners.extract.jsonld import article_body
from cleaners.extract.lines import fold

_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]{1,40})"')


@dataclass(slots=True)
class Stated:
    """What a page states of itself."""

    title: str = ""
    description: str = ""
    kind: str = ""
    types: str = ""
    """Types of things that its JSON-LD names, parted by spaces, in small letters."""
    dated: bool = False
    """Whether its head says when it was published."""
    stated: str = ""
    """The article's text as JSON-LD gives it."""


def read_stated(found: Stated, head: LexborNode | None, data: Sequence[str]) -> None:
    """Fill in what the head states, and what the page's scripts do that hold data."""
    types: list[str] = []
    for written in data:
        if '"@type"' in written:
            types += _TYPE.findall(written)
        if not found.stated and '"articleBody"' in written:
            found.stated = article_body(written)
    found.types = " ".join(dict.fromkeys(types)).lower()
    for node in head.iter() if head is not None else ():
        tag = node.tag
        if tag == "title" and not found.title:
            found.title = fold(node.text())
        elif tag == "meta":
            attributes = node.attributes
            name, content = attributes.get("property") or attributes.get("name"), attributes.get("content") or ""
            if name in {"description", "og:description"} and not found.description:
                found.description = fold(content)
            elif name == "og:title" and content:
                found.title = fold(content)
            elif name == "og:type":
                found.kind = content.lower()
            elif name == "article:published_time":
                found.dated = True
