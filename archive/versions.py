"""The history of versions, from the commit log alone."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from archive.archive import Archive, ArchiveError
from archive.log import Log


class UnknownVersionError(LookupError):
    """No version answers to what was asked for."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an archive: one commit, its cause and its seal.

    `captures` and `events` are the Delta versions of those tables up to which it vouches for them; `adopted` are
    the ids of killed runs whose captures it took in.
    """

    version: int
    time: str
    command: str
    run_id: str
    code: str
    policy: str
    recipe: str
    recipe_parts: dict[str, str]
    counts: dict[str, int]
    seal: str
    previous_seal: str
    captures: int
    events: int
    adopted: tuple[str, ...]


def versions(archive: Archive) -> list[Version]:
    """Return all versions, oldest first."""
    log = archive.log("revisions")
    return [read_version(log, number) for number in range(1, log.newest + 1)]


def newest(archive: Archive) -> Version | None:
    """Return the newest version, or None where no run has finished."""
    log = archive.log("revisions")
    return read_version(log, log.newest) if log.newest else None


def read_version(log: Log, number: int) -> Version:
    """Return one version as its commit records it; ArchiveError where the commit is damaged."""
    try:
        metadata = log.metadata(number)
        return _version(metadata, json.loads(metadata["cleancopy.body"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        said = f"the commit of version {number} is damaged ({error!r}); `cleancopy verify` says more"
        raise ArchiveError(said) from error


def _version(metadata: dict[str, str], body: dict[str, Any]) -> Version:
    return Version(
        version=body["version"],
        time=body["time"],
        command=body["command"],
        run_id=body["run_id"],
        code=body["code"],
        policy=body["policy"],
        recipe=body["recipe"],
        recipe_parts=body["recipe_parts"],
        counts=body["counts"],
        seal=metadata["cleancopy.seal"],
        previous_seal=body["previous_seal"],
        captures=body["captures"]["to"],
        events=body["events"]["to"],
        adopted=tuple(body.get("adopted", ())),
    )


def find_version(known: list[Version], asked: str | None) -> Version:
    """Return the version that a number, 8+ digits of a seal, or an ISO date or time (UTC) names; None is the newest.

    A date means its end, and so does a time to the second: the newest version committed by then.
    UnknownVersionError otherwise.
    """
    if not known:
        raise UnknownVersionError("the archive has no version yet: no run has finished")
    if asked is None:
        return known[-1]
    if asked.isdecimal() and len(asked) < 8:
        matches = [v for v in known if v.version == int(asked)]
    else:
        matches = [v for v in known if len(asked) >= 8 and v.seal.startswith(asked.lower())]
        moment = None if matches else _moment(asked)
        if moment is not None:
            matches = [v for v in known if datetime.fromisoformat(v.time) <= moment][-1:]
    if not matches:
        raise UnknownVersionError(
            f"no version answers to {asked!r}: give a number from 1 to {known[-1].version}, "
            f"8 or more digits of a seal, or a date or time from {known[0].time[:19]} UTC on"
        )
    return matches[-1]


def _moment(asked: str) -> datetime | None:
    try:
        if len(asked) == 10:
            return datetime.combine(date.fromisoformat(asked), time.min, UTC) + timedelta(days=1, microseconds=-1)
        moment = datetime.fromisoformat(asked.removesuffix(" UTC"))
    except ValueError:
        return None
    if not moment.microsecond and "." not in asked:
        # as `log` prints it: the commit itself was a fraction of a second later
        moment += timedelta(seconds=1, microseconds=-1)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
