"""The versions as the audit reads them: bodies, the chain of seals, and which files each version accounts for."""

import hashlib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field

from archive.audit_json import digests, loads, mapping, number, text
from archive.audit_log import Add, Commit, Log
from schemas.finding import Finding

FORMAT = 1
"""The newest format of archives that this audit knows."""

_MUTABLE = frozenset({"README.txt", "cleancopy.json"})


@dataclass(frozen=True, slots=True)
class Span:
    """Commits of another table that a version names: after < number <= upto."""

    after: int
    upto: int
    log_sha256: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """What an erasure put in a file's place; both None where nothing."""

    path: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version as its sealed body states it; `seal` is computed from the body, not read."""

    number: int
    name: str
    seal: str
    previous_seal: str
    archive_id: str
    time: str
    run_id: str
    root: str
    files_sha256: str
    counts: Mapping[str, int]
    spans: Mapping[str, Span]
    replaced: Mapping[str, Replacement]
    memory: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A Parquet file that is to be read; `version` is the one whose rows it holds, None where that is unknown."""

    table: str
    version: int | None
    add: Add


@dataclass(frozen=True, slots=True)
class Edition:
    """What a commit of events brings beside its rows: the log file's name and the files, sorted."""

    name: str
    files: tuple[str, ...]


@dataclass(slots=True)
class Account:
    """What the versions account for.

    `expected` maps each file to its SHA-256; `hearsay` holds those of which only a commit that cannot be relied on
    states it. `gone` holds files that an erasure took away, `rewritten` those it put in their places. `editions`
    maps the Parquet file that must hold an edition's event to that edition, `memories` the same of site memories.
    """

    expected: dict[str, str] = field(default_factory=dict)
    hearsay: set[str] = field(default_factory=set)
    gone: dict[str, str] = field(default_factory=dict)
    rewritten: set[str] = field(default_factory=set)
    editions: dict[str, Edition] = field(default_factory=dict)
    memories: dict[str, Edition] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)


def read_versions(log: Log) -> Generator[Finding, None, dict[int, Version]]:
    """Read the bodies of all versions whose commits can be relied on."""
    versions: dict[int, Version] = {}
    for index in sorted(log.commits):
        commit = log.commit(index)
        if commit is None or index == 0:
            continue
        try:
            body = mapping(loads(commit.body), "body")
            newer = number(body.get("format"), "format") > FORMAT
            version = _version(commit, body)
            files_sha256 = hashlib.sha256(commit.files_text.encode()).hexdigest()
        except (ValueError, RecursionError) as error:
            log.doubted.add(index)
            yield Finding("log-unreadable", commit.name, f"its body cannot be read: {error}")
            continue
        if newer:
            yield Finding("format-newer", commit.name, f"version {index} is of a format this cleancopy does not know")
        if version.number != index:
            yield Finding("chain-broken", commit.name, f"calls itself version {version.number}, and is {index}")
        if commit.seal != version.seal:
            yield Finding("seal-wrong", commit.name, f"the seal of version {index} is not the digest of its body")
        if files_sha256 != version.files_sha256:
            yield Finding("file-list-wrong", commit.name, f"the list of files is not the one version {index} sealed")
        if not {version.run_id}.issuperset(commit.runs):
            yield Finding("log-disagrees", commit.name, f"names another run than version {index} sealed")
        versions[index] = version
    return versions


def follow(versions: Mapping[int, Version], logs: Mapping[str, Log], archive_id: str | None) -> Iterator[Finding]:
    """Check that each version continues the one before it, and names the commits of the other tables as they are."""
    for index, version in versions.items():
        before = versions.get(index - 1)
        if index == 1 or before is not None:
            seal = before.seal if before else ""
            if version.previous_seal != seal:
                yield Finding("chain-broken", version.name, f"version {index} does not carry the seal before it")
        if archive_id is not None and version.archive_id != archive_id:
            yield Finding("chain-broken", version.name, f"version {index} belongs to archive {version.archive_id}")
        for table, span in version.spans.items():
            log = logs[table]
            after = before.spans[table].upto if before else 0
            if (index == 1 or before is not None) and (span.after != after or span.upto < after):
                yield Finding(
                    "chain-broken",
                    version.name,
                    f"version {index} names commits {span.after} to {span.upto} of {table}/, after {after}",
                )
            if span.upto not in log.digests and span.upto not in log.missing:
                log.missing.add(span.upto)
                yield Finding("log-missing", log.name(span.upto), f"version {index} names it; it is gone")
            elif span.upto not in log.doubted and log.digests.get(span.upto, span.log_sha256) != span.log_sha256:
                yield Finding("chain-broken", version.name, f"its digest of {log.name(span.upto)} is wrong")


