"""`cleancopy log`: the versions of an archive, from its commit log alone."""

from dataclasses import asdict
from pathlib import Path

import typer

from flows.commands.document import ArchiveOption, JsonOption, the_archive
from flows.output import one_line, print_json, say

EXAMPLES = """Examples:

  cleancopy log                               every version, its counts, its seal

  cleancopy log --json | jq '.[-1].seal'      the newest seal: note it down
"""


def log(archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """List the versions of an archive, oldest first: when, by what, what changed, and the seal."""
    from archive.versions import versions

    opened = the_archive(archive)
    known = versions(opened)
    if json:
        print_json([asdict(version) for version in known])
        return
    for version in known:
        counts = ", ".join(f"{n} {name}" for name, n in _shown(version.counts).items()) or "nothing changed"
        line = f"{version.time[:19].replace('T', ' ')} UTC  {version.command}  {counts}"
        typer.echo(typer.style(f"version {version.version}", bold=True) + f"  {one_line(line)}")
        typer.echo(f"  {one_line(version.code)}, names {one_line(version.policy)}, recipe {version.recipe[:12]}")
        typer.echo(f"  seal {one_line(version.seal)}")
    if not known:
        say(f"{Path(opened.folder.root)} has no version yet: no run has finished")


def _shown(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts that are not 0, failures by their verdict last."""
    named = ("added", "changed", "restored", "withdrawn", "unchanged", "duplicate", "absent")
    failed = (name for name in sorted(counts) if name.startswith("verdict.") and name != "verdict.ok")
    return {name.removeprefix("verdict."): counts[name] for name in (*named, *failed) if counts.get(name)}
