"""A client that asks hosts for pages: by their robots.txt, at their turn, within limits and budgets, with retries.

Nothing that a host does raises: whatever comes of a page is a verdict with its reason.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version as installed

import httpx

from archive.exchanges import field
from flows.fetch.address import Resolver, system_addresses
from flows.fetch.browser import Browser, missing
from flows.fetch.budget import Budget
from flows.fetch.retry import AGAIN, BUSY, Backoff, retry_after
from flows.fetch.robots import REDIRECTS as ROBOTS_REDIRECTS
from flows.fetch.robots import SIZE_LIMIT, TOKEN, Robots
from flows.fetch.turns import Turns
from flows.fetch.urls import UrlError, joined, shown, web_url
from flows.fetch.verdict import REDIRECTS, status_fault, undone
from flows.fetch.wanted import PAGES, Fetched, Wanted
from flows.fetch.wire import Answer, Asked, Wire
from flows.sources.payload import PAGE_TYPES, content_type
from flows.sources.place import UNKNOWN_TYPE, Fault
from schemas.fetch import Exchange
from schemas.page import Verdict
from schemas.source import Fetching

_log = logging.getLogger(__name__)
_CODINGS = b"gzip, deflate"
"""What hosts are asked for. Brotli and Zstandard are read as well, but not by every tool that reads WARC files."""
_DECODED_AT_ONCE = 1 << 20
"""Bytes of a payload from which it is decoded in a thread, so that other pages go on meanwhile."""
_LONGEST_VALIDATOR = 1000


@dataclass(slots=True)
class _Visit:
    """A page on its way: where it has led so far, and what was spent on it."""

    wanted: Wanted
    url: httpx.URL
    delay: float
    started: datetime
    spent: float = 0.0
    exchanges: tuple[Exchange, ...] = ()
    body: bytes = b""
    conditional: bool = False

    def outcome(self, fault: Fault | None, answer: Answer | None = None) -> Fetched:
        """Return what came of it, with the bytes of the last response that came."""
        headers = answer.headers if answer else {}
        media_type, charset = content_type(headers.get("content-type", ""), self.body)
        return Fetched(
            wanted=self.wanted,
            verdict=fault.verdict if fault else Verdict.OK,
            detail=fault.detail if fault else None,
            exchanges=self.exchanges,
            body=self.body,
            media_type=PAGE_TYPES.get(media_type, media_type) or UNKNOWN_TYPE,
            charset=charset,
            final_url=str(self.url),
            status=answer.status if answer else None,
            headers=headers,
            seconds=self.spent,
            started=self.started,
            lost=answer.lost if answer else False,
        )


class Client:
    """Fetches pages by `rules`; `turns` are shared by all processes. To be used within one event loop.

    `resolve` looks names up, `tls` says whose certificates are trusted (the usual authorities, if None), `backoff` how
    long the pauses before further attempts are.
    """

    def __init__(
        self,
        rules: Fetching,
        turns: Turns,
        *,
        resolve: Resolver = system_addresses,
        tls: ssl.SSLContext | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self.rules = rules
        self._turns = turns
        self._backoff = backoff or Backoff()
        self._budget = Budget(rules.run_budget, rules.host_budget)
        self._wire = Wire(rules, turns, resolve, tls)
        self._robots = Robots(self.fetch)
        self._browser: Browser | None = None
        self._agent = user_agent(rules.contact)

    async def fetch(self, wanted: Wanted) -> Fetched:
        """Return what comes of a page."""
        delay = self.rules.delay if wanted.delay is None else wanted.delay
        visit = _Visit(wanted, httpx.URL(), delay, datetime.now(UTC))
        try:
            visit.url = web_url(wanted.url)
        except UrlError as error:
            return visit.outcome(Fault(Verdict.ERROR, str(error)))
        with self._budget.spending(visit.url.host):
            if self._budget.left(visit.url.host) <= 0:
                return visit.outcome(Fault(Verdict.DEFERRED, "the time for this host, or for the run, is spent"))
            try:
                if refused := await self._ruled(visit):
                    return refused
                return await (self._rendered(visit) if wanted.rendered else self._attempts(visit))
            except Exception as error:  # noqa: BLE001 - a page that meets a bug of ours must not take the run with it
                _log.debug("%s could not be fetched", shown(wanted.url), exc_info=True)
                return visit.outcome(Fault(Verdict.ERROR, f"cleancopy failed: {error!r}; please report it"))

    async def refusal(self, wanted: Wanted) -> Fault | None:
        """Return why a page would not be asked for, by its URL or its host's robots.txt; None where it would."""
        try:
            ruling = await self._robots.ruling(web_url(wanted.url), wanted.source)
        except UrlError as error:
            return Fault(Verdict.ERROR, str(error))
        return ruling.refused

    async def aclose(self) -> None:
        """Give up what is in progress, and close all connections."""
        await self._robots.aclose()
        if self._browser:
            await self._browser.aclose()
        await self._wire.aclose()

    async def _ruled(self, visit: _Visit) -> Fetched | None:
        """Return what came of a page that robots.txt does not allow; None, and heed its delay, where it does."""
        if not visit.wanted.robots:
            return None
        ruling = await self._robots.ruling(visit.url, visit.wanted.source)
        visit.delay = max(visit.delay, ruling.delay)
        if ruling.refused is None:
            return None
        where = f"redirected to {shown(str(visit.url))}: " if visit.exchanges else ""
        return visit.outcome(Fault(ruling.refused.verdict, where + ruling.refused.detail))

    async def _rendered(self, visit: _Visit) -> Fetched:
        """Return a page as a browser has it; asked for anew each time, since its bytes tell nothing of its text."""
        if reason := missing():
            return visit.outcome(Fault(Verdict.ERROR, reason))
        visit.wanted = replace(visit.wanted, etag=None, last_modified=None)
        fetched = await self._attempts(visit)
        if fetched.verdict is not Verdict.OK or fetched.media_type != "text/html":
            return fetched
        self._browser = self._browser or Browser(self.rules, self.fetch)
        return await self._browser.render(fetched)

    async def _attempts(self, visit: _Visit) -> Fetched:
        for attempt in range(self.rules.retries + 1):
            fetched = await self._follow(replace(visit))
            if not (fetched.lost or fetched.status in AGAIN):
                break
            host = httpx.URL(fetched.final_url).host
            asked = retry_after(fetched.headers.get("retry-after"), datetime.now(UTC))
            pause = self._backoff.pause(attempt) if asked is None else asked
            if fetched.status in BUSY:
                self._turns.hold(host, pause)
            if attempt == self.rules.retries:
                break
            if pause >= self._budget.left(visit.url.host):
                detail = f"{fetched.detail}; to be asked again in {pause:,.0f} s, too late for this run"
                return replace(fetched, verdict=Verdict.DEFERRED, detail=detail)
            await asyncio.sleep(pause)
        return fetched

    async def _follow(self, visit: _Visit) -> Fetched:
        """Ask once, and follow where redirects lead."""
        most = self.rules.redirects if visit.wanted.robots else min(self.rules.redirects, ROBOTS_REDIRECTS)
        met = {str(visit.url)}
        host = visit.url.host
        for _ in range(most + 1):
            asked = self._asked(visit, self._budget.left(host))
            answer = await _opened(await self._wire.ask(asked), visit, asked.limit)
            location = answer.headers.get("location") if answer.status in REDIRECTS else None
            if not location:
                return visit.outcome(_judged(answer, visit), answer)
            try:
                target = joined(visit.url, location)
            except UrlError as error:
                return visit.outcome(Fault(Verdict.ERROR, f"redirected where nothing is asked: {error}"), answer)
            if str(target) in met:
                circle = f"redirects lead in a circle, to {shown(str(target))}"
                return visit.outcome(Fault(Verdict.ERROR, circle), answer)
            met.add(str(target))
            visit.url = target
            if refused := await self._ruled(visit):
                return refused
        return visit.outcome(Fault(Verdict.ERROR, f"more than {most} redirects"), answer)

    def _asked(self, visit: _Visit, patience: float) -> Asked:
        wanted, url = visit.wanted, visit.url
        fields = [
            (b"Host", url.netloc),
            (b"User-Agent", self._agent),
            (b"Accept", wanted.accept.encode("ascii", "replace")),
            (b"Accept-Encoding", _CODINGS if wanted.robots else b"identity"),
        ]
        conditions = _conditions(wanted, url)
        visit.conditional = bool(conditions)
        return Asked(
            url=url,
            fields=(*fields, *conditions),
            limit=(wanted.max_bytes or self.rules.max_bytes) if wanted.robots else SIZE_LIMIT,
            keep_cut=not wanted.robots,
            wants=_may_be_page if wanted.accept == PAGES else _anything,
            delay=visit.delay,
            seconds=self.rules.page_timeout - visit.spent,
            patience=patience,
        )


