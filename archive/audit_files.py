"""The folder as the audit finds it: which files are there, and whether each is what the versions account for."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.audit_chain import Account
from archive.audit_json import loads, mapping, number, text
from archive.audit_log import Log, is_ours
from schemas.finding import Finding

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) now and then."""

DESCRIPTION = "cleancopy.json"
_LEFTOVER = re.compile(r"(?:\.|_commit_).*\.tmp|.*\.json(?:\.tmp)?#[0-9]+", re.DOTALL)
_ROOTS = (DESCRIPTION, "seal.txt", "captures/_delta_log", "revisions/_delta_log", "events/_delta_log")


@dataclass(frozen=True, slots=True)
class Description:
    """What cleancopy.json says."""

    archive_id: str
    created: str
    format: int


@dataclass(slots=True)
class Fixity:
    """Files that should be there: which are missing, and which are not what they were."""

    missing: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)

    def sound(self, path: str) -> bool:
        """Return whether the file is there and as it was."""
        return path not in self.missing and path not in self.changed


def is_archive(folder: Path) -> bool:
    """Return whether a folder holds anything of an archive."""
    return any((folder / name).exists() for name in _ROOTS)


def walk(folder: Path) -> Generator[Finding, None, dict[str, int]]:
    """Map the names of all regular files to their sizes. Links are reported and never followed."""
    present: dict[str, int] = {}
    pending = [""]
    while pending:
        under = pending.pop()
        try:
            entries = sorted(os.scandir(folder / under), key=lambda entry: entry.name)
        except OSError as error:
            yield Finding("file-changed", _printable(under), f"this folder cannot be listed: {error.strerror}")
            continue
        for entry in entries:
            name = f"{under}/{entry.name}" if under else entry.name
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # gone since the folder was listed: where it matters, it is missed below
            if stat.S_ISDIR(info.st_mode):
                pending.append(name)
            elif stat.S_ISREG(info.st_mode):
                present[name] = info.st_size
            elif stat.S_ISLNK(info.st_mode):
                yield Finding("link-refused", _printable(name), "is a link; it was not followed")
            else:
                yield Finding("file-unknown", _printable(name), "is no regular file; it was not opened")
    return present


def describe(folder: Path, present: Mapping[str, int]) -> Description | None:
    """Read cleancopy.json; None where it is not there or says something else."""
    if DESCRIPTION not in present:
        return None
    try:
        value = mapping(loads((folder / DESCRIPTION).read_bytes()), DESCRIPTION)
        return Description(
            text(value.get("archive_id"), "archive_id"),
            text(value.get("created"), "created"),
            number(value.get("format"), "format"),
        )
    except (OSError, ValueError, RecursionError):
        return None


def compare(
    folder: Path, present: Mapping[str, int], account: Account, progress: Progress
) -> Generator[Finding, None, Fixity]:
    """Compare each accounted file with its digest and size. Log files have their own check."""
    fixity = Fixity()
    sizes = {part.add.path: part.add.size for part in account.parts}
    for done, (path, wanted) in enumerate(sorted(account.expected.items())):
        progress("files", done, len(account.expected))
        if path not in present:
            fixity.missing.add(path)
            yield Finding("file-missing", path, "a version accounts for this file; it is not there")
            continue
        try:
            found = digest(folder / path)
        except OSError as error:
            fixity.changed.add(path)
            yield Finding("file-changed", path, f"cannot be read: {error.strerror}")
            continue
        if found != wanted:
            fixity.changed.add(path)
            code = "file-unvouched" if path in account.hearsay else "file-changed"
            yield Finding(code, path, f"is not what it was: SHA-256 {found}, recorded {wanted}")
        elif sizes.get(path, present[path]) != present[path]:
            yield Finding("log-disagrees", path, f"has {present[path]} bytes; its commit says {sizes[path]}")
    return fixity


def strangers(present: Mapping[str, int], account: Account, logs: Mapping[str, Log]) -> Iterator[Finding]:
    """Find files that no version accounts for."""
    known = {"seal.txt", *(log.name(index) for log in logs.values() for index in log.digests)}
    if logs["revisions"].newest <= 0:
        known |= {"README.txt", DESCRIPTION}  # the first version records these two
    broken = tuple(
        prefix
        for table, prefixes in (("captures", ("captures/", "raw/")), ("events", ("events/", "editions/", "memory/")))
        for prefix in prefixes
        if not logs[table].whole
    ) + (("revisions/", "README.txt", DESCRIPTION) if not logs["revisions"].whole else ())
    for path in sorted(set(present) - known - set(account.expected)):
        base = path.rpartition("/")[2]
        shown = _printable(path)
        if path in account.gone:
            yield Finding("erased-file-present", shown, f"{account.gone[path]} says that it was erased")
        elif _LEFTOVER.fullmatch(base):
            yield Finding("file-leftover", shown, "a run that was stopped has left it")
        elif is_ours(path) and "/_delta_log/" not in path:
            if path.startswith(broken):
                yield Finding(
                    "file-unvouched", shown, "a commit that is missing or damaged may be the one that names it"
                )
            else:
                yield Finding("file-uncommitted", shown, "has the form of an archive's file, and no commit names it")
        else:
            yield Finding("file-unknown", shown, "no version accounts for it")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
