"""Feeds and sitemaps of a source, read one after another, also those that others name."""

import asyncio
import heapq
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from flows.discover import feeds, sitemaps
from flows.discover.document import LARGEST, RefusedError, root_name, unpacked
from flows.discover.entry import OLDEST, Child, Listing
from flows.discover.links import links_of
from flows.discover.selection import Selection, host_of, site_of
from flows.fetch.wanted import LISTINGS, Fetched, Wanted
from schemas.page import Verdict

MOST_LISTINGS = 1_000
"""Feeds and sitemaps that one source reads in one run."""
MOST_ENTRIES = 1_000_000
"""Pages that the listings of one source may name in one run."""
_DEEPEST = 3
"""Indexes of indexes: the protocol allows none, and some sites have two."""
_PAUSE = 1_000


class Fetching(Protocol):
    """What asks hosts for pages: `flows.fetch.client.Client`."""

    async def fetch(self, wanted: Wanted) -> Fetched:
        """Return what comes of a page."""


@dataclass(order=True, slots=True)
class _Due:
    """A listing to read: the newest first, else in order."""

    age: float
    order: int
    child: Child = field(compare=False)
    depth: int = field(compare=False)


class Reader:
    """Reads the listings of one source into its selection; `client` asks for them.

    Whoever holds `desk` understands a listing: one at a time, so that several large ones need no more memory than one.
    """

    def __init__(self, selection: Selection, client: Fetching, desk: asyncio.Lock) -> None:
        self._selection, self._client, self._desk = selection, client, desk
        self._due: list[_Due] = []
        self._met: set[str] = set()
        self._read = self._older = 0

    async def read(self) -> None:
        """Offer what the source's feeds or sitemaps list; what cannot be read is noted as a problem."""
        for place in self._selection.source.places:
            sites = {site_of(host_of(place))}
            if self._selection.source.kind == "sitemap" and urlsplit(place).path in {"", "/"}:
                await self._named_by_robots(place)
            else:
                self._add(Child(place), 0)
            await self._read_due(place, sites)
        if self._older:
            said = f"older sitemaps not read, since newer ones hold as many pages as the limit: {self._older:,}"
            self._selection.remarks.append(said)

    async def _read_due(self, place: str, sites: set[str]) -> None:
        while self._due:
            due = heapq.heappop(self._due)
            if due.child.dated != OLDEST and due.child.dated <= self._selection.floor:
                self._older += 1
                continue
            if self._read == MOST_LISTINGS or self._selection.found >= MOST_ENTRIES:
                most = f"{MOST_LISTINGS:,} listings" if self._read == MOST_LISTINGS else f"{MOST_ENTRIES:,} entries"
                self._selection.trouble(due.child.url, f"not read: the source has {most} already")
                self._due.clear()
                return
            self._read += 1
            fetched = await self._fetched(due.child.url)
            if fetched is None:
                continue
            if due.child.url == place:
                sites.add(site_of(host_of(fetched.final_url)))
            try:
                async with self._desk:
                    listing, is_feed = await asyncio.to_thread(_listing, fetched, self._selection.source.kind == "feed")
            except RefusedError as error:
                self._selection.trouble(due.child.url, str(error))
                continue
            await self._take(due, listing, () if is_feed else sites)

    async def _take(self, due: _Due, listing: Listing, sites: "set[str] | tuple[()]") -> None:
        for problem in listing.problems:
            self._selection.trouble(due.child.url, problem)
        for number, entry in enumerate(listing.entries):
            self._selection.offer(entry, sites)
            if number % _PAUSE == _PAUSE - 1:
                await asyncio.sleep(0)
        for child in listing.children:
            if due.depth == _DEEPEST:
                self._selection.trouble(due.child.url, "its sitemaps are not read: indexes are nested too deep")
                break
            self._add(child, due.depth + 1)

    async def _named_by_robots(self, place: str) -> None:
        """Add the sitemaps that a site's robots.txt names, or the usual one where it names none."""
        robots = urljoin(place, "/robots.txt")
        fetched = await self._client.fetch(
            Wanted(robots, self._selection.name, robots=False, accept="text/plain,*/*;q=0.1")
        )
        named = sitemaps.sitemaps_named(fetched.body, fetched.final_url) if fetched.status == 200 else []
        for address in named or [urljoin(place, "/sitemap.xml")]:
            self._add(Child(address), 0)

    async def _fetched(self, url: str) -> Fetched | None:
        if reason := self._selection.unfit(url):
            self._selection.trouble(url, f"not read: {reason}")
            return None
        wanted = Wanted(
            url, self._selection.name, accept=LISTINGS, max_bytes=LARGEST, delay=self._selection.source.delay
        )
        fetched = await self._client.fetch(wanted)
        if fetched.verdict is Verdict.OK:
            return fetched
        self._selection.trouble(url, f"{fetched.verdict}: {fetched.detail or 'no listing came'}")
        return None

    def _add(self, child: Child, depth: int) -> None:
        if child.url not in self._met and len(self._met) < 10 * MOST_LISTINGS:
            self._met.add(child.url)
            age = -child.dated.timestamp() if child.dated != OLDEST else float("-inf")
            heapq.heappush(self._due, _Due(age, len(self._met), child, depth))


def _listing(fetched: Fetched, wants_feed: bool) -> tuple[Listing, bool]:
    """Return what a feed or a sitemap lists, whichever of the two it is, and whether it is a feed.

    Of a page of HTML where a feed is wanted: the feeds that its head names.
    """
    content, cut = unpacked(fetched.body)
    listing, is_feed = _understood(content, fetched, wants_feed)
    return replace(listing, problems=(cut, *listing.problems)) if cut else listing, is_feed


def _understood(content: bytes, fetched: Fetched, wants_feed: bool) -> tuple[Listing, bool]:
    root, url = root_name(content), fetched.final_url
    if root in feeds.ROOTS:
        return feeds.read_feed(content, url), True
    if root in sitemaps.ROOTS or not wants_feed:
        return sitemaps.read_sitemap(content, url), False
    links = links_of(content, "text/html", fetched.charset, url, fetched.headers)
    if root == "html" or links.feeds:
        problems = () if links.feeds else ("a page of HTML that names no feed",)
        return Listing(children=links.feeds, problems=problems), True
    return feeds.read_feed(content, url), True
