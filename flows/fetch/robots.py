"""robots.txt by RFC 9309: fetched once for each origin and run, and asked before every page.

Where it cannot be had because of the client (4xx), everything is allowed; where it cannot be had because of the host
(5xx, no answer), nothing is.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from flows.fetch.wanted import Fetched, Wanted
from flows.sources.place import Fault
from schemas.page import Verdict

TOKEN = "cleancopy"  # noqa: S105 - the product token that robots.txt knows us by
SIZE_LIMIT = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, 2.5: at least so many)."""
REDIRECTS = 5
"""Redirects of a robots.txt that are followed (RFC 9309, 2.3.1.2: at least so many)."""

_LIFETIME = 24 * 3600.0
_AGENT_LINE = re.compile(r"(?i)\s*user[\s-]*agent[\s:]*([a-z_*-]*)")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a page may be asked for (None, or why not), and the host's crawl-delay in seconds."""

    refused: Fault | None
    delay: float


@dataclass(frozen=True, slots=True)
class _Rules:
    """What an origin's robots.txt gave: a reason to refuse everything, or the rules (None: everything is allowed)."""

    refused: Fault | None
    rules: Protego | None


class Robots:
    """The robots.txt of every origin that a run meets; `fetch` gets them."""

    def __init__(self, fetch: Callable[[Wanted], Awaitable[Fetched]]) -> None:
        self._fetch = fetch
        self._known: dict[str, tuple[float, asyncio.Task[_Rules]]] = {}

    async def ruling(self, url: httpx.URL, source: str) -> Ruling:
        """Return what the origin's robots.txt says of a URL; fetched for the first one that asks."""
        place = f"{url.scheme}://{url.netloc.decode('ascii')}/robots.txt"
        until, task = self._known.get(place, (0.0, None))
        if task is None or until < time.monotonic():
            task = asyncio.create_task(self._read(Wanted(place, source, robots=False, accept="text/plain,*/*;q=0.1")))
            self._known[place] = (time.monotonic() + _LIFETIME, task)
        # one that gives up must not take the answer from the others
        found = await asyncio.shield(task)
        if found.refused or found.rules is None:
            return Ruling(found.refused, 0.0)
        delay = found.rules.crawl_delay(TOKEN) or 0.0
        if found.rules.can_fetch(str(url), TOKEN):
            return Ruling(None, delay)
        return Ruling(Fault(Verdict.ROBOTS_DISALLOWED, "robots.txt does not allow it"), delay)

    async def aclose(self) -> None:
        """Give up what is still being fetched."""
        tasks = [task for _, task in self._known.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, wanted: Wanted) -> _Rules:
        fetched = await self._fetch(wanted)
        status = fetched.status
        unread = fetched.verdict is Verdict.TIMED_OUT or (fetched.verdict is Verdict.TOO_LARGE and not fetched.body)
        if status is not None and 200 <= status < 300 and not fetched.lost and not unread:
            return _Rules(None, parsed(fetched.body))
        if status is not None and 400 <= status < 500 and status != 429:
            return _Rules(None, None)
        said = f"robots.txt cannot be read: {fetched.detail}"
        if fetched.verdict is Verdict.DEFERRED and status is None:
            return _Rules(Fault(Verdict.DEFERRED, said), None)
        # an address that is refused, a name that is none or invalid TLS would be the same for the page
        own = fetched.verdict is Verdict.ERROR and status is None and not fetched.exchanges and not fetched.lost
        return _Rules(Fault(Verdict.ERROR if own else Verdict.ROBOTS_DISALLOWED, said), None)


def parsed(body: bytes) -> Protego:
    """Return the rules of a robots.txt, read up to its size limit; what is no UTF-8 is passed over.

    Groups for other agents are put together under one name first: rules are kept once for each agent of a group, so
    a file of a few hundred kilobytes could name so many that memory ends.
    """
    lines = body[:SIZE_LIMIT].decode("utf-8-sig", "replace").splitlines()
    return Protego.parse("\n".join(map(_known_agent, lines)))


def _known_agent(line: str) -> str:
    found = _AGENT_LINE.match(line)
    if found is None:
        return line
    name = found[1].lower()
    return f"User-agent: {name if name in {'*', TOKEN} else 'other'}"
