"""When a source runs: the moments of its `cron` or its `every`."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from schemas.source import Source

ANCHOR = datetime(2020, 1, 1)  # noqa: DTZ001 - midnight in the source's own time zone
"""What `every` counts from, so that a restart does not put the next run off."""


def anchor(source: Source) -> datetime:
    """Return the moment from which the source's `every` counts."""
    return ANCHOR.replace(tzinfo=ZoneInfo(source.timezone))


def next_due(source: Source, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which the source runs, in UTC; None where it runs only when told to.

    >>> from datetime import UTC, datetime
    >>> next_due(Source(feed="https://example.org/rss", cron="30 3 * * *", timezone="Asia/Yerevan"),
    ...          datetime(2026, 11, 29, 12, 0, tzinfo=UTC)).isoformat()
    '2026-11-29T23:30:00+00:00'
    >>> next_due(Source(feed="https://example.org/rss", every="PT6H"),
    ...          datetime(2026, 11, 29, 12, 1, tzinfo=UTC)).isoformat()
    '2026-11-29T18:00:00+00:00'
    """
    if source.cron:
        moments = CronSim(source.cron, now.astimezone(ZoneInfo(source.timezone)))
        return next(moments).astimezone(UTC)
    if source.every:
        return now + source.every - _since(source, now, source.every)
    return None


def last_due(source: Source, now: datetime) -> datetime | None:
    """Return the last moment up to `now` at which the source was to run, in UTC; None as above."""
    if source.cron:
        moments = CronSim(source.cron, now.astimezone(ZoneInfo(source.timezone)), reverse=True)
        return next(moments).astimezone(UTC)
    if source.every:
        return now - _since(source, now, source.every)
    return None


def _since(source: Source, now: datetime, every: timedelta) -> timedelta:
    return (now - anchor(source)) % every
