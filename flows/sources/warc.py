"""Pages of WARC and WET files: what each record says of its page."""

from collections.abc import Iterator
from datetime import datetime

from flows.sources.identity import identity_of_url, storable
from flows.sources.payload import PAGE_TYPES, PAYLOAD_LIMIT, Response, content_type, payload_of, response_of
from flows.sources.place import UNKNOWN_TYPE, Fault, Place, moment
from flows.sources.records import Record, records_of
from flows.sources.stream import content_of
from schemas.page import Capture, Verdict

_PAGE_RECORDS = frozenset({"response", "resource", "conversion", "revisit"})
_STATUSES = {304: Verdict.NOT_MODIFIED, 404: Verdict.GONE, 410: Verdict.GONE}
_KEPT = (
    *("WARC-Record-ID", "WARC-Payload-Digest", "WARC-IP-Address", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"),
    *("WARC-Identified-Content-Language", "Last-Modified", "Content-Language", "ETag", "Location"),
)
"""Fields of the record and of its HTTP header that stay as metadata."""


def warc_captures(place: Place, started: datetime) -> Iterator[Capture]:
    """Yield a capture per response, resource, conversion or revisit record, and one more where the file is cut."""
    with content_of(place) as content:
        for record in records_of(content.stream):
            if isinstance(record, Fault):
                # damaged gzip explains a cut record, and says more
                yield place.capture(started, fault=content.fault or record)
                return
            if record.fields.get("warc-type", "").lower() in _PAGE_RECORDS:
                yield _capture(record, place, started)
        if content.fault:
            yield place.capture(started, fault=content.fault)


def _capture(record: Record, place: Place, started: datetime) -> Capture:
    fields = record.fields
    declared = fields.get("content-type", "")
    is_http = declared.lower().startswith("application/http") or (not declared and record.block.startswith(b"HTTP/"))
    response = response_of(record.block) if is_http else Response(200, {"content-type": declared}, record.block)
    url = fields.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")
    body, media_type, charset, fault = _read(record, response)
    captured_at = moment(fields.get("warc-date"))
    details = [fault.detail] if fault else []
    if captured_at is None:
        said = fields.get("warc-date", "")[:80]
        details.append(f"WARC-Date is not an ISO 8601 time: {said!r}; the time of the run stands for it")
    known = {**response.fields, **fields}
    return Capture(
        identity=identity_of_url(url) if url else f"{place.identity}:{record.number}",
        source=f"{place.source}:{record.number}",
        body=body,
        media_type=media_type or UNKNOWN_TYPE,
        captured_at=captured_at or started,
        url=url or None,
        charset=charset,
        verdict=fault.verdict if fault else Verdict.OK,
        detail=storable("; ".join(details)) or None,
        metadata={name: known[name.lower()] for name in _KEPT if known.get(name.lower())},
    )


def _read(record: Record, response: Response) -> tuple[bytes, str, str | None, Fault | None]:
    """Return body, media type, charset and the first thing that is wrong."""
    fields = record.fields
    if fields["warc-type"].lower() == "revisit":
        earlier = fields.get("warc-refers-to-target-uri") or "the earlier capture"
        media_type, charset = content_type(response.fields.get("content-type", ""), b"")
        return b"", media_type, charset, Fault(Verdict.NOT_MODIFIED, f"the same as {earlier}")
    declared = response.fields.get("content-type", "")
    cut = bool(record.missing or fields.get("warc-truncated") or fields.get("warc-segment-number"))
    body, fault = payload_of(response, cut=cut)
    media_type, charset = content_type(declared, body)
    page_type = PAGE_TYPES.get(media_type)
    if unsuccessful := _status_fault(response):
        return (body if page_type else b""), page_type or media_type, charset, unsuccessful
    if page_type is None:
        said = f"media type {media_type[:80]}" if media_type else "no media type, and the bytes do not begin like HTML"
        return b"", media_type, charset, Fault(Verdict.UNSUPPORTED_TYPE, said)
    if record.length > len(record.block) + record.missing or len(body) > PAYLOAD_LIMIT:
        return b"", page_type, charset, Fault(Verdict.TOO_LARGE, f"more than {PAYLOAD_LIMIT:,} bytes")
    if fault is None and cut:
        fault = Fault(Verdict.TRUNCATED, _cut(record))
    return body, page_type, charset, fault


def _status_fault(response: Response) -> Fault | None:
    if response.status is None:
        return Fault(Verdict.ERROR, "no HTTP status line")
    if response.status == 200:
        return None
    target = response.fields.get("location")
    said = f"HTTP status {response.status}" + (f", to {target[:500]}" if target else "")
    return Fault(_STATUSES.get(response.status, Verdict.ERROR), said)


def _cut(record: Record) -> str:
    if record.missing:
        return f"the record lacks its last {record.missing:,} bytes"
    if why := record.fields.get("warc-truncated"):
        return f"the crawler cut it: {why[:80]}"
    return "the record is a segment of a longer one"
