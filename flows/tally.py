"""What each source gave a run: pages listed and taken, what became of them, listings that could not be read."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.discover.selection import Selection


@dataclass(frozen=True, slots=True)
class Tally:
    """One source of a run.

    `found` counts the pages that its listings name, `taken` those that the run took, and `skipped` by reason those
    that it did not. `verdicts` counts captures. `problems` tells of listings that could not be read, or not in full.
    """

    source: str
    kind: str
    found: int
    taken: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether no listing of the source could be read."""
        return bool(self.problems) and not self.found

    def row(self) -> dict[str, object]:
        """Return the tally as --json prints it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Met:
    """What must be known of a capture to count it, to tell why it failed, and to withdraw its document."""

    doc_id: str
    capture_id: str
    identity: str
    url: str | None
    site: str | None
    source: str
    captured_at: datetime
    verdict: str
    detail: str | None
    duplicate: bool
    raw_sha256: str


COUNTED = "source."
"""What the names of configured sources begin with in the counts of a version."""


def counts_of(listings: Iterable[Tally], configured: Collection[str]) -> dict[str, int]:
    """Return how many captures each configured source gave, by its name after COUNTED; 0 tells that it was asked.

    A source of which a run that was killed had captured all is left out: the captures are that run's.
    """
    ours = (tally for tally in listings if tally.source in configured and (tally.verdicts or not tally.taken))
    return {f"{COUNTED}{tally.source}": sum(tally.verdicts.values()) for tally in ours}


def tallies(
    captured: Iterable[Met],
    owners: Mapping[str, str],
    selections: Iterable[Selection],
    files: Mapping[str, str],
) -> tuple[Tally, ...]:
    """Return a tally for each source of a run, those that are fetched first.

    `owners` says which SOURCE or path gave an identity, `files` which configured source a path belongs to; a SOURCE
    that belongs to none stands for itself. What an earlier run left unfinished is not counted.
    """
    known = {selection.name: selection for selection in selections}
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in (*known, *files.values())}
    for capture in captured:
        name: str | None = capture.source
        if name not in known:
            owner = owners.get(capture.identity)
            name = files.get(owner, owner) if owner is not None else None
        if name is not None:
            verdicts.setdefault(name, Counter())[capture.verdict] += 1
    return tuple(_tally(name, known.get(name), counted) for name, counted in verdicts.items())


def _tally(name: str, selection: Selection | None, verdicts: Counter[str]) -> Tally:
    if selection is None:
        total = verdicts.total()
        return Tally(name, "files", total, total, verdicts=dict(verdicts))
    skipped = {str(reason): count for reason, count in selection.skipped.most_common()}
    kind, problems = selection.source.kind, tuple(selection.problems)
    return Tally(name, kind, selection.found, selection.taken, skipped, dict(verdicts), problems)
