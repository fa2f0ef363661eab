"""RSS and Atom feeds as pages: lxml finds the items, feedparser reads their dialect.

feedparser falls back to a parser of its own where a feed is not well formed, which is quadratic in what a hostile
feed can hold (1.2 MB of open tags take it more than 25 s). So it is given feeds that are well formed: the items that
lxml found, some hundred at a time, with the few elements that are asked for and nothing within them.
"""

import io
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from time import struct_time

import feedparser
from lxml import etree

from cleaners.extract.tags import strip_tags
from flows.discover.document import Document, local, words
from flows.discover.entry import OLDEST, Entry, Listing, about
from flows.discover.sitemaps import LONGEST_ADDRESS

MOST_ITEMS = 10_000
"""Of one feed; feeds have some twenty, and those of whole archives some thousand."""

ROOTS = frozenset({"rss", "feed", "rdf", "channel"})

_ITEMS = frozenset({"item", "entry"})
_DATES = frozenset({"pubDate", "date", "published", "issued", "created", "updated", "modified"})
_ADDRESSES = frozenset({"link", "guid", "id", "origLink"})
_ASKED = _DATES | _ADDRESSES | {"title"}
_ATTRIBUTES = ("href", "rel", "type", "isPermaLink")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_MOST_PARTS = 20
_AT_ONCE = 200


def read_feed(content: bytes, url: str) -> Listing:
    """Return the pages that an RSS or Atom feed at `url` lists; RefusedError where it is not read at all."""
    document = Document(content, _ITEMS)
    problems: list[str] = []
    if document.root.lower() not in ROOTS:
        return Listing(problems=(f"no feed: its root element is {document.root[:40]!r}",))
    entries: list[Entry] = []
    count = 0
    for part in _parts(document):
        count += len(part)
        entries += _interpreted(part, url)
        if count >= MOST_ITEMS:
            problems.append(f"read up to the limit of {MOST_ITEMS:,} items")
            break
    if document.problem:
        problems.append(document.problem)
    if len(entries) < count:
        problems.append(f"{count - len(entries):,} of {count:,} items name no page")
    return Listing(tuple(entries), problems=tuple(problems))


def _parts(document: Document) -> Iterator["etree._Element"]:
    """Yield the items in feeds of their own, each under the feed's root element."""
    part: etree._Element | None = None
    for item in document:
        if part is None:
            part = _bare(document.top if document.top is not None else item)
        _copy(item, part)
        if len(part) == _AT_ONCE:
            yield part
            part = None
    if part is not None:
        yield part


def _bare(element: "etree._Element") -> "etree._Element":
    bare = etree.Element(element.tag)
    for name in (_BASE, _ABOUT):
        if value := element.get(name):
            bare.set(name, value[:LONGEST_ADDRESS])
    return bare


def _copy(item: "etree._Element", part: "etree._Element") -> None:
    copy = _bare(item)
    part.append(copy)
    for asked in item:
        name = local(asked)
        if name not in _ASKED or len(copy) == _MOST_PARTS:
            continue
        bare = etree.SubElement(copy, asked.tag)
        for attribute in _ATTRIBUTES:
            if value := asked.get(attribute):
                bare.set(attribute, value[:LONGEST_ADDRESS])
        if bare.get("type") == "xhtml":  # what is within is text now
            bare.set("type", "text")
        bare.text = words(asked, LONGEST_ADDRESS if name in _ADDRESSES else 500)


def _interpreted(part: "etree._Element", url: str) -> Iterator[Entry]:
    content = io.BytesIO(etree.tostring(part, encoding="utf-8", xml_declaration=True))
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    read = feedparser.parse(content, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    for item in read["entries"]:
        # as a plain dictionary: feedparser's own warns where it finds one date in place of another
        said = {name: dict.get(item, name) for name in dict.keys(item)}
        address = said.get("feedburner_origlink") or said.get("link")
        if not isinstance(address, str) or not address or len(address) > LONGEST_ADDRESS:
            continue
        published = _moment(said.get("published_parsed")) or _moment(said.get("created_parsed"))
        modified = _moment(said.get("updated_parsed"))
        title = said.get("title")
        dated = max(modified or OLDEST, published or OLDEST)
        yield Entry(address, dated, about(_plain(title) if isinstance(title, str) else "", published, modified))


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(value), UTC) if isinstance(value, struct_time) else None
    except (ValueError, OverflowError, OSError):
        return None


def _plain(title: str) -> str:
    return " ".join((strip_tags(title) if "<" in title or "&" in title else title).split())[:500]
