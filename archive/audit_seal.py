"""seal.txt and the chain of log digests: which log files can be relied on.

The newest log files are vouched for by seal.txt, each older one by its successor, and those of captures/ and
events/ also by the versions that name them. A log file that a reliable witness contradicts has changed; what it
says itself then counts against nothing else.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.audit_log import MOST_MISSING, TABLES, Log
from schemas.finding import Finding

NAME = "seal.txt"
_FORM = re.compile(
    r"cleancopy seal\narchive ([0-9a-f]{32})\nversion ([0-9]{1,18})\nseal (-|[0-9a-f]{64})\ntime ([0-9TZ:.-]{1,40})\n"
    + "".join(rf"{table}/_delta_log/([0-9]{{20}})\.json ([0-9a-f]{{64}})\n" for table in TABLES)
)


@dataclass(frozen=True, slots=True)
class SealFile:
    """What seal.txt says; `logs` maps each table to the number and digest of its newest log file."""

    archive: str
    version: int
    seal: str
    time: str
    logs: Mapping[str, tuple[int, str]]


def parse(path: Path) -> SealFile | None:
    """Return what seal.txt says, or None where it cannot be read or has not its exact form."""
    try:
        match = _FORM.fullmatch(path.read_bytes().decode("ascii"))
    except (OSError, UnicodeDecodeError):
        return None
    if match is None or (match[2] != "0" and match[2].startswith("0")):
        return None
    logs = {table: (int(match[5 + 2 * i]), match[6 + 2 * i]) for i, table in enumerate(TABLES)}
    return SealFile(match[1], int(match[2]), match[3], match[4], logs)


def weigh(seal_file: SealFile, logs: Mapping[str, Log]) -> Generator[Finding, None, str]:
    """Compare seal.txt with the newest log files; return what is wrong in seal.txt itself, "" for nothing.

    A log file it names that is not there is missing. Where digests differ, the file has changed, unless most
    digits are the same: a changed file changes them all, so then it is the digest in seal.txt that was changed.
    """
    wrong = ""
    for table, (number, stated) in seal_file.logs.items():
        log = logs[table]
        if number > log.newest:
            if stated in log.digests.values() or number - log.newest > MOST_MISSING:
                wrong = f"it names {log.name(number)}, which never was"
                continue
            for absent in range(log.newest + 1, number + 1):
                log.missing.add(absent)
                yield Finding("log-missing", log.name(absent), "seal.txt names it or a later one; it is gone")
        elif (found := log.digests.get(number, stated)) != stated:
            if number < log.newest or _alike(found, stated):
                wrong = f"its digest of {log.name(number)} is wrong"
            else:
                log.doubted.add(number)
                yield Finding("file-changed", log.name(number), f"is not what {NAME} says it was")
    if seal_file.version != seal_file.logs["revisions"][0]:
        wrong = "its version is not that of the log file it names"
    return wrong


def gaps(log: Log) -> Iterator[Finding]:
    """Find log files missing before the newest one there is."""
    absent = set(range(max(log.newest, 1))) - set(log.digests) - log.missing
    log.missing |= absent
    for number in sorted(absent):
        yield Finding("log-missing", log.name(number), "the log has a gap here: a commit's file is gone")


def descend(log: Log, vouched: Mapping[int, set[str]]) -> Iterator[Finding]:
    """Follow a log from its newest file to its oldest, and doubt each file that its witnesses contradict.

    `vouched` holds further digests of log files, from versions that can be relied on.
    """
    for number in sorted(log.digests, reverse=True):
        found = log.digests[number]
        successor = log.commit(number + 1)
        witnesses = set(vouched.get(number, ()))
        if successor is not None and log.name(number) in successor.files:
            witnesses.add(successor.files[log.name(number)])
        if number not in log.doubted and witnesses and found not in witnesses:
            log.doubted.add(number)
            yield Finding("file-changed", log.name(number), "is not what later commits say it was")
        if number in log.doubted:
            continue
        if number in log.complaints:
            log.doubted.add(number)
            yield log.complaints[number]
            continue
        commit = log.commits[number]
        wanted = log.name(number - 1) if number else ""
        if commit.creation != (number == 0) or commit.previous != wanted:
            log.doubted.add(number)
            yield Finding(
                "log-misplaced", commit.name, f"follows {commit.previous or 'nothing'}, not {wanted or 'nothing'}"
            )
            continue
        yield from commit.complaints


def _alike(one: str, other: str) -> bool:
    return sum(a == b for a, b in zip(one, other, strict=True)) > len(other) // 2 if len(one) == len(other) else False
