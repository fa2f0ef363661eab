"""A section of a site: the pages its first page links to, and those that these link to, down to a depth."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from flows.discover.entry import Entry, Reason
from flows.discover.links import links_of
from flows.discover.reading import Fetching
from flows.discover.selection import Selection, host_of
from flows.fetch.wanted import Fetched, Wanted
from flows.sources.identity import identity_of_url
from schemas.page import Verdict

_FILES = frozenset(
    (
        *(".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".avif", ".ico", ".bmp", ".tif", ".tiff", ".css", ".js"),
        *(
            ".json",
            ".xml",
            ".rss",
            ".atom",
            ".pdf",
            ".zip",
            ".gz",
            ".bz2",
            ".xz",
            ".7z",
            ".rar",
            ".tar",
            ".exe",
            ".dmg",
        ),
        *(".apk", ".iso", ".mp3", ".mp4", ".m4a", ".m4v", ".ogg", ".ogv", ".oga", ".wav", ".flac", ".avi", ".mov"),
        *(".wmv", ".webm", ".flv", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".epub"),
        *(".mobi", ".csv", ".woff", ".woff2", ".ttf", ".eot", ".otf"),
    )
)
"""Endings of addresses that are no pages. courlan's list of endings that are takes /by/first.last for none."""


class Section:
    """The pages of a section, level by level; `client` asks for those whose links are followed.

    What `exclude` matches is neither taken nor followed. What `include` leaves out is followed, since the way to a page
    may lead over one that is not wanted.
    """

    def __init__(self, selection: Selection, client: Fetching, *, at_once: int = 1) -> None:
        self._selection, self._client, self._at_once = selection, client, at_once
        self._hosts: set[str] = set()
        self._met: set[str] = set()

    async def begin(self) -> list[str]:
        """Return the pages that the section's own pages link to, and offer them to the selection."""
        places = list(self._selection.source.places)
        self._hosts |= {host_of(place) for place in places}
        self._met |= {identity_of_url(place) for place in places}
        found: list[str] = []
        for place in places:
            if reason := self._selection.unfit(place):
                self._selection.trouble(place, f"not read: {reason}")
                continue
            fetched = await self._client.fetch(self._wanted(place))
            if fetched.verdict is not Verdict.OK:
                self._selection.trouble(place, f"{fetched.verdict}: {fetched.detail or 'no page came'}")
                continue
            self._hosts.add(host_of(fetched.final_url))
            found += self._linked(fetched, tell=True)
        return found

    async def follow(self, found: Sequence[str]) -> AsyncIterator[Fetched]:
        """Yield the pages above the last level, as they were fetched, and offer what they link to.

        It ends where the source has as many pages as it may, and follows no more pages than that.
        """
        level, left = list(found), self._selection.source.limit
        for _ in range(self._selection.source.depth - 1):
            following, level = level[:left], []
            left -= len(following)
            for at in range(0, len(following), self._at_once):
                if self._selection.full:
                    return
                wanted = [self._wanted(url) for url in following[at : at + self._at_once]]
                for fetched in await asyncio.gather(*(self._client.fetch(one) for one in wanted)):
                    if fetched.verdict is Verdict.OK:
                        level += self._linked(fetched)
                    yield fetched

    def _linked(self, fetched: Fetched, *, tell: bool = False) -> list[str]:
        """Offer what a page links to; return the addresses that were not met before and may be followed."""
        found = links_of(fetched.body, fetched.media_type, fetched.charset, fetched.final_url, fetched.headers)
        if found.problem and tell:
            self._selection.trouble(fetched.wanted.url, found.problem)
        new: list[str] = []
        for url in found.pages:
            if self._selection.unfit(url) is Reason.NOT_WEB:
                continue  # mailto:, javascript: and the like are no pages that were listed
            identity = identity_of_url(url)
            if identity in self._met:
                continue
            self._met.add(identity)
            if reason := self._unfit(url):
                self._selection.found += 1
                self._selection.skip(reason, url)
                continue
            self._selection.offer(Entry(url))
            if not self._selection.excludes(url):
                new.append(url)
        return new

    def _unfit(self, url: str) -> Reason | None:
        if host_of(url) not in self._hosts:
            return Reason.OTHER_SITE
        ending = PurePosixPath(urlsplit(url).path.lower()).suffix
        return Reason.NO_PAGE if ending in _FILES else self._selection.unfit(url)

    def _wanted(self, url: str) -> Wanted:
        source = self._selection.source
        return Wanted(url, self._selection.name, rendered=source.browser, delay=source.delay)
