"""Which documents a version withdraws: what a mirror no longer holds, and pages that are gone for good."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.archive import Archive
from archive.heads import Heads, State, read_captures
from flows.rows import Row
from flows.tally import Met
from schemas.page import Verdict

_ANSWERS = frozenset({Verdict.OK, Verdict.NOT_MODIFIED, Verdict.GONE})
"""Verdicts that say whether a page is there. A wall, an error or a timeout says neither."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A document that leaves the current state: the number of its revision, its cause, and the revision's columns."""

    revision: int
    cause: str
    row: Row


def absent(heads: Heads, states: Mapping[str, State]) -> Iterator[tuple[str, Withdrawal]]:
    """Yield the withdrawal of each of these documents, which a mirrored source no longer holds."""
    for doc_id, state in states.items():
        row = {name: getattr(state, name) for name in ("identity", "url", "site", "captured_at")}
        yield doc_id, Withdrawal(heads.next_revision(doc_id), "absent", {"doc_id": doc_id, **row})


def gone(archive: Archive, heads: Heads, run_id: str, captured: Sequence[Met]) -> Iterator[tuple[str, Withdrawal]]:
    """Yield the withdrawal of each document that this run has found gone, as an earlier run had before it.

    One 404 may be a mistake of the host's: it takes a second one, from another run, with no sign of the page between
    the two. What is known of the page from later than that wins.
    """
    by_document: dict[str, list[Met]] = {}
    for met in captured:
        if met.verdict in _ANSWERS and not met.duplicate:
            by_document.setdefault(met.doc_id, []).append(met)
    only_gone = {doc_id: line for doc_id, line in by_document.items() if _all_gone(line)}
    earlier = read_captures(archive, but_of=run_id) if only_gone else None
    for doc_id, line in only_gone.items():
        last = max(line, key=lambda met: met.captured_at)
        state = heads.current(doc_id)
        if state is None or state.gone or state.captured_at > last.captured_at or earlier is None:
            continue
        if earlier.gone_since(doc_id, last.captured_at):
            columns = ("doc_id", "identity", "url", "site", "captured_at", "capture_id", "raw_sha256")
            row: Row = {name: getattr(last, name) for name in columns}
            yield doc_id, Withdrawal(heads.next_revision(doc_id), "gone", row)


def _all_gone(captures: Iterable[Met]) -> bool:
    return all(met.verdict == Verdict.GONE for met in captures)
