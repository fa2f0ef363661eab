"""What a page says of itself in JSON-LD (schema.org): the article's title, people, dates, section and publisher."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_MAX_CHARACTERS = 1_000_000
_ARTICLE = re.compile(r"(?i)(?:article|blogposting|liveblogposting|report)$")
_PAGE = re.compile(r"(?i)(?:item)?page$")
_OPENINGS = ("//", "<!--", "<![CDATA[", "/*", "*/")
_CLOSINGS = (";", "//", "-->", "]]>", "/*", "*/")


@dataclass(frozen=True, slots=True)
class Article:
    """Fields of one schema.org article, as they stand; `authors` are persons, or of a type not given."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    publisher: str | None = None


def read_article(scripts: Iterable[str]) -> Article:
    """Return what the page's JSON-LD scripts say of its article; an empty Article where it has none or cannot be read.

    The first article counts, and what it leaves open is taken from a WebPage that describes the page itself.
    """
    nodes = [node for script in scripts for node in _nodes(script)]
    named = {str(node["@id"]): node for node in nodes if "@id" in node}
    chosen = [next((n for n in nodes if _is(n, kind)), {}) for kind in (_ARTICLE, _PAGE)]
    first, page = (_article(node, named) for node in chosen)
    return Article(
        headline=first.headline,
        authors=first.authors,
        published=first.published or page.published,
        modified=first.modified or page.modified,
        section=first.section,
        tags=first.tags,
        publisher=first.publisher or page.publisher,
    )


def _nodes(content: str) -> Iterator[dict[str, Json]]:
    """Yield the objects of one script: at its top, in its graph, and those that its page is about."""
    if not content or len(content) > _MAX_CHARACTERS:
        return
    try:
        top: Json = json.loads(_unwrapped(content), strict=False)
    except (ValueError, RecursionError):
        return
    for node in top if isinstance(top, list) else [top]:
        if isinstance(node, dict):
            yield node
            for inside in (node.get("@graph"), node.get("mainEntity")):
                yield from (n for n in (inside if isinstance(inside, list) else [inside]) if isinstance(n, dict))


def _unwrapped(content: str) -> str:
    """Return a script's content without the comment or CDATA marks that old pages put around it."""
    content = content.strip()
    for _ in range(4):  # as in /*<![CDATA[*/
        opening = next((m for m in _OPENINGS if content.startswith(m)), "")
        closing = next((m for m in _CLOSINGS if content.endswith(m)), "")
        content = content[len(opening) : len(content) - len(closing)].strip()
    return content


def _is(node: dict[str, Json], kind: re.Pattern[str]) -> bool:
    types = node.get("@type")
    return any(isinstance(t, str) and kind.search(t) for t in (types if isinstance(types, list) else [types]))


def _article(node: dict[str, Json], named: dict[str, dict[str, Json]]) -> Article:
    return Article(
        headline=_string(node.get("headline")) or _string(node.get("name")),
        authors=tuple(_people(node.get("author"), named)) or tuple(_people(node.get("creator"), named)),
        published=_string(node.get("datePublished")),
        modified=_string(node.get("dateModified")),
        section=next(iter(_strings(node.get("articleSection"))), None),
        tags=tuple(_strings(node.get("keywords"))),
        publisher=next(iter(_names(node.get("publisher"), named)), None),
    )


def _string(value: Json) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _strings(value: Json) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str) and v.strip()]


def _people(value: Json, named: dict[str, dict[str, Json]]) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        node = _resolved(one, named)
        if not isinstance(node, dict) or "@type" not in node or _is(node, re.compile("(?i)person$")):
            yield from _names(node, named)


def _names(value: Json, named: dict[str, dict[str, Json]]) -> list[str]:
    for one in value if isinstance(value, list) else [value]:
        node = _resolved(one, named)
        found = _strings(node.get("name")) if isinstance(node, dict) else _strings(node)
        if found:
            return found
    return []


def _resolved(value: Json, named: dict[str, dict[str, Json]]) -> Json:
    """Follow a reference to another object of the page, one step."""
    if isinstance(value, dict) and "name" not in value and (target := named.get(str(value.get("@id")))):
        return target
    return value
