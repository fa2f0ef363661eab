"""The records of a WARC stream, one at a time, and the spot where the stream stops being one.

Framed here and not by fastwarc, which ends in silence where a record is malformed, follows garbage or has a header
line over 8 KiB, and skips records whose lines end in LF: an archive must know what it did not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from flows.sources.place import Fault
from schemas.page import Verdict

BLOCK_LIMIT = 50_000_000
"""Bytes of one record's block that are read; the rest of a longer one is passed over."""

_LINE_LIMIT = 1 << 16
_HEADER_LIMIT = 1 << 20
_SKIP = 1 << 20
_LENGTH = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Record:
    """A WARC record: its number from 1, its fields by lower-case name, and its block up to BLOCK_LIMIT bytes.

    `missing` counts the bytes of the block that the stream ended before.
    """

    number: int
    fields: dict[str, str]
    block: bytes
    length: int
    missing: int


def records_of(stream: BinaryIO) -> Iterator[Record | Fault]:
    """Yield the records in order; a Fault comes last, where the stream is cut or damaged.

    After damage nothing is searched for further records: a page's own text could pass for one.
    """
    number = 0
    while line := _line_after_blank_ones(stream):
        if not line.startswith(b"WARC/"):
            damaged = Fault(Verdict.ERROR, f"damaged after record {number}: what follows is not a WARC record")
            yield damaged if number else Fault(Verdict.UNDECODABLE, "not a WARC file")
            return
        number += 1
        fields = _fields(stream)
        if isinstance(fields, Fault):
            yield Fault(fields.verdict, f"{fields.detail} {number}")
            return
        stated = fields.get("content-length", "")
        if not _LENGTH.fullmatch(stated):
            yield Fault(Verdict.ERROR, f"damaged at record {number}: its Content-Length is {stated[:40]!r}")
            return
        length = int(stated)
        block = stream.read(min(length, BLOCK_LIMIT))
        missing = length - len(block) - _skip(stream, length - len(block))
        yield Record(number, fields, block, length, missing)
        if missing:
            yield Fault(Verdict.TRUNCATED, f"ends {missing:,} bytes before the end of record {number}")
            return


def fields_of(lines: list[bytes]) -> dict[str, str]:
    """Return header fields by lower-case name; repeated ones are joined by commas, folded lines unfolded."""
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "backslashreplace").strip("\r\n")
        if text[:1] in {" ", "\t"} and name:
            fields[name] += " " + text.strip()
        elif ":" in text:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            fields[name] = f"{fields[name]}, {value.strip()}" if name in fields else value.strip()
    return fields


def _fields(stream: BinaryIO) -> dict[str, str] | Fault:
    lines: list[bytes] = []
    size = 0
    while (line := stream.readline(_LINE_LIMIT)).strip():
        lines.append(line)
        size += len(line)
        if size > _HEADER_LIMIT:
            return Fault(Verdict.ERROR, f"the header is longer than {_HEADER_LIMIT:,} bytes in record")
    return fields_of(lines) if line else Fault(Verdict.TRUNCATED, "ends in the header of record")


def _line_after_blank_ones(stream: BinaryIO) -> bytes:
    while (line := stream.readline(_LINE_LIMIT)) and not line.strip():
        pass
    return line


def _skip(stream: BinaryIO, size: int) -> int:
    skipped = 0
    while skipped < size and (data := stream.read(min(_SKIP, size - skipped))):
        skipped += len(data)
    return skipped
