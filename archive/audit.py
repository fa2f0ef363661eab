"""The audit: everything an archive claims, checked from its bytes (docs/data-format.md).

It shares no code with what writes archives: it reads the commit logs' JSON, the Parquet and the WARC files itself,
so a mistake in the writer is not repeated here. It opens nothing outside the folder and changes nothing in it.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.audit_chain import FORMAT, Account, Version, account, follow, read_versions, unfinished
from archive.audit_files import DESCRIPTION, Description, Fixity, compare, describe, is_archive, strangers, walk
from archive.audit_log import TABLES, Log, read_log
from archive.audit_raw import audit_raw
from archive.audit_rows import Proofs, progressed, read_part, roots
from archive.audit_seal import NAME, SealFile, descend, gaps, parse, weigh
from archive.audit_states import States, check_capture, check_event, check_revision, number_revisions
from schemas.finding import Finding

_HEX = frozenset("0123456789abcdef")
_SMALLEST_SEAL = 8
_UNTOLD = {"edition": "edition-unrecorded", "memory": "memory-unrecorded"}
"""What is wrong where no event of a kind tells of files that a commit of events brings."""


class NotAnArchive(FileNotFoundError):  # noqa: N818 - it says what the folder is, as FileNotFoundError does not
    """A folder that holds no archive."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a finding's code means, and what a person should do about it."""

    meaning: str
    what_to_do: str


def codes() -> dict[str, Code]:
    """Return every finding code with its explanation, from codes.toml."""
    table = tomllib.loads((Path(__file__).parent / "codes.toml").read_text(encoding="utf-8"))
    return {code: Code(entry["meaning"], entry["what_to_do"]) for code, entry in table.items()}


def audit(
    folder: Path, *, seal: str | None = None, progress: Callable[[str, int, int], None] | None = None
) -> Iterator[Finding]:
    """Yield what is wrong with an archive, as it is found; nothing for an archive that is as it was written.

    `seal`: 8 or more hex digits of a seal that was noted elsewhere: the only way to notice that the newest versions
    were taken away with all their files. `progress` is told (stage, done, total); the stages are "files", "rows"
    and "records". NotAnArchive for a folder that holds none, ValueError for a seal that cannot be one. No damage
    raises: it is a finding.
    """
    if not is_archive(folder):
        raise NotAnArchive(f"there is no archive in {folder}; give the folder that holds {DESCRIPTION}")
    wanted = None if seal is None else seal.strip().lower()
    if wanted is not None and (len(wanted) < _SMALLEST_SEAL or not _HEX.issuperset(wanted)):
        raise ValueError(f"{seal!r} is no seal; give {_SMALLEST_SEAL} or more of its hexadecimal digits")
    return _audit(folder, wanted, progress or (lambda _stage, _done, _total: None))


def _audit(folder: Path, seal: str | None, progress: Callable[[str, int, int], None]) -> Iterator[Finding]:
    present = yield from walk(folder)
    description = describe(folder, present)
    if description is not None and description.format > FORMAT:
        newer = f"has format {description.format}, and this cleancopy knows up to {FORMAT}; nothing else was checked"
        yield Finding("format-newer", DESCRIPTION, newer)
        return
    history = yield from _history(folder, present, description)
    if seal is not None and not any(version.seal.startswith(seal) for version in history.versions.values()):
        yield Finding("seal-unknown", "revisions/_delta_log", f"no version has the seal {seal}")
    fixity = yield from compare(folder, present, history.account, progress)
    yield from _description(present, description, fixity)
    yield from strangers(present, history.account, history.logs)
    proofs = Proofs()
    proofs.incomplete |= {table for table, log in history.logs.items() if not log.whole}
    states = yield from _rows(folder, history, fixity, proofs, progress)
    wanted = {index: (version.root, version.name) for index, version in history.versions.items()}
    _spoil(history, proofs)
    yield from roots(proofs, wanted)
    yield from _counts(history.versions, proofs)
    paths = sorted(path for path in history.account.expected if path.startswith("raw/"))
    yield from audit_raw(folder, paths, fixity, (states, proofs), progress)


@dataclass(frozen=True, slots=True)
class _History:
    """The logs, the versions they tell of, and the files these account for."""

    logs: Mapping[str, Log]
    versions: Mapping[int, Version]
    account: Account


