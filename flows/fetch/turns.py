"""Turns at a host, across all processes of a machine: least time between two starts, and how many at a time.

A small file for each host in the cache holds when the last request started and until when the host asked to be left
alone; whoever starts one reads and writes it under a lock. A request in progress holds a lock on a slot's file. Locks
end with their process, so a killed run leaves none behind.
"""

import asyncio
import fcntl
import hashlib
import math
import os
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

_STATE = struct.Struct("<dd")
_POLLS = (0.005, 0.1)
"""Seconds between looks at a slot that another process holds: the first, and the longest."""
LONGEST_HOLD = 24 * 3600.0
"""Seconds that a host can ask to be left alone for; what asks for more is a mistake or an attack."""


class Turns:
    """Turns at hosts, kept in files of a folder that all processes share."""

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder or _cache() / "turns"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._here: dict[str, asyncio.Semaphore] = {}
        self._held: set[tuple[str, int]] = set()

    def wait(self, host: str, delay: float) -> float:
        """Return the seconds until the host may be asked, 0 for now, as things stand."""
        with self._state(host) as handle:
            return self._due(handle, delay, self._clock())

    def start(self, host: str, delay: float) -> float:
        """Take the turn and return 0 where the host may be asked now, else return the seconds to wait.

        No two turns at a host that are taken with a delay are closer to each other than that.
        """
        with self._state(host) as handle:
            now = self._clock()
            due = self._due(handle, delay, now)
            if not due:
                self._write(handle, now, _read(handle)[1])
            return due

    def sent(self, host: str) -> None:
        """Count the delay from now on: a request took its time to go out."""
        with self._state(host) as handle:
            self._write(handle, self._clock(), _read(handle)[1])

    def hold(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long, at most LONGEST_HOLD."""
        with self._state(host) as handle:
            last, held = _read(handle)
            self._write(handle, last, max(held, self._clock() + min(seconds, LONGEST_HOLD)))

    async def take(self, host: str, delay: float) -> None:
        """Wait for the turn at a host, and take it."""
        while wait := self.start(host, delay):  # noqa: ASYNC110 - what is waited for may be in another process
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def slot(self, host: str, slots: int) -> AsyncIterator[None]:
        """Hold one of a host's `slots` for as long as the block lasts; wait for one if need be."""
        async with self._here.setdefault(host, asyncio.Semaphore(slots)):
            number, handle = await self._free(host, slots)
            self._held.add((host, number))
            try:
                yield
            finally:
                self._held.discard((host, number))
                os.close(handle)

    async def _free(self, host: str, slots: int) -> tuple[int, int]:
        """Return the number of a slot that was free, and the handle that holds it."""
        pause, longest = _POLLS
        while True:
            for number in range(slots):
                if (host, number) in self._held:
                    continue
                handle = os.open(self._path(host, f".{number}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(handle)
                else:
                    return number, handle
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    def _due(self, handle: int, delay: float, now: float) -> float:
        last, held = _read(handle)
        # a clock that was set back must not keep a host waiting for the hours in between
        last, held = min(last, now), min(held, now + LONGEST_HOLD)
        return max(0.0, last + delay - now, held - now)

    @staticmethod
    def _write(handle: int, last: float, held: float) -> None:
        os.pwrite(handle, _STATE.pack(last, held), 0)

    @contextmanager
    def _state(self, host: str) -> Iterator[int]:
        handle = os.open(self._path(host, ""), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)

    def _path(self, host: str, suffix: str) -> Path:
        return self._folder / (hashlib.sha256(host.encode()).hexdigest()[:32] + suffix)


def _read(handle: int) -> tuple[float, float]:
    stored = os.pread(handle, _STATE.size, 0)
    last, held = _STATE.unpack(stored) if len(stored) == _STATE.size else (0.0, 0.0)
    return (last, held) if math.isfinite(last) and math.isfinite(held) else (0.0, 0.0)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cleancopy"
