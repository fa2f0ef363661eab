"""The pages of one source that a run takes: those of its listings that fit its patterns, the newest ones, each once."""

import heapq
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from courlan import extract_domain

from flows.discover.entry import OLDEST, Entry, Reason
from flows.discover.patterns import Patterns
from flows.fetch.urls import shown
from flows.sources.identity import identity_of_url
from schemas.source import Source

_MOST_PROBLEMS = 20
_EXAMPLES = 3


class Selection:
    """What a source lists, sifted as it is read: at most `limit` pages are held, whatever is offered.

    `found` counts the pages that were listed, `skipped` those that are not taken by reason, `examples` are the first
    addresses of each reason, `problems` what was wrong with listings and `remarks` what else is worth knowing.
    """

    def __init__(self, name: str, source: Source) -> None:
        self.name, self.source = name, source
        self.found = 0
        self.skipped: Counter[Reason] = Counter()
        self.examples: dict[Reason, list[str]] = {}
        self.problems: list[str] = []
        self.remarks: list[str] = []
        self._patterns = Patterns(name, source)
        self._kept: dict[str, Entry] = {}
        self._oldest: list[tuple[datetime, int, str]] = []

    @property
    def full(self) -> bool:
        """Whether the source has as many pages as it may."""
        return len(self._kept) >= self.source.limit

    @property
    def floor(self) -> datetime:
        """The date from which on a page is still taken: OLDEST until the source is full."""
        return self._oldest[0][0] if self.full else OLDEST

    def offer(self, entry: Entry, sites: Collection[str] = ()) -> bool:
        """Take a listed page, or say why not; return whether it was taken. `sites`: where it may be, if given."""
        self.found += 1
        reason = self.unfit(entry.url, sites) or self._patterns.reason(entry.url)
        if reason is None and entry.dated < self.floor:
            reason = Reason.OVER_LIMIT
        identity = "" if reason else identity_of_url(entry.url)
        if reason is None and identity in self._kept:
            reason = Reason.DUPLICATE
        if reason:
            self.skip(reason, entry.url)
            return False
        heapq.heappush(self._oldest, (entry.dated, -self.found, identity))
        self._kept[identity] = entry
        if len(self._kept) > self.source.limit:
            _, _, oldest = heapq.heappop(self._oldest)
            self.skip(Reason.OVER_LIMIT, self._kept.pop(oldest).url)
        return identity in self._kept

    def unfit(self, url: str, sites: Collection[str] = ()) -> Reason | None:
        """Return why an address is none that is asked for, whatever the source's patterns say."""
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            return Reason.NOT_WEB
        if parts.scheme.lower() not in {"http", "https"} or not host:
            return Reason.NOT_WEB
        if "@" in parts.netloc:
            return Reason.CREDENTIALS
        return Reason.OTHER_SITE if sites and site_of(host) not in sites else None

    def excludes(self, url: str) -> bool:
        """Return whether the source's `exclude` speaks against an address."""
        return self._patterns.excludes(url)

    def skip(self, reason: Reason, url: str) -> None:
        """Count a page that is not taken."""
        self.skipped[reason] += 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < _EXAMPLES and (address := shown(url)) not in examples:
            examples.append(address)

    def drop(self, identity: str, reason: Reason) -> None:
        """Give up a page that was taken."""
        self.skip(reason, self._kept.pop(identity).url)

    def has(self, identity: str) -> bool:
        """Return whether a page is taken."""
        return identity in self._kept

    def trouble(self, where: str, said: str) -> None:
        """Note what is wrong with a listing; after some, only that there is more."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(f"{shown(where)}: {said}")
        elif len(self.problems) == _MOST_PROBLEMS:
            self.problems.append("and more of the kind")

    def chosen(self) -> Iterator[tuple[str, Entry]]:
        """Yield identity and entry of each page that is taken: the newest first, those without a date in order."""
        for _, _, identity in sorted(self._oldest, reverse=True):
            if identity in self._kept:
                yield identity, self._kept[identity]

    @property
    def taken(self) -> int:
        """How many pages are taken."""
        return len(self._kept)


@lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """Return the domain that a host belongs to, or the host where it is an address or has no domain.

    >>> site_of("www.news.co.uk"), site_of("127.0.0.1")
    ('news.co.uk', '127.0.0.1')
    """
    return extract_domain(f"http://{host}/", fast=True) or host


def host_of(url: str) -> str:
    """Return the host of an address in lower case; "" where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
