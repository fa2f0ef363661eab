"""Which candidates become revisions, and why: the archive's current states against what a run has found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.heads import Captures, Heads, State
from cleaners.recipe import cause_of
from flows.rows import Row


@dataclass(frozen=True, slots=True)
class Candidate:
    """What must be known of a candidate to decide on it."""

    sequence: int
    doc_id: str
    captured_at: datetime
    capture_id: str
    content_sha256: str
    input_sha256: str
    recipe: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A revision to write: its number, its op and its cause."""

    revision: int
    op: str
    cause: str


@dataclass(slots=True)
class Decisions:
    """All decisions of a run by sequence, and how many of each op there are."""

    by_sequence: dict[int, Decision] = field(default_factory=dict)
    capture_ids: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "changed", "restored"), 0))


_COUNTED = {"add": "added", "change": "changed", "restore": "restored"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive held when the run began to commit: states, earlier captures, and the parts of each recipe."""

    heads: Heads
    captures: Captures
    recipes: Mapping[str, dict[str, str]]

    def base(self, candidate: Candidate) -> State | None:
        """Return the state to compare with, with the bytes and the recipe that last gave it."""
        state = self.heads.at(candidate.doc_id, candidate.captured_at)
        seen = self.captures.newest(candidate.doc_id)
        if state and seen and seen.captured_at >= state.captured_at and seen.content_sha256 == state.content_sha256:
            return replace(state, input_sha256=seen.input_sha256, recipe=seen.recipe or state.recipe)
        return state


def overtaken(candidates: Iterable[Candidate], known: Known) -> Iterator[tuple[Candidate, State]]:
    """Yield the candidates that change a document before the archive last saw it, with the states they change.

    A later capture that found such a state unchanged made no revision; now that another state comes between the
    two, it must.
    """
    for candidate in candidates:
        base = known.heads.at(candidate.doc_id, candidate.captured_at)
        seen = known.captures.newest(candidate.doc_id)
        if (
            base is not None
            and seen is not None
            and not base.gone
            and base.content_sha256 != candidate.content_sha256
            and candidate.captured_at < seen.captured_at
        ):
            yield candidate, base


def confirming(older: Iterable[tuple[Candidate, State]], rows: Sequence[Row], known: Known) -> list[Row]:
    """Return, of capture rows, oldest first, the first that found each of the overtaken states unchanged later."""
    wanted: dict[str, Row] = {}
    for candidate, base in older:
        for row in rows:
            moment = row["captured_at"]
            if (
                row["doc_id"] == candidate.doc_id
                and isinstance(moment, datetime)
                and moment > candidate.captured_at
                and row["content_sha256"] == base.content_sha256
                and known.heads.at(candidate.doc_id, moment) == base
            ):
                wanted[str(row["capture_id"])] = row
                break
    return list(wanted.values())


def decide(candidates: Iterable[Candidate], known: Known, version: int) -> Decisions:
    """Decide on candidates, in order of capture; the heads take in each new state.

    A revision is written if and only if its content differs from the state that was current at its capture. Of
    captures of one document at one moment the last one counts: no time passes between them.
    """
    made = Decisions()
    last = {(c.doc_id, c.captured_at): c for c in sorted(candidates, key=lambda c: (c.captured_at, c.sequence))}
    for candidate in last.values():
        decision = _decide(candidate, known)
        if decision is None:
            continue
        made.by_sequence[candidate.sequence] = decision
        made.capture_ids.add(candidate.capture_id)
        made.counts[_COUNTED[decision.op]] += 1
        known.heads.add(candidate.doc_id, _state(candidate, decision, version))
    return made


def _decide(candidate: Candidate, known: Known) -> Decision | None:
    number = known.heads.next_revision(candidate.doc_id)
    base = known.base(candidate)
    if base is None:
        return Decision(number, "add" if number == 1 else "change", "page")
    if base.gone:
        return Decision(number, "restore", "page")
    if base.content_sha256 == candidate.content_sha256:
        return None
    same_input = base.input_sha256 == candidate.input_sha256
    if same_input and base.recipe is not None and base.recipe != candidate.recipe:
        return Decision(number, "change", cause_of(known.recipes.get(base.recipe, {}), known.recipes[candidate.recipe]))
    return Decision(number, "change", "page")


def _state(candidate: Candidate, decision: Decision, version: int) -> State:
    return State(
        captured_at=candidate.captured_at,
        version=version,
        revision=decision.revision,
        op=decision.op,
        capture_id=candidate.capture_id,
        content_sha256=candidate.content_sha256,
        input_sha256=candidate.input_sha256,
        recipe=candidate.recipe,
        identity=None,
        url=None,
        site=None,
    )
