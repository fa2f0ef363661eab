"""The commit logs as the audit reads them: JSON lines into commits, with what is wrong in each.

What is wrong inside a log file is kept with its commit (`complaints`), and told only where the file is what
its successor says it was: in a file that has changed, one finding is enough.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.audit_actions import Action, disagreements, judge, measure, statistics
from archive.audit_json import ShapeError, digests, flag, loads, mapping, number, text
from schemas.finding import Finding

TABLES = ("captures", "events", "revisions")
"""The tables in the order of seal.txt."""

MOST_MISSING = 1_000
"""Log files missing in a row, beyond which a name or number is taken for nonsense."""

_PART = re.compile(r"part-[0-9a-f]{1,64}\.parquet")
_LOG = re.compile(r"[0-9]{20}\.json")
_NAMES = {
    "raw": re.compile(r"raw/[0-9A-Za-z_-][0-9A-Za-z_.-]*\.warc\.gz"),
    "memory": re.compile(r"memory/[0-9a-f]{64}\.jsonl"),
    "edition": re.compile(r"editions/[^/\\.\x00][^/\\\x00]*/[^/\\.\x00][^/\\\x00]*"),
}
_OWN = {"captures": ("raw",), "events": ("edition", "memory"), "revisions": ()}
_DESCRIPTIONS = frozenset({"README.txt", "cleancopy.json"})


@dataclass(frozen=True, slots=True)
class Add:
    """A Parquet file that a commit adds: name in the archive, bytes, and what `statistics` says of its rows."""

    path: str
    size: int
    data_change: bool
    statistics: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Commit:
    """One log file that could be read.

    `runs` are the runs it says have made it, `previous` is the log file it names as the one before it.
    """

    name: str
    adds: tuple[Add, ...]
    removes: tuple[str, ...]
    runs: tuple[str, ...]
    files: Mapping[str, str]
    files_text: str
    body: str
    seal: str
    previous: str
    creation: bool
    complaints: tuple[Finding, ...]


@dataclass(slots=True)
class Log:
    """One table's log: digests of its files, the commits that could be read, and the numbers that are in doubt."""

    table: str
    digests: dict[int, str] = field(default_factory=dict)
    commits: dict[int, Commit] = field(default_factory=dict)
    complaints: dict[int, Finding] = field(default_factory=dict)
    doubted: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)

    @property
    def newest(self) -> int:
        """Number of the newest log file there is; -1 where there is none."""
        return max(self.digests, default=-1)

    @property
    def whole(self) -> bool:
        """Whether every commit up to the newest can be relied on."""
        return not self.missing and not self.doubted and len(self.commits) == self.newest + 1

    def name(self, number: int) -> str:
        """Return the name of the log file of a number."""
        return log_name(self.table, number)

    def commit(self, number: int) -> Commit | None:
        """Return a commit that can be relied on."""
        return None if number in self.doubted else self.commits.get(number)


def log_name(table: str, number: int) -> str:
    """Return the name of a table's log file, relative to the archive."""
    return f"{table}/_delta_log/{number:020d}.json"


def read_log(folder: Path, table: str, present: Mapping[str, int]) -> Log:
    """Read a table's log. `present` maps names of the files that are there to their sizes."""
    log = Log(table)
    prefix = f"{table}/_delta_log/"
    names = sorted(name for name in present if name.startswith(prefix) and _LOG.fullmatch(name.removeprefix(prefix)))
    for name in names:
        number = int(name.removeprefix(prefix).removesuffix(".json"))
        if number >= len(names) + MOST_MISSING:
            break  # no commit's file, whatever its name says
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            log.digests[number] = ""
            log.complaints[number] = Finding("log-unreadable", name, f"cannot be opened: {error.strerror}")
            continue
        log.digests[number] = hashlib.sha256(content).hexdigest()
        try:
            log.commits[number] = _commit(table, name, content)
        except (ValueError, RecursionError) as error:
            log.complaints[number] = Finding("log-unreadable", name, f"is no commit of this archive: {error}")
    return log


def _commit(table: str, name: str, content: bytes) -> Commit:
    actions = [_action(line) for line in content.decode("utf-8").split("\n") if line]
    infos = [value for kind, value in actions if kind == "commitInfo"]
    if len(infos) != 1:
        raise ValueError(f"it has {len(infos)} lines of commitInfo")
    creation = "cleancopy.files" not in infos[0]
    files_text = "{}" if creation else text(infos[0]["cleancopy.files"], "cleancopy.files")
    files = digests(loads(files_text), "cleancopy.files")
    seals = (
        (text(infos[0].get("cleancopy.body"), "cleancopy.body"), text(infos[0].get("cleancopy.seal"), "cleancopy.seal"))
        if table == "revisions" and not creation
        else ("", "")
    )
    adds = tuple(_add(table, value) for kind, value in actions if kind == "add")
    removes = tuple(f"{table}/{text(value.get('path'), 'path')}" for kind, value in actions if kind == "remove")
    own = {path: digest for path, digest in files.items() if not refused(path, table)}
    return Commit(
        name=name,
        adds=tuple(add for add in adds if not refused(add.path, table)),
        removes=removes,
        runs=tuple(text(value.get("appId"), "appId") for kind, value in actions if kind == "txn"),
        files=own,
        files_text=files_text,
        body=seals[0],
        seal=seals[1],
        previous=next((path for path in own if "/_delta_log/" in path), ""),
        creation=creation,
        complaints=tuple(
            Finding(code, name, detail)
            for found in (
                _refused_paths(table, (*files, *(add.path for add in adds), *removes)),
                judge(actions, creation=creation),
                () if creation else disagreements(table, [add.path for add in adds], files),
            )
            for code, detail in found
        ),
    )


def refused(path: str, table: str) -> bool:
    """Return whether a path is none that a commit of the table may name: outside the archive, or of no known form."""
    if not path.isprintable():
        return True
    head, _, tail = path.partition("/")
    if head == table:
        return not (_PART.fullmatch(tail) or _LOG.fullmatch(tail.removeprefix("_delta_log/")))
    if table == "revisions" and path in _DESCRIPTIONS:
        return False
    return not any(_NAMES[form].fullmatch(path) for form in _OWN[table])


def is_ours(path: str) -> bool:
    """Return whether a path has the form of a file that some commit brings."""
    return any(not refused(path, table) for table in TABLES)


def _refused_paths(table: str, paths: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for path in dict.fromkeys(paths):
        if refused(path, table):
            yield "path-refused", f"names {path!r}, which no commit of {table}/ may bring; it was not opened"


def _action(line: str) -> Action:
    value = mapping(loads(line), "a line")
    if len(value) != 1:
        raise ShapeError(f"a line has {len(value)} actions")
    [(kind, content)] = value.items()
    action = mapping(content, kind)
    measure(kind, action)
    return kind, action


def _add(table: str, value: Mapping[str, object]) -> Add:
    return Add(
        path=f"{table}/{text(value.get('path'), 'path')}",
        size=number(value.get("size"), "size"),
        data_change=flag(value.get("dataChange"), "dataChange"),
        statistics=statistics(value),
    )
