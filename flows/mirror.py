"""Which documents a run did not meet where it should have, and which of them it may withdraw."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from archive.archive import Archive
from archive.heads import State
from flows.sources.identity import storable
from flows.sources.web import Configured

if TYPE_CHECKING:
    from datetime import datetime

States = Mapping[str, State]


def absences(
    archive: Archive, unmet: States, sources: Sequence[str], mirror: bool, web: Configured | None
) -> tuple[dict[str, State], dict[str, State]]:
    """Return the documents that the sources no longer hold, and those of them that are mirrored.

    A run of SOURCE arguments takes the archive for theirs. A run of configured sources asks which document came from
    where: what a site no longer lists is not gone, and one source says nothing about another's files.
    """
    if web is None:
        return dict(unmet), dict(unmet) if mirror else {}
    absent = _held(archive, unmet, sources)
    mirrored = _held(archive, absent, sources if mirror else web.mirrored)
    return absent, mirrored


def _held(archive: Archive, states: States, places: Iterable[str]) -> dict[str, State]:
    """Return the documents whose newest capture came from one of the paths, or from within it."""
    begins = tuple(storable(place).rstrip("/") for place in places)
    if not begins or not states:
        return {}
    newest: dict[str, tuple[datetime, str]] = {}
    for path in archive.table("captures").files():
        columns = ["doc_id", "captured_at", "source"]
        for row in pq.read_table(path, columns=columns, filters=[("doc_id", "in", sorted(states))]).to_pylist():
            doc_id, found = str(row["doc_id"]), (row["captured_at"], str(row["source"] or ""))
            newest[doc_id] = max(found, newest.get(doc_id, found))
    held = {doc_id for doc_id, (_, source) in newest.items() if any(_within(source, begin) for begin in begins)}
    return {doc_id: state for doc_id, state in states.items() if doc_id in held}


def _within(source: str, place: str) -> bool:
    """Return whether a capture's source is a path, a file in it, or a row or record of it."""
    return source.startswith(place) and source[len(place) : len(place) + 1] in {"", "/", ":"}
