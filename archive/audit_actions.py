"""What the actions of one commit may be: the audit's rules for a line of a table's log.

What a commit's `timestamp`, `operation` and the like say is not judged, because nothing depends on it: the time of a
version is the one in its sealed body. They must only be readable.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from archive.audit_json import digests, loads, mapping, number, text

Action = tuple[str, dict[str, object]]
Complaint = tuple[str, str]
"""A finding's code and detail."""

STATISTICS = ("doc_id", "version", "recorded_at")
"""The columns of which a commit may state bounds: the log cannot be erased, so no content stands there."""

_ACTIONS = frozenset({"commitInfo", "protocol", "metaData", "add", "remove", "txn"})
_PROTOCOL = {"minReaderVersion": 1, "minWriterVersion": 2}
_LEAST_WRITER = 2
"""From this writer version on, delta.appendOnly is heeded."""
_ADD = frozenset({"path", "partitionValues", "size", "modificationTime", "dataChange", "stats", "deletionVector"})
_PROPERTIES = {
    "delta.appendOnly": "true",
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}
_KINDS: Mapping[str, Mapping[str, Callable[[object, str], object]]] = {
    "add": {"modificationTime": number},
    "remove": {"deletionTimestamp": number},
    "txn": {"appId": text, "version": number, "lastUpdated": number},
    "commitInfo": {
        "timestamp": number,
        "operation": text,
        "operationParameters": digests,
        "engineInfo": text,
        "clientVersion": text,
    },
}
_NEEDED = frozenset({"modificationTime", "appId", "version"})
_BOUNDS = ("minValues", "maxValues", "nullCount")


def statistics(add: Mapping[str, object]) -> dict[str, object]:
    """Return the statistics of an `add`, of the columns that may have any; ShapeError where they have another form.

    `numRecords`, and each of `minValues`, `maxValues` and `nullCount` as `minValues.doc_id`.
    """
    stated = _stated(add)
    found = {"numRecords": stated["numRecords"]} if "numRecords" in stated else {}
    for bounds in _BOUNDS:
        values = mapping(stated.get(bounds, {}), bounds)
        found |= {f"{bounds}.{column}": values[column] for column in STATISTICS if column in values}
    return found


def measure(kind: str, value: Mapping[str, object]) -> None:
    """Raise ShapeError where a field that other readers of the table parse is not of the kind that they need."""
    for name, take in _KINDS.get(kind, {}).items():
        if value.get(name) is not None or name in _NEEDED:
            take(value.get(name), name)


def judge(actions: Sequence[Action], *, creation: bool) -> Iterator[Complaint]:
    """Yield what a commit does that none may do. `creation`: it is the first, which makes the table."""
    for kind in sorted({kind for kind, _ in actions} - _ACTIONS):
        yield "log-action-refused", f"has the action {kind!r}, which this archive does not use"
    for wanted in ("metaData", "protocol"):
        times = sum(kind == wanted for kind, _ in actions)
        if creation and not times:
            yield "table-properties", f"makes the table without the action {wanted!r}"
        elif times > creation:
            yield "log-action-refused", f"has the action {wanted!r}, which stands in a table's first commit, and once"
    for kind, value in actions:
        if kind == "remove" and value.get("dataChange") is not False:
            yield "log-action-refused", f"takes {value.get('path')!r} away, and its rows with it"
        elif kind == "add":
            yield from _add(value)
        elif kind == "metaData" and creation:
            yield from _table(value)
        elif kind == "protocol" and creation:
            yield from _protocol(value)


def disagreements(table: str, added: Sequence[str], files: Mapping[str, str]) -> Iterator[Complaint]:
    """Yield where the files that a commit adds are not those of which it gives a digest."""
    named = {path for path in files if path.startswith(f"{table}/part-")}
    for path in sorted({path for path in added if added.count(path) > 1}):
        yield "log-disagrees", f"adds {path} twice"
    for path in sorted(set(added) - named):
        yield "log-disagrees", f"adds {path} without its digest"
    for path in sorted(named - set(added)):
        yield "log-disagrees", f"gives a digest of {path}, which it does not add"


def _add(value: Mapping[str, object]) -> Iterator[Complaint]:
    path = value.get("path")
    if value.get("deletionVector") is not None:
        yield "log-action-refused", f"hides rows of {path!r} by a deletion vector"
    if value.get("partitionValues") != {}:
        yield "log-action-refused", f"puts values of its own in the place of columns of {path!r} (partitionValues)"
    for name in sorted(name for name, entry in value.items() if name not in _ADD and entry is not None):
        yield "log-action-refused", f"adds {path!r} with {name!r}, which this archive does not use"
    stated = _stated(value)
    for name in sorted(set(stated) - {"numRecords", *_BOUNDS}):
        yield "log-disagrees", f"states {name!r} of {path!r}, which no commit of this archive does"
    for bounds in _BOUNDS:
        columns = set(mapping(stated.get(bounds, {}), bounds)) - set(STATISTICS)
        if columns:
            yield "log-holds-content", f"its statistics hold {', '.join(sorted(columns))}, which no erasure can reach"


def _table(value: Mapping[str, object]) -> Iterator[Complaint]:
    set_to = value.get("configuration")
    for key, wanted in _PROPERTIES.items():
        if not isinstance(set_to, dict) or set_to.get(key) != wanted:
            yield "table-properties", f"{key} is not {wanted!r}, so a library may drop history"
    if value.get("partitionColumns") != []:
        yield "log-action-refused", "gives the table columns that its files do not hold (partitionColumns)"


def _protocol(value: Mapping[str, object]) -> Iterator[Complaint]:
    writer = value.get("minWriterVersion")
    if isinstance(writer, int) and writer < _LEAST_WRITER:
        yield "table-properties", f"minWriterVersion is below {_LEAST_WRITER}, so no writer heeds delta.appendOnly"
    elif value != _PROTOCOL:
        wanted = ", ".join(f"{name} {least}" for name, least in _PROTOCOL.items())
        yield "log-action-refused", f"asks of its readers or writers another protocol than {wanted}"


def _stated(add: Mapping[str, object]) -> dict[str, object]:
    content = add.get("stats")
    return {} if content is None else mapping(loads(text(content, "stats")), "stats")
