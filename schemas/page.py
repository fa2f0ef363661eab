"""A page on its way through the pipeline: what was captured, what was read from it, what was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from schemas.account import Account
from schemas.edit import Step
from schemas.fetch import Exchange
from schemas.memory import SiteLine


class Removal(StrEnum):
    """How sure the line model has to be before it proposes to take a line of a text that arrived as text."""

    CONSERVATIVE = "conservative"
    DEFAULT = "default"
    EAGER = "eager"


class Verdict(StrEnum):
    """What became of one capture; every input gets exactly one (VERDICTS, docs/reference.md)."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    EMPTY = "empty"
    PAYWALL = "paywall"
    CONSENT_WALL = "consent_wall"
    BOT_WALL = "bot_wall"
    SOFT_404 = "soft_404"
    SCRIPT_SHELL = "script_shell"
    TRUNCATED = "truncated"
    GONE = "gone"
    ROBOTS_DISALLOWED = "robots_disallowed"
    DEFERRED = "deferred"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNDECODABLE = "undecodable"
    ERROR = "error"


VERDICTS = {
    Verdict.OK: "Text was found and cleaned.",
    Verdict.NOT_MODIFIED: "The server said that nothing has changed since the last capture.",
    Verdict.EMPTY: "There is no text in it, or none is left once the boilerplate is out.",
    Verdict.PAYWALL: "The page shows only the beginning of an article that must be paid for.",
    Verdict.CONSENT_WALL: "The page shows a request for consent instead of its text.",
    Verdict.BOT_WALL: "The page shows a test for robots instead of its text.",
    Verdict.SOFT_404: "The page says that there is no such page, with a status that says otherwise.",
    Verdict.SCRIPT_SHELL: "The page is made by scripts and holds no text of its own.",
    Verdict.TRUNCATED: "The input ends before it should; what could be read is kept as raw bytes.",
    Verdict.GONE: "The server said that the page is gone (404 or 410).",
    Verdict.ROBOTS_DISALLOWED: "The site's robots.txt does not allow the page to be fetched.",
    Verdict.DEFERRED: "The page was put off to a later run.",
    Verdict.TOO_LARGE: "The input is larger than the limit.",
    Verdict.TIMED_OUT: "The page took longer than the limit.",
    Verdict.UNSUPPORTED_TYPE: "The input is of a kind that is not read.",
    Verdict.UNDECODABLE: "The bytes are not text, or the row is not a row.",
    Verdict.ERROR: "The input could not be read; the detail says why.",
}
"""Each verdict's meaning. A capture that is not ok never supersedes one that was, and never reads as a deletion."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetch or load of one page, as a source hands it over, before anything has read its bytes.

    `verdict` is OK until something is known to be wrong; `detail` then says what, for a person.
    `media_type` is what the source says the bytes are ("text/html", "text/plain"); `charset` is what it
    declares them to be in, if it does. `metadata` holds the source's further fields, as they came. `exchanges` is how
    a page was fetched, redirects first and the page's own response last; () where it was loaded. `rendered` says that
    `body` is the document as scripts have written it in a browser, and not what the last response brought.
    """

    identity: str
    source: str
    body: bytes
    media_type: str
    captured_at: datetime
    url: str | None = None
    charset: str | None = None
    title: str | None = None
    verdict: Verdict = Verdict.OK
    detail: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()
    rendered: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with where it was found: ISO 8601, to the day or the second, and never guessed."""

    value: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself, outside its text; None or () where it does not say."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    modified: Dated | None = None
    original_published: Dated | None = None
    page_date_rendered: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    publisher: str | None = None
    canonical_url: str | None = None
    declared_language: str | None = None
    page_type: str | None = None
    licence: str | None = None
    free_to_read: bool | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    """(field, where it was found) for fields without an evidence of their own."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of the bytes, the charset it was read in, how that was known, and how many units were unreadable."""

    text: str
    charset: str
    evidence: str
    replaced: int


class Side(StrEnum):
    """Where a block that was left out stands: between heading and text, right below the text, or at the page's foot."""

    ABOVE = "above"
    BELOW = "below"
    FOOT = "foot"


class LeftOut(NamedTuple):
    """A block that is not in the text and may speak of it."""

    text: str
    side: Side


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text of a page and what was read beside it; `extractor` names engine and version.

    `account` tells of each visible block of an HTML page what became of it; None for a text. `left_out` are blocks
    beside the text that may say who wrote it, when, and what may be done with it.
    """

    text: str
    metadata: Metadata
    extractor: str
    verdict: Verdict = Verdict.OK
    detail: str | None = None
    account: Account | None = None
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnGazetteer:
    """A folder of names that belongs to the user, and the digest of its files as they are to be read."""

    folder: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a cleaner reads: the text at its step, and what is known of the page.

    `language` is a BCP 47 code of the text as a whole, "und" where unsure, and `others` are the languages of other
    paragraphs, if any; `policy` is the naming policy and `own` are
    names of the user's; `published` is the date of the page (ISO 8601), "" where it gives none; `source` is the text
    before the first step, with the marks that later steps no longer see; `site_lines` is what the adopted site memory
    knows of the page's site; `removal` is how sure the line model has to be.
    """

    text: str
    url: str | None = None
    title: str | None = None
    is_html: bool = False
    language: str = "und"
    policy: str = "common"
    source: str | None = None
    site_lines: Mapping[str, SiteLine] = field(default_factory=dict)
    published: str = ""
    own: OwnGazetteer | None = None
    removal: Removal = Removal.DEFAULT
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    """A rights statement that left the text: what it is, its words, and the rule that typed it."""

    kind: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Share:
    """A language and its share of the text's letters, 0 to 1."""

    language: str
    share: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text. [start, end) counts code points of the extracted text.

    `form` is what the clean text has in its place at [text_start, text_end); both are None where the
    stretch was removed, and `form` then repeats the surface.
    """

    start: int
    end: int
    surface: str
    entity: str
    kind: str
    text_start: int | None
    text_end: int | None
    form: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One page, cleaned: the clean text, the ledger back to the extracted text, the account of its blocks, the columns.

    `text_as_written` is the clean text without what the names step rewrote (typos, policy).
    `lang` is the language with the greatest share, `confidence` how sure that is (0 to 1).
    """

    verdict: Verdict
    detail: str | None
    extracted: str
    text: str
    text_as_written: str
    steps: tuple[Step, ...]
    metadata: Metadata
    rights: tuple[Right, ...]
    mentions: tuple[Mention, ...]
    lang: str
    confidence: float
    languages: tuple[Share, ...]
    extractor: str
    charset: str
    charset_evidence: str
    replaced: int
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """All that clean text depends on besides the recipe: the bytes, and what their source says of them.

    `charset`, `title` and `language` are what the source declares beside the bytes; None where it does not.
    """

    body: bytes
    media_type: str
    url: str | None = None
    charset: str | None = None
    title: str | None = None
    language: str | None = None