def user_agent(contact: str) -> bytes:
    """Return how hosts are told who asks.

    >>> user_agent("https://example.org/bot").partition(b"(")[2]
    b'+https://example.org/bot)'
    """
    said = f"{TOKEN}/{installed('cleancopy')}" + (f" (+{contact})" if contact else "")
    return "".join(c for c in said if c.isprintable()).encode("ascii", "replace")


async def _opened(answer: Answer, visit: _Visit, limit: int) -> Answer:
    """Undo the content coding and note the exchange; what is too much once undone is not kept compressed either."""
    visit.spent += answer.seconds
    exchange = answer.exchange
    if exchange is None:
        return answer
    if not visit.exchanges:
        # before that it waited for its turn
        visit.started = datetime.now(UTC) - timedelta(seconds=answer.seconds)
    declared = field(exchange.response, "content-encoding")
    if len(exchange.payload) > _DECODED_AT_ONCE:
        visit.body, fault = await asyncio.to_thread(undone, exchange.payload, declared, limit)
    else:
        visit.body, fault = undone(exchange.payload, declared, limit)
    if fault and fault.verdict is Verdict.TOO_LARGE:
        exchange = replace(exchange, payload=b"", truncated="length")
    visit.exchanges = (*visit.exchanges, exchange)
    return replace(answer, exchange=exchange, fault=answer.fault or fault)


