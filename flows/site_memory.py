"""Building site memories from an archive, and what one would take that another does not."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from archive.read import Reader
from archive.store import DamagedError
from cleaners import memory
from cleaners.catalogue import CLEANERS
from cleaners.ledger import LedgerError, revert
from cleaners.recurrence import VERSION, SiteCount
from flows.rows import steps_of
from schemas.edit import Edit, Step
from schemas.memory import Origin, SiteLine, SiteMemory, spell
from schemas.page import Document

Row = dict[str, object]

_BEFORE_COUNTING = frozenset({"encoding", "markup"})
"""Cleaners whose work stays when lines are counted: they mend how lines are written and take none of the page's own."""
_TEXTS = """
    SELECT identity, regexp_replace(rtrim(site, '.'), '^www\\.', '') AS of, title, text, steps FROM documents
    WHERE site IS NOT NULL AND text IS NOT NULL ORDER BY of, doc_id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A line that one snapshot takes and another does not; `comes` says which of the two is the newer one."""

    line: SiteLine
    comes: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What another memory would do to one document: what it takes more, and what it leaves that the other takes."""

    identity: str
    site: str
    taken: tuple[Edit, ...]
    left: tuple[Edit, ...]


def build(reader: Reader) -> bytes:
    """Return the file of a snapshot: what the documents share at the reader's version, by site.

    The same archive at the same version gives the same bytes. About one site's lines are held at a time.
    """
    lines: list[SiteLine] = []
    documents = 0
    for site, rows in groupby(reader.rows(_TEXTS), key=lambda row: str(row["of"])):
        count = SiteCount(site)
        for row in rows:
            documents += 1
            count.add(_as_counted(row))
        lines += count.shared()
    version = reader.version
    return spell(Origin(reader.archive.archive_id, version.version, version.seal, documents, VERSION), lines)


def compare(old: SiteMemory | None, new: SiteMemory | None) -> list[Change]:
    """Return the lines that only one of two snapshots takes, by site and text."""
    before, after = (_taken(snapshot) for snapshot in (old, new))
    changes = [Change(before[key], comes=False) for key in before.keys() - after.keys()]
    changes += [Change(after[key], comes=True) for key in after.keys() - before.keys()]
    return sorted(changes, key=lambda change: (change.line.site, change.line.line))


def effects(reader: Reader, old: SiteMemory | None, new: SiteMemory | None) -> Iterator[Effect]:
    """Yield the documents, as of the reader's version, from which two snapshots take different lines.

    Each is asked for the text that the rules have left; what the line model and the layout make of it is not counted.
    """
    for row in reader.rows(_TEXTS):
        site = str(row["of"])
        sides = [snapshot.of(site) if snapshot else {} for snapshot in (old, new)]
        if sides[0] != sides[1]:
            document = Document(undone(row, memory.CLEANER.name)[0], title=str(row["title"] or ""))
            less, more = (set(memory.proposals(document, side)) for side in sides)
            places = [{(e.start, e.end) for e in side} for side in (less, more)]
            taken = tuple(sorted(e for e in more if (e.start, e.end) not in places[0]))
            left = tuple(sorted(e for e in less if (e.start, e.end) not in places[1]))
            if taken or left:
                yield Effect(str(row["identity"]), site, taken, left)


def by_site(changes: Iterable[Change]) -> Mapping[str, tuple[int, int]]:
    """Return how many lines come and how many go, by site."""
    counts = Counter((change.line.site, change.comes) for change in changes)
    return {site: (counts[site, True], counts[site, False]) for site in sorted({site for site, _ in counts})}


def _taken(snapshot: SiteMemory | None) -> dict[tuple[str, str], SiteLine]:
    return {(line.site, line.line): line for line in snapshot.lines if line.taken} if snapshot else {}


def undone(row: Row, stage: str) -> tuple[str, tuple[Step, ...]]:
    """Return the text of a state as the cleaner called `stage` found it, and the steps from there on."""
    names = [cleaner.name for cleaner in CLEANERS]
    return _reverted(row, set(names[names.index(stage) :]).__contains__)


def _as_counted(row: Row) -> str:
    return _reverted(row, lambda cleaner: cleaner not in _BEFORE_COUNTING)[0]


def _reverted(row: Row, undo: Callable[[str], bool]) -> tuple[str, tuple[Step, ...]]:
    """Return the text of a state as it was before the first step whose cleaner is to be undone, and the steps since."""
    steps = steps_of(row)
    first = next((number for number, step in enumerate(steps) if undo(step.cleaner)), len(steps))
    try:
        return revert(str(row["text"]), steps[first:]), steps[first:]
    except LedgerError as error:
        raise DamagedError(f"the ledger of {row['identity']} does not fit its text: {error}") from error
