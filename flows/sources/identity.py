"""What makes two captures the same document: the normalised URL, or an id, or a path.

courlan normalises scheme, host and path. It does not see the query: it drops `?12345` and `?cid=5` whole and
reads every percent-encoded byte that is not UTF-8 as U+FFFD, so that different pages of one site would get one
identity and overwrite each other's history. Here a parameter goes only if its name can be nothing but a tracker.
"""

from urllib.parse import SplitResult, quote, quote_plus, unquote_plus, urlsplit

from courlan import normalize_url

TRACKERS = frozenset(
    (
        *("dclid", "fbclid", "gclid", "twclid", "yclid", "ysclid", "msclkid", "igshid", "gbraid", "wbraid", "clickid"),
        *("mc_cid", "mc_eid", "pk_campaign", "pk_cid", "pk_content", "pk_keyword", "pk_kwd", "pk_medium", "pk_source"),
        *("xtor", "referer", "referrer", "session_id", "sessionid"),
    )
)
"""Query parameters that name a visit and never a page: the unmistakable ones among those courlan takes."""

TRACKER_PREFIXES = ("utm_", "itm_", "mkt_", "mtm_", "oly_", "vero_")

_QUERY_SAFE = "/%!=:,-+;@?$'()*~[]"


def identity_of_url(url: str) -> str:
    """Return the identity of a URL: normalised, without fragment and trackers, parameters sorted by name.

    What is no URL of the web, or none that courlan reads, is kept stripped of its fragment only; where it would
    read like the identity of a file or a row (`file:…`, `id:…`), `url:` stands before it.

    >>> identity_of_url("HTTPS://Example.org:443//news/?utm_source=x&b=2&a=1#top")
    'https://example.org/news/?a=1&b=2'
    >>> identity_of_url("http://example.org/index.php?12345")
    'http://example.org/index.php?12345'
    >>> identity_of_url("file:page.html")
    'url:file:page.html'
    """
    bare = storable(url).partition("#")[0].strip()
    try:
        parts = urlsplit(bare)
        if parts.scheme in {"http", "https"} and parts.netloc.split() == [parts.netloc]:
            return _normalised(parts)
    except (ValueError, AttributeError):
        pass  # courlan refuses it
    claims_another = bare.lower().startswith(("id:", "file:")) and not bare.lower().startswith("file:/")
    return f"url:{bare}" if claims_another else bare


def site_of(url: str | None) -> str | None:
    """Return the host of a web URL in lower case, without its port; None for anything else.

    >>> site_of("https://www.Example.org:8080/news")
    'www.example.org'
    """
    try:
        parts = urlsplit(identity_of_url(url or ""))
    except ValueError:
        return None
    return (parts.hostname or None) if parts.scheme in {"http", "https"} else None


def storable(text: str) -> str:
    r"""Return the text with each lone surrogate written as an escape, so that it has a UTF-8 form.

    >>> storable("caf\udce9")
    'caf\\udce9'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _normalised(parts: SplitResult) -> str:
    page: str = normalize_url(parts._replace(query="", fragment=""))
    query = _query(parts.query)
    bare_host = page.count("/") == 2
    if query:
        return f"{page}{'/' if bare_host else ''}?{query}"
    return page.rstrip("/") if page.count("/") == 3 else page


def _query(query: str) -> str:
    kept = [(_name(piece), _piece(piece)) for piece in query.split("&") if piece]
    kept = [(name, piece) for name, piece in kept if not _is_tracker(name)]
    # values of one name keep their order: it can have a meaning
    return "&".join(piece for _, piece in sorted(kept, key=lambda pair: pair[0]))


def _name(piece: str) -> str:
    return unquote_plus(piece.partition("=")[0])


def _is_tracker(name: str) -> bool:
    return name.lower() in TRACKERS or name.lower().startswith(TRACKER_PREFIXES)


def _piece(piece: str) -> str:
    name, equals, value = piece.partition("=")
    try:
        name, value = (quote_plus(unquote_plus(part, errors="strict")) for part in (name, value))
    except UnicodeDecodeError:  # percent-encoded in an older charset: as it is
        return quote(piece, safe=_QUERY_SAFE)
    return name + equals + value
