"""Dates as pages state them for machines, into ISO 8601 to the day or the second."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ]+(\d{2}:\d{2})(:\d{2})?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
"""Day first wherever dates are dotted; slashes are read day first or month first, and so not at all."""
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
"""Constant bounds: what a page's date is read as must not depend on the day it is read."""
_UNSET = frozenset(("1900-01-01", "1970-01-01"))
"""What programs write where no date was set."""


def iso_date(value: str | None) -> str | None:
    """Return a date in ISO 8601, with its time and offset if it has them; None where it is none, or was never set.

    >>> iso_date("2020-10-27T09:05:00.120+0400"), iso_date("Tue, 27 Oct 2020 09:05:00 GMT"), iso_date("27 October")
    ('2020-10-27T09:05:00+04:00', '2020-10-27T09:05:00Z', None)
    """
    value = _DOTTED.sub(r"\3-\2-\1", " ".join((value or "").split()), count=1)
    if len(value) > 40:
        return None
    try:
        if match := _ISO.fullmatch(value):
            moment = _moment(match)
        elif re.match(r"[A-Z][a-z]{2}, \d", value):
            moment = parsedate_to_datetime(value)
        else:
            return None
    except ValueError:
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR or moment.date().isoformat() in _UNSET:
        return None
    if match and not match[4]:
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds").removesuffix("+00:00") + ("Z" if moment.tzinfo is UTC else "")


def _moment(match: re.Match[str]) -> datetime:
    year, month, day, time, seconds, zone = match.groups()
    moment = datetime.fromisoformat(f"{year}-{month}-{day}T{time or '00:00'}{seconds or ':00'}")
    if not zone:
        return moment
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return moment.replace(tzinfo=UTC)
    offset = datetime.strptime(zone if len(zone) > 3 else f"{zone}00", "%z").tzinfo
    return moment.replace(tzinfo=UTC if offset == UTC else offset)
