"""Pages that only scripts write, opened in the system's Chromium; whatever they ask for, our own client fetches.

Chromium itself reaches nothing: each request of a page is answered from here, so robots.txt, turns, limits and
addresses are those of every other page, and its proxy is a port where nobody listens, for whatever would go another
way. Scripts and what they ask for are fetched; pictures, fonts, frames, forms, sockets and workers are not.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from flows.fetch.wanted import Fetched, Wanted
from schemas.page import Verdict
from schemas.source import Fetching

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page, Request, Route, WebSocketRoute

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_PARTS = frozenset({"script", "xhr", "fetch"})
_MOST_PARTS = 200
"""Requests of one page beyond its own."""
_CLOSING = 10.0
"""Seconds that a page has to close."""
_KEPT_BYTES = 64 << 20
"""Bytes of scripts that are kept for further pages of the run."""
_NOT_PASSED_ON = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie", "connection"})
_FLAGS = (
    "--js-flags=--max-old-space-size=512",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--dns-prefetch-disable",
)


def missing() -> str | None:
    """Return what must be installed before pages can be opened in a browser, for a person; None where all is there."""
    if find_spec("playwright") is None:
        return "sources with browser = true need Playwright: install the extra `browser`"
    if _chromium() is None:
        return "sources with browser = true need Chromium: install it with the system's packages (apt install chromium)"
    return None


@dataclass(slots=True)
class _Visit:
    """A page that is open: what the host answered, and what may still be fetched for it."""

    fetched: Fetched
    left: int
    parts: int = 0


@dataclass(slots=True)
class Browser:
    """A browser that starts with its first page; `fetch` gets the parts of pages."""

    rules: Fetching
    fetch: Callable[[Wanted], Awaitable[Fetched]]
    _held: AsyncExitStack = field(default_factory=AsyncExitStack)
    _chromium: "Chromium | None" = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _kept: dict[str, Fetched] = field(default_factory=dict)

    async def render(self, fetched: Fetched) -> Fetched:
        """Return a page as its scripts have written it: its document as HTML in UTF-8, or why there is none."""
        from playwright.async_api import Error  # noqa: PLC0415 - an extra that may not be there

        try:
            chromium = await self._started()
            async with asyncio.timeout(self.rules.page_timeout):
                body = await self._open(chromium, fetched)
        except TimeoutError:
            return _failed(fetched, Verdict.TIMED_OUT, "the page's scripts took longer than the limit")
        except Error as error:
            return _failed(fetched, Verdict.ERROR, f"the browser gave up: {error.message.splitlines()[0][:200]}")
        limit = fetched.wanted.max_bytes or self.rules.max_bytes
        if len(body) > limit:
            return _failed(fetched, Verdict.TOO_LARGE, f"more than {limit:,} bytes once its scripts had run")
        return replace(fetched, body=body, media_type="text/html", charset="utf-8", rendered=True)

    async def aclose(self) -> None:
        """Close the browser."""
        await self._held.aclose()

    async def _open(self, chromium: "Chromium", fetched: Fetched) -> bytes:
        agent = fetched.exchanges[-1].request.partition(b"User-Agent: ")[2].partition(b"\r\n")[0].decode("ascii")
        context = await chromium.new_context(service_workers="block", accept_downloads=False, user_agent=agent)
        try:
            page = await context.new_page()
            visit = _Visit(fetched, fetched.wanted.max_bytes or self.rules.max_bytes)

            async def answer(route: "Route", request: "Request") -> None:
                with suppress(Exception):  # the page may be closed by now, and then nobody waits for the answer
                    await self._answer(route, request, page, visit)

            await context.route("**/*", answer)
            await context.route_web_socket("**/*", _hang_up)
            await page.goto(fetched.final_url, wait_until="load", timeout=0)
            with suppress(Exception):  # a page that never rests is taken as it is then
                await page.wait_for_load_state("networkidle", timeout=self.rules.timeout * 1000)
            return (await page.content()).encode("utf-8", "replace")
        finally:
            with suppress(TimeoutError):  # a script that never rests must not keep the run
                await asyncio.wait_for(context.close(), _CLOSING)

    async def _answer(self, route: "Route", request: "Request", page: "Page", visit: _Visit) -> None:
        if request.is_navigation_request():
            own = request.frame == page.main_frame and request.url.partition("#")[0] == visit.fetched.final_url
            found = visit.fetched if own else None
        elif request.method != "GET" or request.resource_type not in _PARTS or visit.parts >= _MOST_PARTS:
            found = None
        else:
            visit.parts += 1
            found = await self._part(request.url, visit)
        if found is None or found.status is None or len(found.body) > visit.left:
            await route.abort()
            return
        visit.left -= len(found.body) if found is not visit.fetched else 0
        headers = {name: value for name, value in found.headers.items() if name not in _NOT_PASSED_ON}
        await route.fulfill(status=found.status, headers=headers, body=found.body)

    async def _part(self, url: str, visit: _Visit) -> Fetched | None:
        if known := self._kept.get(url):
            return known
        wanted = visit.fetched.wanted
        found = await self.fetch(Wanted(url, wanted.source, accept="*/*", max_bytes=visit.left, delay=wanted.delay))
        if found.verdict is not Verdict.OK:
            return None
        if sum(len(one.body) for one in self._kept.values()) + len(found.body) <= _KEPT_BYTES:
            self._kept[url] = found
        return found

    async def _started(self) -> "Chromium":
        from playwright.async_api import async_playwright  # noqa: PLC0415 - an extra that may not be there

        async with self._starting:
            if self._chromium is None:
                playwright = await self._held.enter_async_context(async_playwright())
                nowhere = self._held.enter_context(socket.socket())
                nowhere.bind(("127.0.0.1", 0))  # taken, and not listening: nobody else can
                self._chromium = await playwright.chromium.launch(
                    executable_path=_chromium(),
                    chromium_sandbox=os.geteuid() != 0,  # Chromium has none for root
                    args=list(_FLAGS),
                    proxy={"server": f"http://127.0.0.1:{nowhere.getsockname()[1]}", "bypass": "<-loopback>"},
                    timeout=120_000,
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
                self._held.push_async_callback(self._chromium.close)
        return self._chromium


def _failed(fetched: Fetched, verdict: Verdict, detail: str) -> Fetched:
    return replace(fetched, verdict=verdict, detail=detail)


def _hang_up(socket_route: "WebSocketRoute") -> object:
    return socket_route.close()


def _chromium() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
