"""What hosts gave to ask by whether a page has changed: the validators of each document's newest capture."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow.parquet as pq

from archive.archive import Archive
from archive.heads import read_heads


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified as they came (RFC 9110, 8.8), and the URL of the response that had them."""

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None


_NONE = Validators()
_COLUMNS = ("doc_id", "captured_at", "verdict", "source_metadata")
_ANSWERS = frozenset({"ok", "not_modified"})


def read_validators(archive: Archive) -> dict[str, Validators]:
    """Return validators by doc_id: those of the newest ok capture, or of a later answer that nothing has changed.

    Documents that are withdrawn or erased have none: "not modified" would not bring them back.
    """
    newest: dict[str, tuple[datetime, Validators]] = {}
    for path in archive.table("captures").files():
        _note(pq.read_table(path, columns=list(_COLUMNS)).to_pylist(), newest)
    if not newest:
        return {}
    present = {doc_id for doc_id, _ in read_heads(archive).present()}
    return {doc_id: found for doc_id, (_, found) in newest.items() if found != _NONE and doc_id in present}


def _note(rows: Iterable[Mapping[str, object]], newest: dict[str, tuple[datetime, Validators]]) -> None:
    for row in rows:
        doc_id, moment, verdict = str(row["doc_id"]), row["captured_at"], row["verdict"]
        if verdict not in _ANSWERS or not isinstance(moment, datetime):
            continue
        known = newest.get(doc_id)
        if known is not None and moment < known[0]:
            continue
        found = _validators(str(row["source_metadata"] or ""))
        if verdict == "not_modified":
            before = known[1] if known else _NONE
            if before == _NONE:
                continue
            # a 304 names what has changed of them (RFC 9110, 15.4.5)
            found = Validators(
                found.etag or before.etag, found.last_modified or before.last_modified, found.url or before.url
            )
        newest[doc_id] = moment, found


def _validators(metadata: str) -> Validators:
    if '"ETag"' not in metadata and '"Last-Modified"' not in metadata:
        return _NONE
    said = json.loads(metadata)
    return Validators(said.get("ETag"), said.get("Last-Modified"), said.get("final_url"))
