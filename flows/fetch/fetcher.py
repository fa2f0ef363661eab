"""From wanted pages to captures: a thread of its own fetches, fairly between hosts, while the caller stores.

The caller takes captures from a bounded queue. While it is full nothing more is fetched, so that what is fetched and
not yet stored never takes more memory than _WAITING_BYTES and one page more.
"""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from flows.fetch.captured import capture_of
from flows.fetch.client import Client
from flows.fetch.turns import Turns
from flows.fetch.wanted import Fetched, Wanted
from flows.sources.identity import identity_of_url
from schemas.page import Capture
from schemas.source import Fetching

Listing = AsyncIterable[Wanted | Fetched] | Iterable[Wanted | Fetched]
"""Pages to ask for, and pages that had to be fetched already, for their links."""

_WAITING_BYTES = 64 << 20
_LISTED_AHEAD = 100_000
"""Pages that are taken from a listing before their turn: about 50 MB."""
_SHUTDOWN = 8.0
"""Seconds that what is in progress has to end, once a run is stopped."""
_LOOK = 0.2


@dataclass(slots=True)
class Progress:
    """How many pages were listed, and how many of them are done; a page that was listed before counts once."""

    listed: int = 0
    fetched: int = 0


def captures(
    wanted: Listing,
    rules: Fetching,
    *,
    client: Client | None = None,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
) -> Generator[Capture, None, None]:
    """Yield a capture for each wanted page, in order of completion; a page that is listed twice is fetched once.

    `wanted` is read in the fetching thread, so an asynchronous listing may use the same `client`, which is closed at
    the end. Once `stop` is set nothing more is asked for, what is in progress is given up, and the captures end
    within 10 seconds. The same happens where the caller closes the generator. What a listing raises is raised here.
    """
    outbox = _Outbox(_WAITING_BYTES)
    ended = stop or threading.Event()
    closed = threading.Event()
    run = _Run(client or Client(rules, Turns()), outbox, progress or Progress())
    thread = threading.Thread(
        target=_fetch, args=(run, wanted, lambda: ended.is_set() or closed.is_set()), name="fetching", daemon=True
    )
    thread.start()
    try:
        yield from outbox.take()
    finally:
        closed.set()
        outbox.abandon()
        thread.join(_SHUTDOWN + 1)


class _Outbox:
    """Captures on their way from the fetching thread to the caller's, no more bytes of them than allowed."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._ready: queue.SimpleQueue[Capture | BaseException | None] = queue.SimpleQueue()
        self._room = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._abandoned = False

    async def put(self, capture: Capture) -> None:
        """Hand over a capture as soon as there is room; called in the fetching thread."""
        self._loop = asyncio.get_running_loop()
        while self._bytes and self._bytes + _size(capture) > self._most and not self._abandoned:
            self._room.clear()
            await self._room.wait()
        self._bytes += _size(capture)
        self._ready.put(capture)

    def end(self, error: BaseException | None) -> None:
        """Say that nothing more comes, or what went wrong."""
        self._ready.put(error)

    def take(self) -> Generator[Capture, None, None]:
        """Yield captures until the end; raise what went wrong."""
        while (capture := self._ready.get()) is not None:
            if isinstance(capture, BaseException):
                raise capture
            self._later(_size(capture))
            yield capture

    def abandon(self) -> None:
        """Let go of whoever waits for room."""
        self._abandoned = True
        self._later(0)

    def _later(self, taken: int) -> None:
        def free() -> None:
            self._bytes -= taken
            self._room.set()

        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(free)


@dataclass(slots=True)
class _Run:
    """The pages of a run that wait, by host, and those who fetch them: as many for each host as it has slots."""

    client: Client
    outbox: _Outbox
    progress: Progress
    waiting: dict[str, deque[Wanted]] = field(default_factory=dict)
    workers: dict[str, int] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    async def carry_out(self, wanted: Listing) -> None:
        room = asyncio.Semaphore(_LISTED_AHEAD)
        async with asyncio.TaskGroup() as tasks:
            async for page in _each(wanted):
                identity = identity_of_url(page.wanted.url if isinstance(page, Fetched) else page.url)
                if identity in self.met:
                    continue
                self.met.add(identity)
                self.progress.listed += 1
                if isinstance(page, Fetched):
                    await self.outbox.put(capture_of(page))
                    self.progress.fetched += 1
                    continue
                await room.acquire()
                host = _host(page)
                self.waiting.setdefault(host, deque()).append(page)
                if self.workers.get(host, 0) < self.client.rules.per_host:
                    self.workers[host] = self.workers.get(host, 0) + 1
                    tasks.create_task(self._work(host, room))

    async def _work(self, host: str, room: asyncio.Semaphore) -> None:
        pages = self.waiting[host]
        while pages:
            page = pages.popleft()
            room.release()
            await self.outbox.put(capture_of(await self.client.fetch(page)))
            self.progress.fetched += 1
        self.workers[host] -= 1


def _fetch(run: _Run, wanted: Listing, stopped: Callable[[], bool]) -> None:
    """Fetch in an event loop of its own, until all is done or the run is stopped."""
    error: BaseException | None = None
    try:
        asyncio.run(_until_stopped(run, wanted, stopped))
    except BaseExceptionGroup as group:
        error = group.exceptions[0]
    except BaseException as raised:  # noqa: BLE001 - it is raised again where somebody can see it
        error = raised
    run.outbox.end(error)


async def _until_stopped(run: _Run, wanted: Listing, stopped: Callable[[], bool]) -> None:
    work = asyncio.create_task(run.carry_out(wanted))
    try:
        while not work.done() and not stopped():
            await asyncio.wait([work], timeout=_LOOK)
        if not work.done():
            work.cancel()
            await asyncio.wait([work], timeout=_SHUTDOWN / 2)
        elif error := work.exception():
            raise error
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(run.client.aclose(), _SHUTDOWN / 2)


async def _each(wanted: Listing) -> AsyncIterator[Wanted | Fetched]:
    if isinstance(wanted, AsyncIterable):
        async for page in wanted:
            yield page
    else:
        for number, page in enumerate(wanted):
            if not number % 100:
                await asyncio.sleep(0)  # a long list must not keep those waiting who fetch
            yield page


def _host(page: Wanted) -> str:
    """Return what pages are queued by: the host as it stands in the URL, also where it is none."""
    return page.url.partition("//")[2].partition("/")[0].lower()


def _size(capture: Capture) -> int:
    return 2000 + len(capture.body) + sum(len(e.payload) + len(e.response) for e in capture.exchanges)
