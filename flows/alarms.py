"""What a person should be told of a source at once: it gave nothing, or fails much more than it did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.outcome import Outcome
from flows.source_history import FINE, Yield

_LEAST_FAILED = 5
_JUMP = 0.25
"""A share of failed captures that is greater by this than in earlier runs is an alarm."""
_EARLIER = 10
"""So many earlier runs are looked back on."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm: `empty` or `failing`, the source, what to say, and the numbers behind it."""

    kind: str
    source: str
    message: str
    numbers: Mapping[str, float]


def alarms(outcome: Outcome, history: Mapping[str, Sequence[Yield]]) -> list[Alarm]:
    """Return the alarms of a run; `history` has the runs of each source, this one among them."""
    return list(_alarms(outcome, history))


def _alarms(outcome: Outcome, history: Mapping[str, Sequence[Yield]]) -> Iterator[Alarm]:
    for tally in outcome.listings:
        total = sum(tally.verdicts.values())
        if not total and tally.taken:
            continue  # a run that was killed had captured all of it
        if not total:
            said = f"{tally.source} gave no page" + (f": {tally.problems[0]}" if tally.problems else "")
            yield Alarm("empty", tally.source, said, {"listed": tally.found})
            continue
        failed = sum(count for verdict, count in tally.verdicts.items() if verdict not in FINE)
        runs = [run for run in history.get(tally.source, ()) if run.version != outcome.version.version][:_EARLIER]
        captures = sum(run.captures for run in runs)
        if not captures:
            continue
        now, before = failed / total, sum(run.failed for run in runs) / captures
        if failed >= _LEAST_FAILED and now - before >= _JUMP:
            said = f"{tally.source}: {now:.0%} of its pages gave no text, before it was {before:.0%}"
            yield Alarm("failing", tally.source, said, {"now": now, "before": before, "captures": total})
