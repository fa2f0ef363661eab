"""What a run tells when it has ended: one table, and in a line each what somebody should look at."""

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from flows.output import counted, one_line, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.outcome import Outcome
    from flows.tally import Tally

_SHOWN = 5
"""So many failures and problems are told with their reasons."""
_COUNTED = ("added", "changed", "restored", "withdrawn", "unchanged", "duplicate", "absent")
_ALWAYS = frozenset({"added", "changed", "unchanged"})
_FINE = ("ok", "not_modified")


def tell(outcome: "Outcome") -> None:
    """Print what a run did: by source and verdict where pages were fetched, else by what became of the documents."""
    by_source = any(tally.kind != "files" for tally in outcome.listings)
    Console().print(_by_source(outcome) if by_source else _by_document(outcome))
    _tell_listings(outcome.listings)
    _tell_failures(outcome)
    for jump in outcome.jumps:
        told = f"{jump.kind} {jump.name}: {jump.now:.0%} of the text was taken out, before it was {jump.before:.0%}"
        say(one_line(f"look: {told} ({counted(jump.documents, 'document')}, {jump.earlier} before)"))
    if outcome.absent:
        shown = ", ".join(outcome.absent[:5]) + (" ..." if len(outcome.absent) > 5 else "")
        say(f"{len(outcome.absent)} not in the input, and kept (--mirror would withdraw them): {shown}")
    if outcome.kept_for:
        say(f"nothing was withdrawn, since part of the input could not be read ({', '.join(outcome.kept_for)})")
    counts = outcome.version.counts
    if not counts["captures"]:
        say("the sources hold no page")
    elif not counts["revisions"]:
        say("nothing changed: the version has no revisions")
    rate = counts["captures"] / outcome.seconds if outcome.seconds else 0.0
    typer.echo(f"{counted(counts['captures'], 'page')} in {outcome.seconds:.1f} s ({rate:.1f} pages/s)")
    typer.echo(f"seal {outcome.version.seal}")


def _by_document(outcome: "Outcome") -> Table:
    counts = outcome.version.counts
    table = Table(title=f"version {outcome.version.version}", title_justify="left", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    for name in _COUNTED:
        if counts[name] or name in _ALWAYS:
            table.add_row(name, str(counts[name]))
    for name, number in sorted(counts.items()):
        if name.startswith("verdict.") and name != "verdict.ok":
            table.add_row(f"failed: {name.removeprefix('verdict.')}", str(number))
    return table


def _by_source(outcome: "Outcome") -> Table:
    counts = outcome.version.counts
    done = ", ".join(f"{counts[name]} {name}" for name in _COUNTED if counts[name] or name in _ALWAYS)
    table = Table(title=f"version {outcome.version.version}: {done}", title_justify="left")
    table.add_column("source")
    for name in ("listed", "taken", *_FINE):
        table.add_column(name, justify="right")
    table.add_column("failed")
    for tally in outcome.listings:
        numbers = (tally.found, tally.taken, *(tally.verdicts.get(verdict, 0) for verdict in _FINE))
        others = sorted(verdict for verdict in tally.verdicts if verdict not in _FINE)
        failed = ", ".join(f"{tally.verdicts[verdict]} {verdict}" for verdict in others)
        table.add_row(tally.source, *(str(number) if number else "" for number in numbers), failed)
    return table


def _tell_listings(tallies: "Sequence[Tally]") -> None:
    for tally in tallies:
        for problem in tally.problems[:_SHOWN]:
            say(one_line(f"source {tally.source}: {problem}"))
        if len(tally.problems) > _SHOWN:
            say(f"source {tally.source}: {len(tally.problems) - _SHOWN} more: cleancopy sources check {tally.source}")
        if not tally.found and not tally.problems:
            say(f"source {tally.source}: lists no page")
        elif tally.found and not tally.taken:
            reasons = ", ".join(f"{count} {reason}" for reason, count in tally.skipped.items())
            say(f"source {tally.source}: none of its {tally.found} pages was taken ({reasons})")
        if tally.kind == "urls" and (beyond := tally.skipped.get("over_limit")):
            say(f"source {tally.source}: {beyond} more addresses than its `limit` were left out")


def _tell_failures(outcome: "Outcome") -> None:
    for failure in outcome.failures[:_SHOWN]:
        say(one_line(f"failed: {failure.identity}: {failure.verdict}: {failure.detail or ''}"))
    if len(outcome.failures) > _SHOWN:
        query = "SELECT identity, verdict, detail FROM captures WHERE verdict <> 'ok'"
        say(f'and {len(outcome.failures) - _SHOWN} more: cleancopy sql "{query}"')
