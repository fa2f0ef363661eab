"""What is asked for, and what came of it: the types between a source's listing and the captures of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas.fetch import Exchange
from schemas.page import Verdict

PAGES = "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1"
"""Accept of a request for a page."""

LISTINGS = "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,text/html;q=0.5,*/*;q=0.1"
"""Accept of a request for a feed or a sitemap."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to ask for: its URL as listed, the source that lists it, and what is known from before.

    `etag` and `last_modified` are the validators of the newest ok capture. `robots` is False for robots.txt itself.
    `max_bytes` is a limit of its own in place of the setting's. `rendered` pages are opened in a browser. `listed` is
    what the listing says of the page (title, published, lastmod); it becomes the capture's metadata. `validates` is the
    URL that gave the validators where redirects led to another one. `delay` stands in place of the setting's.
    """

    url: str
    source: str
    etag: str | None = None
    last_modified: str | None = None
    robots: bool = True
    accept: str = PAGES
    max_bytes: int | None = None
    rendered: bool = False
    listed: Mapping[str, str] = field(default_factory=dict)
    validates: str | None = None
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a request: OK where a body came with status 200, else why not.

    `exchanges` are redirects first, the page's own last; () where no response came. `body` has its content coding
    undone. `headers` are those of the last response, names in lower case. `started` is in UTC, `seconds` what it took.
    `lost` says that no whole response came, and that another attempt might bring one. `rendered` says that `body` is
    what scripts have made of the page in a browser, and not the bytes of the last response.
    """

    wanted: Wanted
    verdict: Verdict
    detail: str | None
    exchanges: tuple[Exchange, ...]
    body: bytes
    media_type: str
    charset: str | None
    final_url: str
    status: int | None
    headers: Mapping[str, str]
    seconds: float
    started: datetime
    lost: bool = False
    rendered: bool = False
