"""Connections that are kept for the next request to the same host: each carries one request at a time.

httpcore's own pool looks at every connection for every request, and gives one connection to several requests that then
fight for it: at 16 connections to one host that took three quarters of the time.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpcore
import httpx

_IDLE = 15.0
"""Seconds that a connection is kept without a request."""


@dataclass(slots=True)
class Opened:
    """A response that is being read; whoever has read it to its end says so, and the connection is kept."""

    response: httpcore.Response
    whole: bool = False


class Connections:
    """The connections of a run; at most `most` are kept idle."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext | None, most: int) -> None:
        self._backend, self._most = backend, most
        self._tls = tls or httpx.create_ssl_context()
        self._idle: list[tuple[httpcore.Origin, httpcore.AsyncHTTPConnection]] = []

    @asynccontextmanager
    async def open(self, request: httpcore.Request) -> AsyncIterator[Opened]:
        """Send a request and give its response."""
        origin = request.url.origin
        connection = await self._take(origin)
        opened = None
        try:
            opened = Opened(await connection.handle_async_request(request))
            try:
                yield opened
            finally:
                await opened.response.aclose()
        finally:
            if opened and opened.whole and connection.is_idle() and not connection.is_closed():
                self._idle.append((origin, connection))
            else:
                await connection.aclose()

    async def aclose(self) -> None:
        """Close what is idle."""
        while self._idle:
            await self._idle.pop()[1].aclose()

    async def _take(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        while kept := next((entry for entry in reversed(self._idle) if entry[0] == origin), None):
            self._idle.remove(kept)
            if kept[1].is_available() and not kept[1].has_expired():
                return kept[1]
            await kept[1].aclose()
        while len(self._idle) >= self._most:
            await self._idle.pop(0)[1].aclose()
        return httpcore.AsyncHTTPConnection(
            origin, self._tls, keepalive_expiry=_IDLE, http2=True, network_backend=self._backend
        )
