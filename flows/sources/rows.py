"""Rows of JSONL and Parquet as captures: one object with `html` or `text` is one page."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import BinaryIO

from flows.sources.identity import identity_of_url, storable
from flows.sources.place import Fault, Place, moment
from schemas.page import Capture, Verdict

ROW_LIMIT = 200_000_000
"""Bytes of one line of JSONL; a longer one is too large."""

BODIES = {"html": "text/html", "text": "text/plain", "content": "text/plain"}
"""Column → media type of what it holds, best first: the first that is filled is the page."""

_SKIP = 1 << 20


def lines_of(stream: BinaryIO, limit: int = ROW_LIMIT) -> Iterator[tuple[int, bytes, bool]]:
    r"""Yield (number from 1, line without its \n, whether it had one), split at \n only.

    A line longer than the limit comes as its first limit + 1 bytes. Lines of white space are left out.
    """
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        ended = line.endswith(b"\n")
        if not ended and len(line) > limit:
            while (rest := stream.readline(_SKIP)) and not rest.endswith(b"\n"):
                pass
            ended = True
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line.removesuffix(b"\n"), ended


def capture_of_line(line: bytes, place: Place, number: int, started: datetime) -> Capture:
    """Return the page of one line of JSONL, or what is wrong with the line and its bytes."""
    where = f"{place.source}, line {number}"
    if len(line) > ROW_LIMIT:
        fault = Fault(Verdict.TOO_LARGE, f"{where}: longer than {ROW_LIMIT:,} bytes")
        return _faulty(fault, place, number, started, b"")
    try:
        row = json.loads(line.decode("utf-8"))
        if isinstance(row, dict):
            return capture_of_row(row, place, number, started)
        problem = 'give an object like {"html": …}'
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} of the line is not UTF-8"
    except RecursionError:
        problem = "nested too deeply"
    except json.JSONDecodeError as error:
        problem = f"{error.msg} at character {error.pos + 1}"
    except ValueError as error:
        problem = str(error)
    return _faulty(Fault(Verdict.UNDECODABLE, f"{where}: not JSON: {problem}"), place, number, started, line)


def capture_of_row(row: Mapping[str, object], place: Place, number: int, started: datetime) -> Capture:
    """Return the page of a row: the columns of contract and `lang` read, every other one kept as metadata.

    The page is `html`, `text` or `content`, as a string or as bytes. It is the same document as others of its URL,
    else of its id, else it is known by its place. Without a readable `captured_at` it was captured when the run
    started. Values of metadata that are no strings are written as JSON; nulls are left out.
    """
    column = _page_column(row)
    body, charset = _bytes_of(row[column]) if column else (b"", None)
    url, key, title = _filled(row, "url"), _key(row), _filled(row, "title")
    said = row.get("captured_at")
    captured_at = moment(said)
    used = {column, "url" if url else None, "id" if key and not url else None, "title" if title else None}
    used |= {"captured_at"} if captured_at else set()
    detail = None
    if column is None:
        detail = f"{place.source}, row {number}: has none of {', '.join(BODIES)} as a string"
    elif captured_at is None and said not in (None, ""):
        detail = f"captured_at is not an ISO 8601 time: {str(said)[:80]!r}; the time of the run stands for it"
    return Capture(
        identity=identity_of_url(url) if url else storable(f"id:{key}") if key else f"{place.identity}:{number}",
        source=f"{place.source}:{number}",
        body=body,
        media_type=BODIES[column] if column else place.media_type,
        captured_at=captured_at or started,
        url=url,
        charset=charset,
        title=title,
        verdict=Verdict.OK if column else Verdict.ERROR,
        detail=storable(detail) if detail else None,
        metadata={storable(k): _as_text(v) for k, v in row.items() if k not in used and v is not None},
    )


def _page_column(row: Mapping[str, object]) -> str | None:
    given = [column for column in BODIES if isinstance(row.get(column), str | bytes)]
    return next((column for column in given if row[column]), given[0] if given else None)


def _bytes_of(page: object) -> tuple[bytes, str | None]:
    if isinstance(page, str):
        # decoding turns a lone surrogate into U+FFFD and counts it
        return page.encode("utf-8", "surrogatepass"), "utf-8"
    return (page if isinstance(page, bytes) else b""), None


def _filled(row: Mapping[str, object], column: str) -> str | None:
    value = row.get(column)
    return (storable(value).strip() or None) if isinstance(value, str) else None


def _key(row: Mapping[str, object]) -> str | None:
    value = row.get("id")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, date):
        return value.isoformat()
    return storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def _faulty(fault: Fault, place: Place, number: int, started: datetime, body: bytes) -> Capture:
    return Capture(
        identity=f"{place.identity}:{number}",
        source=f"{place.source}:{number}",
        body=body,
        media_type="application/json",
        captured_at=started,
        verdict=fault.verdict,
        detail=fault.detail,
    )
