"""URLs that may be asked for, and how a URL is shown to people and in records: never with credentials."""

import re

import httpx

_LONGEST = 8000
"""Characters of a URL; the line of a WARC header that holds it must stay below 8 KiB."""
_CREDENTIALS = re.compile(r"(?<=//)[^/?#]*@")


class UrlError(ValueError):
    """A URL that is not asked for; the message says why, without the URL's credentials."""


def web_url(url: str) -> httpx.URL:
    """Return a URL of the web in the form in which it is sent, without fragment; UrlError for anything else.

    >>> str(web_url("HTTPS://Exämple.org/ä b#top"))
    'https://xn--exmple-cua.org/%C3%A4%20b'
    """
    bare = url.strip().partition("#")[0]
    if len(bare) > _LONGEST:
        raise UrlError(f"the URL is longer than {_LONGEST:,} characters")
    try:
        parsed = httpx.URL(bare)
        host = parsed.host
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise UrlError(f"not a URL: {masked(str(error))[:200]}") from error
    if parsed.scheme not in {"http", "https"}:
        raise UrlError(f"only http and https are asked for, not {shown(url)}")
    if not host:
        raise UrlError(f"the URL names no host: {shown(url)}")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise UrlError(f"the URL names a port that there is not: {shown(url)}")
    if parsed.userinfo:
        raise UrlError(f"the URL holds credentials, which are never sent: {shown(url)}")
    if len(str(parsed)) > _LONGEST:
        raise UrlError(f"the URL is longer than {_LONGEST:,} characters")
    return parsed


def joined(base: httpx.URL, reference: str) -> httpx.URL:
    """Return the URL that a redirect leads to; UrlError where it may not be asked for."""
    try:
        target = str(base.join(reference.strip()))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise UrlError(f"not a URL: {shown(reference)}") from error
    return web_url(target)


def masked(text: str) -> str:
    """Return text with the credentials of the URLs in it masked.

    >>> masked("http://user:secret@example.org/")
    'http://***@example.org/'
    """
    return _CREDENTIALS.sub("***@", text)


def shown(url: str) -> str:
    """Return a URL for a message: masked, printable, and not too long."""
    return ascii(masked(url)[:300])[1:-1]