def _history(
    folder: Path, present: Mapping[str, int], description: Description | None
) -> Generator[Finding, None, _History]:
    logs = {table: read_log(folder, table, present) for table in TABLES}
    seal_file, wrong = None, ""
    if NAME not in present:
        yield Finding("seal-file-missing", NAME, "nothing in the folder vouches for the newest commits")
    else:
        seal_file = parse(folder / NAME)
        wrong = (yield from weigh(seal_file, logs)) if seal_file else "it has not the form of a seal file"
    for log in logs.values():
        yield from gaps(log)
    yield from descend(logs["revisions"], {})
    versions = yield from read_versions(logs["revisions"])
    vouched: dict[str, dict[int, set[str]]] = {"captures": {}, "events": {}}
    for version in versions.values():
        for table, span in version.spans.items():
            vouched[table].setdefault(span.upto, set()).add(span.log_sha256)
    for table, digests in vouched.items():
        yield from descend(logs[table], digests)
    yield from follow(versions, logs, description.archive_id if description else None)
    if seal_file is not None:
        wrong = wrong or _stale(seal_file, logs, versions, description)
        behind = any(number < logs[table].newest for table, (number, _) in seal_file.logs.items())
        if behind and not wrong:
            yield Finding("seal-file-behind", NAME, "it is that of an earlier commit; nothing else is wrong with it")
    if wrong:
        yield Finding("seal-file-damaged", NAME, wrong)
    accounted = yield from account(logs, versions)
    yield from unfinished(logs, versions)
    return _History(logs, versions, accounted)


def _stale(
    seal_file: SealFile, logs: Mapping[str, Log], versions: Mapping[int, Version], description: Description | None
) -> str:
    """Say what seal.txt states otherwise than the version it names."""
    version = versions.get(seal_file.version)
    if seal_file.version == 0:
        wanted = (description.archive_id, "-", description.created) if description else None
    elif version is None or seal_file.version in logs["revisions"].doubted:
        return ""
    else:
        wanted = (version.archive_id, version.seal, version.time)
    if wanted is not None and (seal_file.archive, seal_file.seal, seal_file.time) != wanted:
        return f"its archive, seal or time is not that of version {seal_file.version}"
    return ""


def _description(present: Mapping[str, int], description: Description | None, fixity: Fixity) -> Iterator[Finding]:
    if description is None and fixity.sound(DESCRIPTION):
        if DESCRIPTION in present:
            yield Finding("description-damaged", DESCRIPTION, "does not say archive, format and time as it must")
        else:
            yield Finding("file-missing", DESCRIPTION, "the archive's description is not there")


def _rows(
    folder: Path,
    history: _History,
    fixity: Fixity,
    proofs: Proofs,
    progress: Callable[[str, int, int], None],
) -> Generator[Finding, None, States]:
    states = States()
    reading = 0
    brought = {"edition": history.account.editions, "memory": history.account.memories}
    for part in progressed(history.account.parts, progress):
        if part.table == "revisions" and part.version != reading:
            yield from _numbers(history, states, proofs, reading)
            reading = part.version or 0
        for entry in read_part(folder, part, fixity, history.account, proofs):
            if isinstance(entry, Finding):
                yield entry
            elif part.table == "captures":
                yield from check_capture(entry, states, proofs)
            elif part.table == "events":
                check_event(entry, brought)
            elif part.table == "revisions":
                yield from check_revision(entry, states, proofs)
    yield from _numbers(history, states, proofs, reading)
    for kind, found in brought.items():
        for path, untold in found.items() if "events" not in proofs.incomplete else ():
            files = ", ".join(untold.files)
            detail = f"{untold.name} brings {files}, and no event in this file tells of exactly these"
            yield Finding(_UNTOLD[kind], path, detail)
    return states


def _numbers(history: _History, states: States, proofs: Proofs, version: int) -> Iterator[Finding]:
    return number_revisions(states, proofs, history.logs["revisions"].name(version))


def _spoil(history: _History, proofs: Proofs) -> None:
    """Mark versions as incomplete where a commit they name cannot be relied on: their roots cannot be computed."""
    for index, version in history.versions.items():
        for table, span in version.spans.items():
            log = history.logs[table]
            numbers = range(span.after + 1, min(span.upto, log.newest + 1) + 1)
            if any(log.commit(number) is None for number in numbers):
                proofs.of(index).incomplete = True


def _counts(versions: Mapping[int, Version], proofs: Proofs) -> Iterator[Finding]:
    """Compare what each version counts with the rows: revisions it brought, captures its run made."""
    by_run: Counter[str] = Counter()
    for (run, _), count in proofs.captured.items():
        by_run[run] += count
    for index, version in versions.items():
        proof = proofs.of(index)
        for name, stated in version.counts.items():
            if name == "revisions" and not proof.incomplete:
                found, spare = proof.revisions, 0
            elif name == "captures" and "captures" not in proofs.incomplete:
                found, spare = by_run[version.run_id], proofs.erased
            elif name.startswith("verdict.") and "captures" not in proofs.incomplete:
                found, spare = proofs.captured[version.run_id, name.removeprefix("verdict.")], proofs.erased
            else:
                continue
            if not found <= stated <= found + spare:
                detail = f"version {index} counts {stated} {name}; there are {found}"
                yield Finding("counts-wrong", version.name, detail)
