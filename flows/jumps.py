"""Whether a run took much more out of a site's pages, or by a rule, than the archive's history leads one to expect.

Computed anew from the newest revisions each time, and kept nowhere: a warning for who runs it, and no part of a result.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import chain
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from archive.archive import Archive

COLUMNS = ("doc_id", "site", "text", "steps")
_MOST_ROWS = 10_000
"""Of the archive's newest revisions, so many are compared with: about a second."""
_FEWEST = 5
_SITE_LEAST, _MADS = 0.1, 4.5
_RULE_LEAST, _RULE_TIMES = 0.02, 3.0
_NO_REMOVALS = re.compile(r"(?:encoding|names|layout):")
_EVIDENCE = re.compile(r"((?:model|memory):[^/]*)/.*", re.DOTALL)
"""Labels that end in a probability or a count, which is no rule of its own."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A site or a rule with the share of text taken before and in this run, 0 to 1, and the documents it is judged by.

    For a site both are medians over documents, for a rule shares of all their characters.
    """

    kind: str
    name: str
    before: float
    now: float
    documents: int
    earlier: int

    def row(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return asdict(self) | {"before": round(self.before, 4), "now": round(self.now, 4)}


@dataclass(slots=True)
class _Tally:
    """What was taken out of some documents: the share of each by site, and characters and documents by rule."""

    shares: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    characters: int = 0
    documents: int = 0
    taken: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    touched: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def jumps(archive: Archive, cleaned: Iterable[pa.Table]) -> tuple[Jump, ...]:
    """Return what jumps among the documents of a run (tables with `COLUMNS`) against the archive's newest revisions."""
    now = _Tally()
    for rows in cleaned:
        _count(rows, now)
    if not now.documents:
        return ()
    before = _Tally()
    for rows in _newest(archive):
        _count(rows, before)
    return (*_sites(before, now), *_rules(before, now))


def _sites(before: _Tally, now: _Tally) -> Iterator[Jump]:
    """Yield sites whose median share lies a tenth, and 4.5 median deviations, above that of their history."""
    for site in sorted(now.shares.keys() & before.shares.keys()):
        new, old = now.shares[site], before.shares[site]
        if min(len(new), len(old)) >= _FEWEST:
            usual, found = median(old), median(new)
            spread = median(abs(share - usual) for share in old)
            if found - usual >= max(_SITE_LEAST, _MADS * spread):
                yield Jump("site", site, usual, found, len(new), len(old))


def _rules(before: _Tally, now: _Tally) -> Iterator[Jump]:
    """Yield rules that take three times their share, and a fiftieth of all text more, on five documents or more."""
    if before.documents < _FEWEST:
        return
    for rule in sorted(now.taken):
        usual, found = (tally.taken.get(rule, 0) / max(1, tally.characters) for tally in (before, now))
        jumped = found >= _RULE_TIMES * usual and found - usual >= _RULE_LEAST
        if jumped and now.touched[rule] >= _FEWEST:
            yield Jump("rule", rule, usual, found, now.touched[rule], before.documents)


def _newest(archive: Archive) -> Iterator[pa.Table]:
    """Yield the newest revisions, each document once, up to a bounded number of rows."""
    log = archive.log("revisions")
    seen: set[object] = set()
    left = _MOST_ROWS
    paths = chain.from_iterable(log.added(version) for version in range(log.newest, 0, -1))
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(500, columns=list(COLUMNS)):
                ids = batch["doc_id"].to_pylist()
                fresh = [number for number, doc_id in enumerate(ids) if doc_id not in seen][:left]
                seen.update(ids)
                left -= len(fresh)
                yield pa.Table.from_batches([batch]).take(pa.array(fresh, pa.int64()))
                if left <= 0:
                    return


def _count(rows: pa.Table, tally: _Tally) -> None:
    """Add documents to a tally; those without text, withdrawn or erased, are left out."""
    rows = rows.filter(pc.is_valid(rows["text"]))
    steps = rows["steps"].combine_chunks()
    step_rows, flat_steps = pc.list_parent_indices(steps), pc.list_flatten(steps)
    lists = pc.struct_field(flat_steps, "edits")
    edits = pc.list_flatten(lists)
    of_row = np.asarray(step_rows.take(pc.list_parent_indices(lists)), dtype=np.int64)
    before, after = (np.asarray(pc.utf8_length(pc.struct_field(edits, name))) for name in ("before", "after"))
    rules = [_rule(label) for label in pc.struct_field(edits, "rule").to_pylist()]
    gone = np.where([rule != "" for rule in rules], np.maximum(0, before - after), 0) if rules else before
    size = rows.num_rows
    lengths = np.asarray(pc.utf8_length(rows["text"]), dtype=np.int64)
    lengths = lengths + np.bincount(of_row, before - after, size).astype(np.int64)
    removed = np.bincount(of_row, gone, size)
    for site, length, taken in zip(rows["site"].to_pylist(), lengths.tolist(), removed.tolist(), strict=True):
        tally.shares[site or "(files)"].append(taken / max(1, length))
    tally.documents += size
    tally.characters += int(lengths.sum())
    for rule, characters in zip(rules, gone.tolist(), strict=True):
        tally.taken[rule] += int(characters)
    for rule, _ in set(zip(rules, of_row.tolist(), strict=True)):
        tally.touched[rule] += 1


def _rule(label: object) -> str:
    """Return what a label counts under; "" for what takes no words away."""
    said = str(label)
    return "" if _NO_REMOVALS.match(said) else _EVIDENCE.sub(r"\1", said)
