"""Where pages come from and how they are asked for: the tables [fetch] and [sources.NAME] of cleancopy.toml."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, IPvAnyNetwork, model_validator

_FROZEN = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

SourceKind = Literal["urls", "feed", "sitemap", "section", "files"]
"""The setting that says where a source's pages are; each source has exactly one of them."""

KINDS: tuple[SourceKind, ...] = ("urls", "feed", "sitemap", "section", "files")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone; take a name such as Asia/Yerevan or UTC") from error
    return name


def _moments(fields: str) -> str:
    advice = "take five fields such as 30 3 * * * for half past three"
    if len(fields.split()) != 5:
        # with six, the first would be the second to one library and the last to another
        raise ValueError(f"{fields!r} is no cron line of five fields; {advice}")
    try:
        CronSim(fields, datetime(2020, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(f"{fields!r} is no cron line ({error}); {advice}") from error
    return fields


class Fetching(BaseModel):
    """How pages are fetched; times in seconds, sizes in bytes."""

    model_config = _FROZEN

    contact: str = ""
    """Address of a web page or e-mail that hosts can turn to; sent with each request."""
    delay: float = Field(default=1.0, ge=0, le=3600)
    """Least time between the starts of two requests to one host, over all processes; a longer crawl-delay wins."""
    per_host: int = Field(default=1, ge=1, le=16)
    """Requests to one host at the same time."""
    connections: int = Field(default=16, ge=1, le=256)
    """Requests at the same time, over all hosts."""
    timeout: float = Field(default=30.0, gt=0, le=3600)
    """Longest wait for a connection, and for the next bytes."""
    page_timeout: float = Field(default=120.0, gt=0, le=3600)
    """Longest time for one page, redirects included."""
    max_bytes: int = Field(default=20_000_000, gt=0, le=1_000_000_000)
    """Largest payload, before and after its compression is undone."""
    redirects: int = Field(default=10, ge=0, le=50)
    """Redirects that are followed for one page."""
    retries: int = Field(default=3, ge=0, le=10)
    """Further attempts after 429, 5xx, timeouts and lost connections, with growing pauses."""
    host_budget: float = Field(default=3600.0, gt=0)
    """Time a run waits for and spends on one host; its further pages are deferred."""
    run_budget: float = Field(default=6 * 3600.0, gt=0)
    """Time a run fetches; further pages are deferred."""
    allow: tuple[IPvAnyNetwork, ...] = ()
    """Networks that may be asked although they are private: an intranet, or loopback in tests."""


class Source(BaseModel):
    """One place that pages come from; exactly one of KINDS says where they are.

    `include` and `exclude` are RE2 patterns searched in the URL: a page is taken if any of `include` matches (or none
    is given) and none of `exclude` does.
    """

    model_config = _FROZEN

    urls: str | tuple[str, ...] | None = None
    """Addresses of pages, or the path of a text file with one a line."""
    feed: str | tuple[str, ...] | None = None
    """Addresses of RSS or Atom feeds, or of pages that name theirs."""
    sitemap: str | tuple[str, ...] | None = None
    """Addresses of sitemaps or sitemap indexes, also .gz, or of a site whose robots.txt names them."""
    section: str | tuple[str, ...] | None = None
    """Addresses of pages whose links on the same host are followed to `depth`."""
    files: str | tuple[str, ...] | None = None
    """Paths of what `cleancopy ingest` reads: folders, HTML, text, JSONL, Parquet, WARC and WET files."""

    include: tuple[str, ...] = ()
    """RE2 patterns; a page is taken only if one of them is found in its address. Without any, every page is."""
    exclude: tuple[str, ...] = ()
    """RE2 patterns; a page is not taken if one of them is found in its address."""
    depth: int = Field(default=1, ge=1, le=10)
    """Links from the section's page to the farthest page."""
    limit: int = Field(default=1000, ge=1, le=1_000_000)
    """Most pages that one run takes."""
    browser: bool = False
    """Whether pages are opened in a browser, for sites that only scripts write."""
    mirror: bool = False
    """Whether documents are withdrawn that `files` no longer hold."""
    delay: float | None = Field(default=None, ge=0, le=3600)
    """Least time between two requests to one host, in place of [fetch] delay."""

    cron: Annotated[str, AfterValidator(_moments)] | None = None
    """When it runs, in five fields: minute, hour, day of month, month, day of week."""
    every: Annotated[timedelta, Field(ge=timedelta(seconds=10), le=timedelta(days=3660))] | None = None
    """How often it runs, instead of `cron`."""
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Time zone of `cron`."""

    @property
    def kind(self) -> SourceKind:
        """Which of KINDS it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def places(self) -> tuple[str, ...]:
        """The addresses or paths it names."""
        named = getattr(self, self.kind)
        return (named,) if isinstance(named, str) else tuple(named)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(KINDS)}" + (f", not {', '.join(given)}" if given else ""))
        if any("\0" in place for place in self.places):
            raise ValueError("an address or a path has a character of code 0 in it")
        if self.cron and self.every:
            raise ValueError("give cron or every, not both")
        if self.mirror and self.kind != "files":
            raise ValueError("mirror is for files: what a site no longer lists is not gone")
        return self
