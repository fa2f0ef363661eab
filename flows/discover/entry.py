"""What a listing says of the pages it lists, and why a listed page may not be taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why a page that is listed is not taken."""

    NOT_WEB = "not_web"
    CREDENTIALS = "credentials"
    OTHER_SITE = "other_site"
    NO_PAGE = "no_page"
    EXCLUDED = "excluded"
    NOT_INCLUDED = "not_included"
    DUPLICATE = "duplicate"
    OTHER_SOURCE = "other_source"
    OVER_LIMIT = "over_limit"
    ROBOTS_DISALLOWED = "robots_disallowed"
    PRIVATE_ADDRESS = "private_address"
    UNREACHABLE = "unreachable"


REASONS = {
    Reason.NOT_WEB: "It is no address of the web: not http or https, or without a host.",
    Reason.CREDENTIALS: "The address holds a user name or a password.",
    Reason.OTHER_SITE: "A sitemap lists it and it is on another site, or a section links to it on another host.",
    Reason.NO_PAGE: "A section links to it, and its address ends like that of a picture, a film or another file.",
    Reason.EXCLUDED: "A pattern of `exclude` matches.",
    Reason.NOT_INCLUDED: "No pattern of `include` matches.",
    Reason.DUPLICATE: "The source lists the same page more than once.",
    Reason.OTHER_SOURCE: "An earlier source of the run lists it too, and takes it.",
    Reason.OVER_LIMIT: "The source has `limit` pages already; the newest are taken where dates are known.",
    Reason.ROBOTS_DISALLOWED: "The site's robots.txt does not allow it (told by `sources check`).",
    Reason.PRIVATE_ADDRESS: "Its host is in a private network that `allow` does not name (told by `sources check`).",
    Reason.UNREACHABLE: "Its host has no address, or its robots.txt cannot be had at all (told by `sources check`).",
}
"""Each reason's meaning."""

OLDEST = datetime.min.replace(tzinfo=UTC)
"""Stands for the date of a page whose date is not known."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a listing names: its address, the time of its last change as far as that is said, the words on it.

    `listed` has `title`, `published` and `lastmod` where the listing gives them; times are ISO 8601 in UTC.
    """

    url: str
    dated: datetime = OLDEST
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Child:
    """A listing that another one names: a sitemap of an index, a feed of a page."""

    url: str
    dated: datetime = OLDEST


@dataclass(frozen=True, slots=True)
class Listing:
    """What one listing holds: pages and further listings, in its order, and what was wrong with it."""

    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    problems: tuple[str, ...] = ()


def about(title: str, published: datetime | None, modified: datetime | None) -> dict[str, str]:
    """Return the words of a listing on a page, those that there are."""
    said = {"title": title, "published": _written(published), "lastmod": _written(modified)}
    return {name: value for name, value in said.items() if value}


def _written(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""
