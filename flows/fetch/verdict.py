"""The verdict of HTTP on a response, before anything has read its page."""

from archive.coding import CodingError, codings_of, decoded
from flows.fetch.retry import BUSY
from flows.sources.place import Fault
from schemas.page import Verdict

_STATUSES = {
    404: Verdict.GONE,
    410: Verdict.GONE,
    **dict.fromkeys(BUSY, Verdict.DEFERRED),
}
"""What a status says of a page; every other one but 200 and 304 is an error."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def status_fault(status: int, *, conditional: bool) -> Fault | None:
    """Return what a status says of a page: None for 200. `conditional`: it was asked for only if it has changed."""
    if status == 200:
        return None
    if status == 304:
        told = "not modified since the last capture"
        return Fault(Verdict.NOT_MODIFIED, told) if conditional else Fault(Verdict.ERROR, "HTTP status 304, unasked")
    return Fault(_STATUSES.get(status, Verdict.ERROR), f"HTTP status {status}")


def undone(payload: bytes, declared: str, limit: int) -> tuple[bytes, Fault | None]:
    """Return a whole payload with its content coding undone, and what is wrong with it.

    Where it cannot be undone to the end, the bytes are those of the payload, as `archive.coding.content_of` has it.
    A payload that is no more compressed than its first byte says is taken as the page: some hosts name a coding and
    use none.
    """
    body = payload
    try:
        codings = codings_of(declared) if payload else ()
    except CodingError as error:
        return payload, Fault(Verdict.UNDECODABLE, str(error))
    for coding in codings:
        body, whole = decoded(coding, body, limit)
        if len(body) > limit:
            return b"", Fault(Verdict.TOO_LARGE, f"more than {limit:,} bytes out of its compression")
        if not whole:
            plain = not body or payload.lstrip().startswith(b"<")
            damaged = Fault(Verdict.TRUNCATED, f"its compressed data ({coding}) ends early or is damaged")
            return payload, None if plain else damaged
    return body, None
