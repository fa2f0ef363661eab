"""What a page says of itself in JSON-LD (schema.org): the article's title, people, dates, section and publisher."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cleaners.extract.lines import unescape

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_MAX_CHARACTERS = 1_000_000
_ARTICLE = re.compile(r"(?i)(?:article|blogposting|liveblogposting|report)$")
_PAGE = re.compile(r"(?i)(?:item)?page$")
_WORK = re.compile(r"(?i)(?:recipe|creativework|learningresource|howto|episode|review|dataset)$")
_QUESTION, _ANSWERED = re.compile("(?i)question$"), re.compile("(?i)qapage$")
_BODY = re.compile(r'"articleBody"\s*:\s*("(?:[^"\\]|\\.){0,200000}+")', re.DOTALL)
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
    licence: str | None = None
    free: bool | None = None
    types: tuple[str, ...] = ()
    """Types of all objects, in lower case."""


def read_article(scripts: Iterable[str]) -> Article:
    """Return what the page's JSON-LD scripts say of its article; an empty Article where it has none or cannot be read.

    The first article counts, or else the first work of another kind; what it leaves open is taken from a WebPage that
    describes the page itself.
    """
    nodes = [node for script in scripts for node in _nodes(script)]
    named = {str(node["@id"]): node for node in nodes if "@id" in node}
    if any(_is(node, _ANSWERED) for node in nodes):  # elsewhere, questions are a list that the page answers itself
        nodes = [node | {"@type": "DiscussionForumPosting"} if _is(node, _QUESTION) else node for node in nodes]
    article, work, about = (next((n for n in nodes if _is(n, kind)), {}) for kind in (_ARTICLE, _WORK, _PAGE))
    first, page = _article(article or work, named), _article(about, named)
    return Article(
        headline=first.headline,
        authors=first.authors,
        published=first.published or page.published,
        modified=first.modified or page.modified,
        section=first.section,
        tags=first.tags,
        publisher=first.publisher or page.publisher,
        licence=first.licence or page.licence,
        free=page.free if first.free is None else first.free,
        types=tuple(dict.fromkeys(kind for node in nodes for kind in _types(node))),
    )


def article_body(script: str) -> str:
    """Return the value of the first articleBody in a script, at most 200,000 characters; empty where it has none."""
    match = _BODY.search(script)
    try:
        return unescape(str(json.loads(match[1], strict=False))) if match else ""
    except ValueError:
        return ""


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


def _types(node: dict[str, Json]) -> Iterator[str]:
    types = node.get("@type")
    yield from (t.lower() for t in (types if isinstance(types, list) else [types]) if isinstance(t, str))


def _is(node: dict[str, Json], kind: re.Pattern[str]) -> bool:
    return any(kind.search(name) for name in _types(node))


def _article(node: dict[str, Json], named: dict[str, dict[str, Json]]) -> Article:
    return Article(
        headline=_string(node.get("headline")) or _string(node.get("name")),
        authors=tuple(_people(node.get("author"), named)) or tuple(_people(node.get("creator"), named)),
        published=_string(node.get("datePublished")) or _string(node.get("dateCreated")),
        modified=_string(node.get("dateModified")),
        section=next(iter(_strings(node.get("articleSection"))), None),
        tags=tuple(_strings(node.get("keywords"))),
        publisher=next(iter(_names(node.get("publisher"), named)), None),
        licence=next((v for v in _values(node.get("license")) if isinstance(v, str)), None),
        free=_truth(node.get("isAccessibleForFree")),
    )


def _values(value: Json) -> list[Json]:
    """Return what is given for a property: its values, or the addresses of the objects that are."""
    several = value if isinstance(value, list) else [value]
    return [(v.get("url") or v.get("@id") or v.get("name")) if isinstance(v, dict) else v for v in several]


def _truth(value: Json) -> bool | None:
    """Return a truth value, which many pages write as a string."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower().rpartition("/")[2])
    return value if isinstance(value, bool) else None


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
