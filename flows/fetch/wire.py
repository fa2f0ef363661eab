"""One request and its response, within limits, at the host's turn; what a host does becomes an answer, never an error.

The turn is taken when the connection stands and the request is about to go out, so that hosts see the delay that was
promised and not what is left of it after look-up and handshake.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpcore
import httpx

from flows.fetch.address import AddressError, Guard, GuardedBackend, Resolver, UnresolvedError
from flows.fetch.connections import Connections
from flows.fetch.heads import joined, request_head, response_head
from flows.fetch.turns import Turns
from flows.fetch.urls import masked
from flows.fetch.verdict import REDIRECTS
from flows.sources.place import Fault
from schemas.fetch import Exchange
from schemas.page import Verdict
from schemas.source import Fetching

_SLACK = 0.01
"""Share of the delay that is waited longer: a host may read one request late and the next one early."""
_REDIRECT_LIMIT = 1 << 16
"""Bytes of a redirect's payload that are taken: nobody reads it."""
_HEAD_TOO_LONG = ("receive buffer too long", "header list", "max_header_list")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its fields in order, the most bytes of payload taken, and whether a longer one is kept cut.

    `wants` is told the response's fields and says whether the payload is wanted. `delay` is what must lie between two
    requests to the host. `seconds` is how long the exchange may take from its turn on, `patience` how long to wait
    for the turn.
    """

    url: httpx.URL
    fields: Sequence[tuple[bytes, bytes]]
    limit: int
    keep_cut: bool
    wants: Callable[[int, Mapping[str, str]], bool]
    delay: float
    seconds: float
    patience: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gave: `fault` where something went wrong on the way, `lost` where another attempt may help.

    `seconds` is what the exchange took, without the wait for its turn.
    """

    exchange: Exchange | None
    status: int | None
    headers: Mapping[str, str]
    fault: Fault | None
    lost: bool
    seconds: float


@dataclass(slots=True)
class _Received:
    """What has come of a response so far."""

    asked: Asked
    head: bytes = b""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    protocol: str = ""
    address: str = ""
    payload: bytearray = field(default_factory=bytearray)
    truncated: str | None = None
    fault: Fault | None = None
    lost: bool = False
    seconds: float = 0.0

    def answer(self) -> Answer:
        url = str(self.asked.url)
        sent = request_head(self.asked.url.raw_path, self.asked.fields)
        exchange = None
        if self.head:
            # bytearray and bytes of a page at the same time would double what a large one takes
            payload, self.payload = bytes(self.payload), bytearray()
            exchange = Exchange(url, sent, self.head, payload, self.protocol, self.address, self.truncated)
        return Answer(exchange, self.status, self.headers, self.fault, self.lost, self.seconds)

    def fail(self, fault: Fault, truncated: str | None, *, lost: bool) -> None:
        self.fault, self.truncated, self.lost = fault, truncated if self.head else None, lost


