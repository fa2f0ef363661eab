"""Sitemaps as pages and further sitemaps: https://www.sitemaps.org/protocol.html, Google's news extension, text."""

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from flows.discover.document import Document, local, root_name, words
from flows.discover.entry import OLDEST, Child, Entry, Listing, about
from flows.sources.place import moment

if TYPE_CHECKING:
    from lxml import etree

MOST_ENTRIES = 50_000
"""Of one sitemap, and sitemaps of one index, as the protocol has it."""

LONGEST_ADDRESS = 4_000
"""Characters of an address that is taken; the protocol allows 2,048."""

ROOTS = frozenset({"urlset", "sitemapindex"})
_ENTRIES = frozenset({"url", "sitemap"})


def read_sitemap(content: bytes, url: str) -> Listing:
    """Return what a sitemap at `url` lists: an index, a set of pages, or text with an address a line; also gzipped.

    RefusedError where it is none of these. What is wrong with a part of it is told in `problems`.
    """
    if not root_name(content) and content.lstrip()[:4].lower() == b"http":
        return _of_text(content)
    document = Document(content, _ENTRIES)
    problems: list[str] = []
    if document.root.lower() not in ROOTS:
        return Listing(problems=(f"no sitemap: its root element is {document.root[:40]!r}",))
    entries: list[Entry] = []
    children: list[Child] = []
    for element in document:
        if len(entries) + len(children) == MOST_ENTRIES:
            problems.append(f"read up to the limit of {MOST_ENTRIES:,} entries")
            break
        _note(element, url, entries, children)
    if document.problem:
        problems.append(document.problem)
    return Listing(tuple(entries), tuple(children), tuple(problems))


def _note(element: "etree._Element", base: str, entries: list[Entry], children: list[Child]) -> None:
    parts = {local(part): part for part in reversed(element)}
    where = parts.get("loc")
    address = ((where.text or "") if where is not None else "").strip()
    if not address or len(address) > LONGEST_ADDRESS:
        return
    with suppress(ValueError):  # then it is told as what it is, no address
        address = urljoin(base, address)
    modified = moment(words(parts.get("lastmod")))
    if local(element) == "sitemap":
        children.append(Child(address, modified or OLDEST))
        return
    news = {local(part): part for part in parts["news"]} if "news" in parts else {}
    published = moment(words(news.get("publication_date")))
    listed = about(words(news.get("title")), published, modified)
    entries.append(Entry(address, modified or published or OLDEST, listed))


def _of_text(content: bytes) -> Listing:
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
    addresses = [line for line in lines if line and len(line) <= LONGEST_ADDRESS]
    problems: list[str] = []
    if len(addresses) > MOST_ENTRIES:
        problems.append(f"read up to the limit of {MOST_ENTRIES:,} entries")
    return Listing(tuple(Entry(address) for address in addresses[:MOST_ENTRIES]), problems=tuple(problems))


def sitemaps_named(robots: bytes, url: str) -> list[str]:
    r"""Return the addresses in the `Sitemap:` lines of a robots.txt, in order, each once.

    >>> sitemaps_named(b"Sitemap: /a.xml\nUser-agent: *\nsitemap : http://x.example/b.xml # all\n", "http://x.example/")
    ['http://x.example/a.xml', 'http://x.example/b.xml']
    """
    found: dict[str, None] = {}
    for line in robots.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon and name.strip().lower() == "sitemap" and value.strip():
            try:
                found[urljoin(url, value.strip())] = None
            except ValueError:
                continue
    return list(found)