def account(logs: Mapping[str, Log], versions: Mapping[int, Version]) -> Generator[Finding, None, Account]:
    """Work out which files the archive must hold, with which digests, and which rows belong to which version."""
    result = Account()
    homes: dict[str, int | None] = {}
    live: dict[str, Part] = {}
    for version, table, commit, trusted in _in_order(logs, versions):
        stated = versions.get(version) if version is not None else None
        replaced = stated.replaced if stated else {}
        for path, sha256 in commit.files.items():
            if "/_delta_log/" in path:
                continue
            if path in result.expected and path not in _MUTABLE and path not in replaced:
                if trusted and result.expected[path] != sha256 and path not in result.hearsay:
                    detail = f"gives {path} a second digest, and no erasure says why"
                    yield Finding("file-named-twice", commit.name, detail)
                continue
            result.expected[path] = sha256
            (result.hearsay.discard if trusted else result.hearsay.add)(path)
        for old, new in replaced.items():
            if new.path is not None:
                homes.setdefault(new.path, homes.get(old, version))
        for path in commit.removes if trusted else ():
            if path not in replaced or live.pop(path, None) is None:
                yield Finding("log-action-refused", commit.name, f"takes {path} away, and no erasure says why")
        for add in commit.adds if trusted else ():
            homes.setdefault(add.path, version)
            live[add.path] = Part(table, homes[add.path], add)
            if not add.data_change and add.path not in {new.path for new in replaced.values()}:
                yield Finding("log-action-refused", commit.name, f"adds {add.path} as a rewritten file; none was")
        for prefix, brought in (("editions/", result.editions), ("memory/", result.memories)):
            files = tuple(sorted(path for path in commit.files if path.startswith(prefix)))
            if trusted and files:
                brought[commit.adds[0].path if commit.adds else commit.name] = Edition(commit.name, files)
        if table == "revisions":
            yield from _erase(replaced, result, commit.name)
    yield from _memories(versions, logs["events"], result)
    result.parts = sorted(live.values(), key=lambda p: (p.table, p.version or 0))
    return result


def _memories(versions: Mapping[int, Version], events: Log, result: Account) -> Iterator[Finding]:
    """Find site memories that are not what they are called, and versions made with one that was never adopted."""
    known = {path: sha256 for path, sha256 in result.expected.items() if path.startswith("memory/")}
    for path, sha256 in known.items():
        if path != f"memory/{sha256}.jsonl":
            yield Finding("memory-unrecorded", path, f"is called otherwise than by its digest, {sha256}")
    for version in versions.values() if events.whole else ():
        path = f"memory/{version.memory}.jsonl"
        if version.memory is not None and path not in known and path not in result.gone:
            detail = f"version {version.number} was made with {path}, which was never adopted"
            yield Finding("memory-unrecorded", version.name, detail)


def unfinished(logs: Mapping[str, Log], versions: Mapping[int, Version]) -> Iterator[Finding]:
    """Find commits of captures that no version names: what a run that did not finish has left."""
    if max(versions, default=0) < logs["revisions"].newest:
        return  # the newest version cannot be read, so nobody can say what it names
    named = versions[max(versions)].spans["captures"].upto if versions else 0
    log = logs["captures"]
    for index in sorted(log.commits):
        if index > named and log.commit(index) is not None:
            yield Finding("unfinished-run", log.name(index), "these captures belong to no version yet")


def _in_order(
    logs: Mapping[str, Log], versions: Mapping[int, Version]
) -> Iterator[tuple[int | None, str, Commit, bool]]:
    """Yield (version, table, commit, whether it can be relied on): each version's captures, events, revisions."""
    done = {"captures": 0, "events": 0}
    for index in sorted(set(logs["revisions"].commits) - {0}):
        version = versions.get(index)
        for table, start in done.items():
            span = version.spans[table] if version else Span(start, start, "")
            for earlier in _numbers(logs[table], start, span.upto):
                # what a version before it that cannot be read has named is nobody's
                yield from _one(logs[table], index if earlier > span.after else None, earlier)
            done[table] = max(start, span.upto)
        yield from _one(logs["revisions"], index, index)
    for table, start in done.items():
        for later in _numbers(logs[table], start, logs[table].newest):
            yield from _one(logs[table], None, later)


def _numbers(log: Log, after: int, upto: int) -> list[int]:
    return sorted(index for index in log.commits if after < index <= upto)


def _one(log: Log, version: int | None, index: int) -> Iterator[tuple[int | None, str, Commit, bool]]:
    commit = log.commits.get(index)
    if commit is not None:
        yield version, log.table, commit, index not in log.doubted


def _erase(replaced: Mapping[str, Replacement], result: Account, name: str) -> Iterator[Finding]:
    for old, new in replaced.items():
        if new.path is not None and new.sha256 is not None:
            result.rewritten.add(new.path)
            if result.expected.get(new.path, new.sha256) != new.sha256:
                yield Finding("log-disagrees", name, f"two digests of {new.path}, which took the place of {old}")
            result.expected[new.path] = new.sha256
        if new.path != old:
            result.expected.pop(old, None)
            result.gone[old] = name


def _version(commit: Commit, body: Mapping[str, object]) -> Version:
    return Version(
        number=number(body.get("version"), "version"),
        name=commit.name,
        seal=hashlib.sha256(commit.body.encode()).hexdigest(),
        previous_seal=text(body.get("previous_seal"), "previous_seal"),
        archive_id=text(body.get("archive_id"), "archive_id"),
        time=text(body.get("time"), "time"),
        run_id=text(body.get("run_id"), "run_id"),
        root=text(body.get("root"), "root"),
        files_sha256=text(body.get("files_sha256"), "files_sha256"),
        counts={key: number(value, key) for key, value in mapping(body.get("counts"), "counts").items()},
        spans={table: _span(mapping(body.get(table), table)) for table in ("captures", "events")},
        replaced={
            old: _replacement(mapping(new, old)) for old, new in mapping(body.get("replaced", {}), "replaced").items()
        },
        memory=None
        if (memory := mapping(body.get("recipe_parts", {}), "recipe_parts").get("memory")) is None
        else text(memory, "memory"),
    )


def _span(value: Mapping[str, object]) -> Span:
    return Span(
        number(value.get("from"), "from"), number(value.get("to"), "to"), text(value.get("log_sha256"), "log_sha256")
    )


def _replacement(value: Mapping[str, object]) -> Replacement:
    if value.get("path") is None:
        return Replacement(None, None)
    both = digests({key: value.get(key) for key in ("path", "sha256")}, "replaced")
    return Replacement(both["path"], both["sha256"])