def _judged(answer: Answer, visit: _Visit) -> Fault | None:
    """Return what is wrong with the last response, or with what stands in its place."""
    if answer.status is None or answer.exchange is None:
        return answer.fault
    if (unsuccessful := status_fault(answer.status, conditional=visit.conditional)) or answer.fault:
        return unsuccessful or answer.fault
    media_type, _ = content_type(answer.headers.get("content-type", ""), visit.body)
    if visit.wanted.accept == PAGES and media_type not in PAGE_TYPES:
        told = (
            f"media type {shown(media_type)[:80]}" if media_type else "no media type, and it does not begin like HTML"
        )
        return Fault(Verdict.UNSUPPORTED_TYPE, told)
    return None


def _conditions(wanted: Wanted, url: httpx.URL) -> list[tuple[bytes, bytes]]:
    """Return the fields that ask for a page only if it has changed, where its validators are of this URL."""
    if wanted.validates is not None and wanted.validates != str(url):
        return []
    known = ((b"If-None-Match", wanted.etag), (b"If-Modified-Since", wanted.last_modified))
    return [(name, value.encode("latin-1")) for name, value in known if value and _sendable(value)]


def _sendable(value: str) -> bool:
    return len(value) <= _LONGEST_VALIDATOR and value.isprintable() and value.isascii()


def _may_be_page(status: int, headers: Mapping[str, str]) -> bool:
    media_type, _ = content_type(headers.get("content-type", ""), b"")
    return status in REDIRECTS or not media_type or media_type in PAGE_TYPES


def _anything(_status: int, _headers: Mapping[str, str]) -> bool:
    return True
