"""Time that a run may spend, on all hosts and on each one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Spent:
    """Seconds spent on a host before, requests in progress, and since when there are any."""

    seconds: float = 0.0
    open: int = 0
    since: float = 0.0


class Budget:
    """What is left of a run's time; for a host only the time counts in which some page of it is waited for."""

    def __init__(self, run: float, host: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._run, self._host, self._clock = run, host, clock
        self._began: float | None = None
        self._hosts: dict[str, _Spent] = {}

    def left(self, host: str) -> float:
        """Return the seconds that may still be spent on a host; 0 or less where none are left."""
        now = self._clock()
        run = self._run - (now - self._began if self._began is not None else 0.0)
        spent = self._hosts.get(host, _Spent())
        return min(run, self._host - spent.seconds - (now - spent.since if spent.open else 0.0))

    @contextmanager
    def spending(self, host: str) -> Iterator[None]:
        """Count the time of the block, once where several overlap."""
        spent = self._hosts.setdefault(host, _Spent())
        now = self._clock()
        if self._began is None:
            self._began = now
        if not spent.open:
            spent.since = now
        spent.open += 1
        try:
            yield
        finally:
            spent.open -= 1
            if not spent.open:
                spent.seconds += self._clock() - spent.since
