"""Links of a page: where they lead, which feeds the page names, and whether it asks that none be followed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from cleaners.extract.decode import DecodeError, decode
from cleaners.extract.tags import tags
from flows.discover.entry import Child
from flows.discover.sitemaps import LONGEST_ADDRESS

MOST_LINKS = 5_000
"""Of one page; a front page has some three hundred."""
_MOST_FEEDS = 10
_LONGEST_TAG = 20_000
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_COMMENTS = re.compile(r"(?i)\bcomments\b")
_STOPPING = frozenset({"nofollow", "none"})


@dataclass(frozen=True, slots=True)
class Links:
    """What a page links to: absolute addresses in order, each once, without those that are not to be followed.

    `feeds` are those that its head names, but for feeds of comments. `problem` says why no link is given.
    """

    pages: tuple[str, ...] = ()
    feeds: tuple[Child, ...] = ()
    problem: str | None = None


def links_of(body: bytes, media_type: str, charset: str | None, url: str, headers: Mapping[str, str]) -> Links:
    """Return the links of a page that was fetched from `url`; none where the page or its headers say nofollow."""
    try:
        page = decode(body, media_type, charset).text
    except DecodeError as error:
        return Links(problem=f"no page with links: {error}")
    base, based = url, False
    pages: dict[str, None] = {}
    feeds: dict[str, None] = {}
    stopped = _stops(headers.get("x-robots-tag", ""))
    for name, said in _said(page):
        if name == "base" and not based and said.get("href"):
            base, based = _joined(url, said["href"]) or url, True
        elif name == "meta" and said.get("name", "").lower() in {"robots", "cleancopy"}:
            stopped = stopped or _stops(said.get("content", ""))
        elif name == "link" and _is_feed(said):
            feeds[_joined(base, said["href"])] = None
        elif (
            name in {"a", "area"} and "nofollow" not in said.get("rel", "").lower().split() and len(pages) < MOST_LINKS
        ):
            pages[_joined(base, said.get("href", ""))] = None
    found = tuple(Child(address) for address in feeds if address)[:_MOST_FEEDS]
    if stopped:
        return Links(feeds=found, problem="the page asks that its links are not followed (robots: nofollow)")
    return Links(tuple(address for address in pages if address), found)


def _said(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield name and attributes of the tags that say something of links, in one pass and without a tree."""
    for name, closing, start, end in tags(page):
        if not closing and name in {"a", "area", "base", "link", "meta"} and end - start < _LONGEST_TAG:
            found = _ATTRIBUTE.findall(page, start + 1 + len(name), end)
            said: dict[str, str] = {}
            for attribute, double, single, bare in found:
                said.setdefault(attribute.lower(), unescape(double or single or bare))
            yield name, said


def _is_feed(said: Mapping[str, str]) -> bool:
    return (
        "alternate" in said.get("rel", "").lower().split()
        and said.get("type", "").partition(";")[0].strip().lower() in _FEEDS
        and bool(said.get("href"))
        and not _COMMENTS.search(said["href"])
    )


def _joined(base: str, reference: str) -> str:
    """Return the absolute address without its fragment; "" for a place on the same page, and for no address."""
    reference = reference.strip()
    if not reference or reference.startswith("#") or len(reference) > LONGEST_ADDRESS:
        return ""
    try:
        return urljoin(base, reference).partition("#")[0]
    except ValueError:
        return ""


def _stops(directives: str) -> bool:
    """Return whether a robots meta element or an X-Robots-Tag header says nofollow to everyone or to cleancopy."""
    for directive in directives.lower().split(","):
        agent, colon, said = directive.rpartition(":")
        if said.strip() in _STOPPING and (not colon or agent.strip() == "cleancopy"):
            return True
    return False
