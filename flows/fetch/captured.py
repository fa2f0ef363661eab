"""Captures of fetched pages: what the archive is told of them besides their bytes."""

from flows.fetch.urls import masked
from flows.fetch.wanted import Fetched
from flows.sources.identity import identity_of_url, storable
from schemas.page import Capture

_KEPT = {"etag": "ETag", "last-modified": "Last-Modified", "content-language": "Content-Language"}
"""Fields of the response that stay as metadata, by what the archive calls them."""
_LONGEST = 1000


def capture_of(fetched: Fetched) -> Capture:
    """Return a fetched page as a capture; its identity is the URL that was listed, wherever redirects led."""
    wanted = fetched.wanted
    url = storable(masked(wanted.url))
    metadata = {storable(name): storable(value)[:_LONGEST] for name, value in wanted.listed.items()}
    metadata |= {
        name: storable(fetched.headers[field])[:_LONGEST] for field, name in _KEPT.items() if fetched.headers.get(field)
    }
    if fetched.status is not None:
        metadata["http_status"] = str(fetched.status)
    if fetched.exchanges:
        metadata["fetch_seconds"] = f"{fetched.seconds:.3f}"
        metadata["final_url"] = masked(fetched.final_url)
    if len(fetched.exchanges) > 1:
        metadata["redirects"] = str(len(fetched.exchanges) - 1)
    return Capture(
        identity=identity_of_url(url),
        source=wanted.source,
        body=fetched.body,
        media_type=fetched.media_type,
        captured_at=fetched.started,
        url=url,
        charset=fetched.charset,
        verdict=fetched.verdict,
        detail=storable(masked(fetched.detail)) if fetched.detail else None,
        metadata=metadata,
        exchanges=fetched.exchanges,
        rendered=fetched.rendered,
    )