class Wire:
    """How a run asks: connections to guarded addresses, and turns at hosts."""

    def __init__(self, rules: Fetching, turns: Turns, resolve: Resolver, tls: ssl.SSLContext | None) -> None:
        self._rules, self._turns = rules, turns
        self._open = asyncio.Semaphore(rules.connections)
        self._connections = Connections(GuardedBackend(Guard(rules.allow), resolve), tls, rules.connections)

    async def ask(self, asked: Asked) -> Answer:
        """Send a request at its host's turn and take the response, as far as limits let it."""
        received = _Received(asked)
        try:
            async with AsyncExitStack() as held:
                if await self._turn(asked, held):
                    await self._exchange(asked, received)
                else:
                    received.fail(
                        Fault(Verdict.DEFERRED, "its turn would come too late for this run"), None, lost=False
                    )
        except TimeoutError:
            received.fail(Fault(Verdict.TIMED_OUT, "the page took longer than the limit"), "time", lost=False)
        except httpcore.TimeoutException:
            waited = "connection" if not received.head else "next bytes"
            said = f"nothing came for {self._rules.timeout:g} s ({waited})"
            received.fail(Fault(Verdict.TIMED_OUT, said), "time", lost=True)
        except (AddressError, UnresolvedError) as error:
            received.fail(Fault(Verdict.ERROR, str(error)), None, lost=isinstance(error, UnresolvedError))
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            self._broken(received, error)
        return received.answer()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._connections.aclose()

    async def _turn(self, asked: Asked, held: AsyncExitStack) -> bool:
        """Wait until the host may be asked; hold a slot of it and one of the connections. False where that is late."""
        host = asked.url.host
        try:
            async with asyncio.timeout(max(0.0, asked.patience)) as scope:
                await held.enter_async_context(self._turns.slot(host, self._rules.per_host))
                while wait := self._turns.wait(host, asked.delay):
                    if asyncio.get_running_loop().time() + wait > (scope.when() or 0.0):
                        return False
                    await asyncio.sleep(wait)
                await held.enter_async_context(self._open)
        except TimeoutError:
            return False
        return True

    async def _exchange(self, asked: Asked, received: _Received) -> None:
        loop = asyncio.get_running_loop()
        began, host = loop.time(), asked.url.host
        waited = 0.0
        async with asyncio.timeout(max(0.0, asked.seconds)) as scope:

            async def at_turn(event: str, _info: Mapping[str, object]) -> None:
                nonlocal waited
                if event.endswith(".send_request_headers.started"):
                    before = loop.time()
                    await self._turns.take(host, asked.delay * (1 + _SLACK))
                    waited += loop.time() - before
                    scope.reschedule(began + asked.seconds + waited)
                elif event.endswith(".send_request_body.complete") and asked.delay:
                    self._turns.sent(host)

            try:
                async with self._connections.open(self._request(asked, at_turn)) as opened:
                    _begin(received, opened.response)
                    opened.whole = await _read(received, opened.response)
            finally:
                received.seconds = loop.time() - began - waited

    def _request(self, asked: Asked, trace: Callable[..., object]) -> httpcore.Request:
        url, seconds = asked.url, self._rules.timeout
        place = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        limits = {"connect": seconds, "read": seconds, "write": seconds}
        return httpcore.Request(
            "GET", place, headers=list(asked.fields), extensions={"timeout": limits, "trace": trace}
        )

    @staticmethod
    def _broken(received: _Received, error: Exception) -> None:
        said = " ".join(masked(str(error)).split())[:200] or type(error).__name__
        if refused := _tls_error(error):
            why = getattr(refused, "verify_message", "") or refused.reason or said
            received.fail(Fault(Verdict.ERROR, f"no valid TLS: {why}"), None, lost=False)
        elif any(sign in said.lower() for sign in _HEAD_TOO_LONG):
            received.fail(Fault(Verdict.ERROR, "the head of the response is too long"), None, lost=False)
        elif received.head:
            received.fail(Fault(Verdict.TRUNCATED, f"the connection ended early: {said}"), "disconnect", lost=True)
        else:
            received.fail(Fault(Verdict.ERROR, f"no response: {said}"), None, lost=True)


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """Return the error of TLS that another one was raised from, if one was."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _begin(received: _Received, response: httpcore.Response) -> None:
    """Note the head of a response, and how it came."""
    version = bytes(response.extensions["http_version"])
    stream = response.extensions["network_stream"]
    reason = bytes(response.extensions.get("reason_phrase", b""))
    received.status, received.headers = response.status, joined(response.headers)
    received.head = response_head(version, response.status, reason, response.headers)
    received.address = str((stream.get_extra_info("server_addr") or ("",))[0]).partition("%")[0]
    names = ["h2" if version == b"HTTP/2" else version.decode("ascii", "replace").lower()]
    if tls := stream.get_extra_info("ssl_object"):
        names.append((tls.version() or "tls").lower().replace("tlsv", "tls/"))
    received.protocol = ",".join(names)


async def _read(received: _Received, response: httpcore.Response) -> bool:
    """Take the payload, as long as it is wanted and within the limit; return whether it was read to its end."""
    asked = received.asked
    if not asked.wants(response.status, received.headers):
        received.truncated = "unspecified"
        return False
    limit, keep = asked.limit, asked.keep_cut
    if response.status in REDIRECTS:
        limit, keep = min(limit, _REDIRECT_LIMIT), True
    stated = received.headers.get("content-length", "")
    too_long = stated.isdigit() and len(stated) < 20 and int(stated) > limit and not keep
    if not too_long:
        async for chunk in response.aiter_stream():
            received.payload += chunk
            if too_long := len(received.payload) > limit:
                break
    if too_long:
        received.payload = bytearray(received.payload[:limit] if keep else b"")
        received.fail(Fault(Verdict.TOO_LARGE, f"more than {limit:,} bytes"), "length", lost=False)
    return not too_long
