"""Whether and when a page is asked for again: growing pauses with jitter, or as long as the host says."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flows.fetch.turns import LONGEST_HOLD

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be others a little later (RFC 9110, RFC 6585)."""

BUSY = frozenset({429, 503})
"""Statuses by which a host asks for fewer requests: it is left alone for the pause."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses before further attempts, in seconds: about `first` before the second, twice that each time, to `most`."""

    first: float = 2.0
    most: float = 120.0

    def pause(self, attempt: int) -> float:
        """Return the pause after attempt 0, 1, …: half of it is fixed and half of it is chance.

        Chance keeps those who failed together from coming back together.
        """
        whole = min(self.most, self.first * 2.0 ** min(attempt, 30))
        return whole * (1 + random.random()) / 2  # noqa: S311 - nobody gains by guessing it


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that Retry-After asks for (a number or a date), at most a day; None where it is neither.

    >>> retry_after("120", datetime(2020, 11, 10, tzinfo=UTC))
    120.0
    >>> retry_after("Tue, 10 Nov 2020 00:01:00 GMT", datetime(2020, 11, 10, tzinfo=UTC))
    60.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_HOLD)
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return min(max(0.0, (moment - now).total_seconds()), LONGEST_HOLD)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
