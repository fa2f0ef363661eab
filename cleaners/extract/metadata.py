"""What a page says of itself, read from where it says so for machines first."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from cleaners.extract.dates import iso_date
from cleaners.extract.head import Head
from cleaners.extract.jsonld import Article, read_article
from cleaners.extract.lines import unescape
from cleaners.extract.tags import strip_tags
from schemas.page import Dated, Metadata

_PUBLISHED = (
    *(
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "article:published",
        "published_time",
    ),
    *("article:published_date", "article.published", "article:publicationdate", "article:post_date", "datepublished"),
    *("date_published", "og:datepublished", "og:publish_date", "og:pubdate", "rnews:datepublished", "dc.date.issued"),
    *(
        "dcterms.issued",
        "dc.date.publication",
        "dc.date",
        "dc:date",
        "dcterms.date",
        "dcterms.created",
        "dc.date.created",
    ),
    *("parsely-pub-date", "sailthru.date", "publishdate", "publish-date", "publish_date", "published-date"),
    *("published_date", "publication_date", "originalpublicationdate", "pubdate", "bt:pubdate", "pdate"),
    *("mediator_published_time", "cxenseparse:recs:publishtime", "citation_publication_date", "citation_date", "date"),
)
_MODIFIED = (
    *("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    *("dc.date.modified", "last-modified", "lastmod"),
)
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl")
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "headline")
_DATED_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:[/-]|$)")
_NO_PERSON = re.compile(
    r"(?i)https?:|www\.|[@/<>{}=]|\d{2}|\w\.\w{2}|^(?:admin(?:istrator)?|author|editors?|guest|null|none|redaktion|root|staff|"
    r"unknown|user|webmaster|wordpress)$"
)
_NAME = re.compile(
    r"(?:[^\W\d_a-zа-яёա-ֆ][\w'’.-]*|(?:de|der|den|van|von|zu|al|el|bin|ibn|da|di|la|le|dos|del)\b)(?: |$)"
)
_NO_NAME = re.compile(
    r"(?i)\b(?:about|and|article|author|blog|ceo|contributor|copyright|department|desk|editor|editorial|founder|guest|last|"
    r"more|news|newsroom|posted|published|read|reviewed|staff|team|the|this|updated|writer|written|"
    r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber)\b"
)
_SIGN = re.compile(r"\s*\([^()]{0,20}\)$")
_BY = re.compile(r"(?i)^(?:by|von|par|por|door|от|автор:?)\s+")
_BETWEEN_PEOPLE = re.compile(r"\s*[;|]\s*|\s+(?:and|und|et|&)\s+")
_SITE_TAIL = re.compile(r"\s+[-–—|·•»:]\s+\S")


@dataclass(frozen=True, slots=True)
class Shown:
    """Asks for what the page shows a reader as its title and its people; asked only where it states none."""

    title: Callable[[], str | None]
    author: Callable[[], str | None]


def read_metadata(head: Head, shown: Shown, url: str | None) -> Metadata:
    """Return what the page states of itself; what it does not state for certain is None or ().

    Read in this order: JSON-LD, meta elements, what marks the body as such, and for title and authors what trafilatura
    makes of headings and bylines. htmldate is not asked: without its search of free text it still took dates from
    anywhere in 67 of 1,150 pages that state none, and was wrong in 19.
    """
    stated = read_article(head.scripts)
    meta = _meta_elements(head)
    publisher = _plain(stated.publisher) or _plain(meta.get("og:site_name"))
    title = _title(head, shown, stated, meta)
    return Metadata(
        title=title,
        authors=_authors(shown, stated, meta, publisher),
        published=_published(head, stated, meta, url),
        modified=_dated(stated.modified, "json-ld") or _dated_meta(meta, _MODIFIED),
        section=_plain(meta.get("article:section")) or _plain(stated.section),
        tags=_tags(head, stated, meta),
        publisher=publisher,
        canonical_url=_canonical(head, url),
        declared_language=_language(head, meta),
    )


def _meta_elements(head: Head) -> dict[str, str]:
    """Return the first content of each meta element, by its property, name or itemprop in lower case."""
    found: dict[str, str] = {}
    for element in head.metas:
        content = element.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if (name := element.get(attribute)) and content and not content.isspace():
                found.setdefault(name.strip().lower(), content)
    return found


def _plain(value: str | None, longest: int = 500) -> str | None:
    """Return a value as one line of text; None where it is empty, or too long to be what it is said to be."""
    if not value or len(value) > 10 * longest:
        return None
    text = unescape(value)
    if "<" in text:
        text = strip_tags(text)
    text = "".join(c for c in " ".join(text.split()) if c.isprintable() or c in "\u00ad\u200b\u200c\u200d")
    return text if text and len(text) <= longest else None


def _title(head: Head, shown: Shown, stated: Article, meta: dict[str, str]) -> str | None:
    headings = [h for heading in head.headings if (h := _plain(heading))]
    title = _plain(stated.headline) or next((t for name in _TITLES if (t := _plain(meta.get(name)))), None)
    if title and len(headings) == 1 and title.startswith(headings[0]) and _SITE_TAIL.match(title[len(headings[0]) :]):
        return headings[0]  # the page's heading, where the title is that and the site's name
    return title or _plain(shown.title())


def _authors(shown: Shown, stated: Article, meta: dict[str, str], publisher: str | None) -> tuple[str, ...]:
    for stated_names in (stated.authors, [meta[name] for name in _AUTHORS if name in meta]):
        if people := tuple(dict.fromkeys(_people(stated_names, publisher))):
            return people
    names = tuple(dict.fromkeys(_people([shown.author() or ""], publisher)))
    # a byline is free text: it counts only where each part of it reads as a name and nothing else
    return names if all(_reads_as_name(name) for name in names) else ()


def _reads_as_name(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and not _NO_NAME.search(name) and all(_NAME.match(word) for word in words)


def _people(names: Iterable[str], publisher: str | None) -> Iterator[str]:
    for value in names:
        for part in _split_people(_BY.sub("", _plain(value) or "")):
            name = _SIGN.sub("", part).strip(" ,;")
            same = publisher and name.casefold() == publisher.casefold()
            # one word in small Latin letters is an account, and more than six are several people run together
            account = name.isascii() and name.islower() and " " not in name
            if 1 < len(name) <= 80 and len(name.split()) <= 6 and not (same or account or _NO_PERSON.search(name)):
                yield name


def _split_people(names: str) -> list[str]:
    """Split a list of people; at a comma only where each part is a full name, for "Lee, Ann" is one person."""
    parts: list[str] = []
    for part in _BETWEEN_PEOPLE.split(names):
        pieces = part.split(",")
        parts += pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]
    return parts


def _dated(value: str | None, evidence: str) -> Dated | None:
    date = iso_date(value)
    return Dated(date, evidence) if date else None


def _dated_meta(meta: dict[str, str], names: Iterable[str]) -> Dated | None:
    return next((d for name in names if (d := _dated(meta.get(name), f"meta:{name}"))), None)


def _published(head: Head, stated: Article, meta: dict[str, str], url: str | None) -> Dated | None:
    date = _dated(stated.published, "json-ld") or _dated_meta(meta, _PUBLISHED)
    if date:
        return date
    for element in head.published:
        value = element.get("datetime") or element.get("content")
        if date := _dated(value, "itemprop:datePublished" if element.get("itemprop") else "time"):
            return date
    if (match := _DATED_ADDRESS.search(url or "")) and (date := _dated("-".join(match.groups()), "url")):
        return date
    # where all times on the page are of one day, that is the page's; of 25 measured pages, 2 meant another date
    times = [d for element in head.times if (d := _dated(element.get("datetime"), "time"))]
    return times[0] if len({time.value[:10] for time in times}) == 1 else None


def _tags(head: Head, stated: Article, meta: dict[str, str]) -> tuple[str, ...]:
    listed = [e.get("content") or "" for e in head.metas if e.get("property") == "article:tag"]
    values = listed or list(stated.tags) or [meta[name] for name in ("news_keywords", "keywords") if name in meta][:1]
    split = (_plain(tag, 100) for value in values[:100] for tag in value[:5_000].split(","))
    return tuple(dict.fromkeys(tag for tag in split if tag))


def _canonical(head: Head, url: str | None) -> str | None:
    for link in head.links:
        if "canonical" in (link.get("rel") or "").lower().split() and (target := (link.get("href") or "").strip()):
            try:
                absolute = urljoin(url or "", target)
                parts = urlsplit(absolute)
            except ValueError:
                return None
            return absolute if parts.scheme in {"http", "https"} and parts.hostname and len(absolute) < 2_000 else None
    return None


def _language(head: Head, meta: dict[str, str]) -> str | None:
    root = head.root
    for value in (root.get("lang"), root.get("xml:lang"), meta.get("content-language"), meta.get("og:locale")):
        code = (value or "").strip().replace("_", "-")
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", code):
            return code
    return None
