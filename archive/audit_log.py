"""The commit logs as the audit reads them: JSON lines into commits, with what is wrong in each.

What is wrong inside a log file is kept with its commit (`complaints`), and told only where the file is what
its successor says it was: in a file that has changed, one finding is enough.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.finding import Finding


class ShapeError(ValueError):
    """A JSON value of another kind than the format says."""


TABLES = ("captures", "events", "revisions")
"""The tables in the order of seal.txt."""

MOST_MISSING = 1_000
"""Log files missing in a row, beyond which a name or number is taken for nonsense."""

_PART = re.compile(r"part-[0-9a-f]{1,64}\.parquet")
_LOG = re.compile(r"[0-9]{20}\.json")
_NAMES = {
    "raw": re.compile(r"raw/[0-9A-Za-z_-][0-9A-Za-z_.-]*\.warc\.gz"),
    "edition": re.compile(r"editions/[^/\\.\x00][^/\\\x00]*/[^/\\.\x00][^/\\\x00]*"),
}
_OWN = {"captures": ("raw",), "events": ("edition",), "revisions": ()}
_DESCRIPTIONS = frozenset({"README.txt", "cleancopy.json"})
_PROPERTIES = {
    "delta.appendOnly": "true",
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}
_STATISTICS = frozenset({"doc_id", "version", "recorded_at"})


@dataclass(frozen=True, slots=True)
class Add:
    """A Parquet file that a commit adds: name in the archive, bytes, rows, and the statistics' doc_id bounds."""

    path: str
    size: int
    data_change: bool
    rows: int | None
    least: str | None
    most: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One log file that could be read. `previous` is the log file it names as the one before it."""

    name: str
    adds: tuple[Add, ...]
    removes: tuple[str, ...]
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


def text(value: object, name: str) -> str:
    """Return a JSON value that must be a string; ShapeError otherwise."""
    if not isinstance(value, str):
        raise ShapeError(f"{name} is no string")
    return value


def number(value: object, name: str) -> int:
    """Return a JSON value that must be a whole number, zero or more; ShapeError otherwise."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ShapeError(f"{name} is no whole number")
    return value


def mapping(value: object, name: str) -> dict[str, object]:
    """Return a JSON value that must be an object; ShapeError otherwise."""
    if not isinstance(value, dict):
        raise ShapeError(f"{name} is no object")
    return value


def digests(value: object, name: str) -> dict[str, str]:
    """Return a JSON value that must be an object of strings; ShapeError otherwise."""
    return {key: text(entry, f"{name}: {key}") for key, entry in mapping(value, name).items()}


def _commit(table: str, name: str, content: bytes) -> Commit:
    actions = [
        (kind, mapping(value, kind))
        for line in content.decode("utf-8").split("\n")
        if line
        for kind, value in mapping(json.loads(line), "a line").items()
    ]
    infos = [value for kind, value in actions if kind == "commitInfo"]
    if len(infos) != 1:
        raise ValueError(f"it has {len(infos)} lines of commitInfo")
    creation = "cleancopy.files" not in infos[0]
    files_text = "{}" if creation else text(infos[0]["cleancopy.files"], "cleancopy.files")
    files = digests(json.loads(files_text), "cleancopy.files")
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
                _actions(actions, creation=creation),
                () if creation else _disagreements(table, adds, files),
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


def _add(table: str, value: Mapping[str, object]) -> Add:
    statistics = mapping(json.loads(text(value.get("stats") or "{}", "stats")), "stats")
    rows = statistics.get("numRecords")
    least = mapping(statistics.get("minValues") or {}, "minValues").get("doc_id")
    most = mapping(statistics.get("maxValues") or {}, "maxValues").get("doc_id")
    return Add(
        path=f"{table}/{text(value.get('path'), 'path')}",
        size=number(value.get("size"), "size"),
        data_change=value.get("dataChange") is not False,
        rows=rows if isinstance(rows, int) else None,
        least=least if isinstance(least, str) else None,
        most=most if isinstance(most, str) else None,
    )


def _actions(actions: list[tuple[str, dict[str, object]]], *, creation: bool) -> Iterator[tuple[str, str]]:
    kinds = [kind for kind, _ in actions]
    for kind in sorted(set(kinds) - {"commitInfo", "protocol", "metaData", "add", "remove", "txn"}):
        yield "log-action-refused", f"has the action {kind!r}, which this archive does not use"
    if creation and ("metaData" not in kinds or "protocol" not in kinds):
        yield "table-properties", "does not say what the table's properties are"
    for kind, value in actions:
        if kind == "remove" and value.get("dataChange") is not False:
            yield "log-action-refused", f"takes {value.get('path')!r} away, and its rows with it"
        if kind == "add" and value.get("deletionVector"):
            yield "log-action-refused", f"hides rows of {value.get('path')!r} by a deletion vector"
        if kind == "add":
            yield from _content(value)
        if kind == "metaData":
            set_to = value.get("configuration")
            for key, wanted in _PROPERTIES.items():
                if not isinstance(set_to, dict) or set_to.get(key) != wanted:
                    yield "table-properties", f"{key} is not {wanted!r}, so a library may drop history"
        if kind == "protocol" and value.get("minWriterVersion") in {0, 1}:
            yield "table-properties", "minWriterVersion is below 2, so writers need not heed delta.appendOnly"


def _content(add: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    statistics = mapping(json.loads(text(add.get("stats") or "{}", "stats")), "stats")
    for bounds in ("minValues", "maxValues"):
        columns = set(mapping(statistics.get(bounds) or {}, bounds)) - _STATISTICS
        if columns:
            yield "log-holds-content", f"its statistics hold {', '.join(sorted(columns))}, which no erasure can reach"


def _disagreements(table: str, adds: tuple[Add, ...], files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    added = [add.path for add in adds]
    named = {path for path in files if path.startswith(f"{table}/part-")}
    for path in sorted({path for path in added if added.count(path) > 1}):
        yield "log-disagrees", f"adds {path} twice"
    for path in sorted(set(added) - named):
        yield "log-disagrees", f"adds {path} without its digest"
    for path in sorted(named - set(added)):
        yield "log-disagrees", f"gives a digest of {path}, which it does not add"
