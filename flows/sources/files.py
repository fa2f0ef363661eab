"""Captures from files, folders and standard input: `cleancopy ingest SOURCE`."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from flows.sources.folder import places
from flows.sources.parquet import parquet_captures
from flows.sources.place import SUFFIXES, Fault, Place, reason
from flows.sources.rows import capture_of_line, lines_of
from flows.sources.stream import STANDARD_INPUT, content_of, open_regular
from flows.sources.warc import warc_captures
from schemas.page import Capture, Verdict

FILE_LIMIT = 200_000_000
"""Bytes of a file that is one page, uncompressed; a larger one is too large."""

_NO_PAGES = Fault(Verdict.EMPTY, "holds no pages")


class SourceError(ValueError):
    """A SOURCE that nothing can be read from, because of what it is."""


def captures(source: str, started: datetime) -> Iterator[Capture]:
    """Return the captures of a SOURCE one by one: a file, a folder, or `-` for JSONL on standard input.

    Whatever is wrong with the input becomes a capture with a verdict and a detail; only a SOURCE named directly
    that is a file of no known suffix is a SourceError, at once. `started` (with its time zone) stands for the time
    of capture where the input names none. A file of many pages that holds none is one capture, EMPTY.
    An empty folder yields nothing.
    """
    if source == "-":
        return _captures_of(STANDARD_INPUT, started)
    # os.path says no to a name that cannot be one, where Path raises
    if os.path.isfile(f"{source}/cleancopy.json"):  # noqa: PTH113
        raise SourceError(f"{source} is itself an archive; name the folder of pages, or an edition's Parquet files")
    if _is_unsupported(source):
        wanted = f"{', '.join(SUFFIXES)} (all but Parquet also with .gz)"
        raise SourceError(f"{source}: nothing reads such a file; give a folder, `-`, or a file of {wanted}")
    return (capture for place in places(source) for capture in _captures_of(place, started))


def count(source: str) -> int | None:
    """Return how many captures a SOURCE will give if that is known without reading it, for a progress bar.

    None for standard input and for what holds files of many pages.
    """
    if source == "-":
        return None
    total = 0
    for place in places(source):
        if place.suffix in _READERS and not place.fault:
            return None
        total += 1
    return total


def _is_unsupported(source: str) -> bool:
    try:
        return not stat.S_ISDIR(Path(source).stat().st_mode) and not next(places(source)).suffix
    except (OSError, ValueError):
        return False


def _captures_of(place: Place, started: datetime) -> Iterator[Capture]:
    if place.fault:
        yield place.capture(started, fault=place.fault)
        return
    read = _jsonl if place is STANDARD_INPUT else _READERS.get(place.suffix, _page)
    found = False
    try:
        for capture in read(place, started):
            found = True
            yield capture
        if not found:
            yield place.capture(started, fault=_NO_PAGES)
    except OSError as error:
        yield place.capture(started, fault=Fault(Verdict.ERROR, f"cannot be read: {reason(error)}"))


def _page(place: Place, started: datetime) -> Iterator[Capture]:
    with content_of(place) as content:
        body = content.stream.read(FILE_LIMIT + 1)
        fault = content.fault
    if fault and fault.verdict is Verdict.UNDECODABLE:
        with open_regular(place.path) as file:
            body = file.read(FILE_LIMIT + 1)
    if len(body) > FILE_LIMIT:
        body, fault = b"", Fault(Verdict.TOO_LARGE, f"more than {FILE_LIMIT:,} bytes")
    yield place.capture(started, body, fault)


def _jsonl(place: Place, started: datetime) -> Iterator[Capture]:
    with content_of(place) as content:
        for number, line, ended in lines_of(content.stream):
            if content.fault and not ended:
                yield place.capture(started, line, content.fault)
                return
            yield capture_of_line(line, place, number, started)
        if content.fault:
            yield place.capture(started, fault=content.fault)


_READERS: dict[str, Callable[[Place, datetime], Iterator[Capture]]] = {
    ".jsonl": _jsonl,
    ".warc": warc_captures,
    ".wet": warc_captures,
    ".parquet": parquet_captures,
}
"""Suffix → reader of files of many pages."""
