"""`cleancopy memory`: what the pages of a site share; built, shown, compared and adopted."""

import sys
from collections import Counter
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import ArchiveOption, AtOption, JsonOption, the_archive
from flows.commands.written import check_outside, written
from flows.errors import UsageError
from flows.output import counted, one_line, print_json, print_json_rows, print_table, say

if TYPE_CHECKING:
    from archive.archive import Archive
    from flows.site_memory import Change, Effect
    from schemas.edit import Edit
    from schemas.memory import SiteLine, SiteMemory

EXAMPLES = """Examples:

  cleancopy memory build --at 3 --output sites.jsonl   count the lines that pages share, as of version 3

  cleancopy memory diff adopted sites.jsonl            what it would take that the adopted one does not

  cleancopy memory adopt sites.jsonl                   clean with it from the next run on

  cleancopy memory show --site example.org             the adopted one, with the counts
"""

_SAMPLES = 5
_ADOPTED, _NONE = "adopted", "none"


def build(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; standard output without.")
    ] = None,
    at: AtOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Count the lines that the pages of each site share, and write them as a snapshot; nothing is adopted yet."""
    from archive.read import reading
    from flows.site_memory import build as count
    from schemas.memory import parse_memory

    opened = the_archive(archive)
    if output:
        check_outside(output, opened)
    with reading(opened, at) as reader:
        content = count(reader)
    built = parse_memory(content, "the snapshot")
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        with written(output) as stream:
            stream.write(content)
    say(_about(built))


def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A snapshot; the adopted one without it.")] = _ADOPTED,
    site: Annotated[str | None, typer.Option("--site", help="Only this site, such as example.org.")] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """List what a snapshot takes, with how many pages of the site have each line."""
    found = _snapshot(file, archive)
    if found is None:
        say("no site memory is adopted; `cleancopy memory build` makes one")
        if json:
            print_json_rows([])
        return
    lines = [line for line in found.lines if site is None or line.site == site.removeprefix("www.")]
    if site is not None and not lines:
        say(f"{one_line(site)}: nothing in this memory; it knows {counted(len(found.by_site), 'site')}")
    if json:
        print_json_rows(asdict(line) for line in lines)
        return
    say(_about(found))
    if lines:
        print_table(("site", "pages", "of", "taken", "line"), (_line(line) for line in lines), width=100)


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A snapshot; or `adopted`, or `none`.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another.")],
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Compare two snapshots: lines that come and go by site, and what that would change in the archive's documents."""
    from archive.read import reading
    from flows.site_memory import compare, effects

    before, after = _snapshot(old, archive), _snapshot(new, archive)
    changes = compare(before, after)
    with reading(the_archive(archive)) as reader:
        found = list(effects(reader, before, after)) if changes else []
    if json:
        print_json(_told(changes, found))
        return
    if not changes:
        typer.echo("they take the same lines")
        return
    _print_changes(changes)
    _print_effects(found)


def adopt(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A snapshot of this archive; or `none`.")],
    archive: ArchiveOption = None,
) -> None:
    """Clean with a snapshot from the next run on; `none` cleans without one again."""
    from importlib.metadata import version as installed

    from archive.adopt import adopt as record
    from archive.versions import versions
    from flows.memory import memory_in
    from flows.memory_file import read_memory

    opened, code = the_archive(archive), f"cleancopy {installed('cleancopy')}"
    holds = memory_in(opened)
    found = None if file == _NONE else read_memory(Path(file))
    if found and found.origin.archive_id != opened.archive_id:
        raise UsageError(f"{file} was built from another archive; `cleancopy memory build` makes one from this")
    if found and (found.origin.version, found.origin.seal) not in {(v.version, v.seal) for v in versions(opened)}:
        raise UsageError(f"{file} was built from a version that this archive does not have; build it again")
    if (found.sha256 if found else None) == holds:
        say("that is what is adopted; nothing was written")
        return
    record(opened, Path(file).read_bytes() if found else None, found.sha256 if found else None, code)
    typer.echo(f"adopted: {_about(found)}" if found else "adopted: none")
    say("pages are cleaned with it when they are met again; `cleancopy verify` covers it, the next version seals it")


def _snapshot(name: str, archive: Path | None) -> "SiteMemory | None":
    from archive.memory import memory_path
    from flows.memory import adopted_memory, memory_in
    from flows.memory_file import read_memory

    if name == _NONE:
        return None
    if name != _ADOPTED:
        return read_memory(Path(name))
    opened: Archive = the_archive(archive)
    path = memory_path(opened, memory_in(opened))
    return adopted_memory(path) if path else None


def _about(found: "SiteMemory") -> str:
    taken = sum(line.taken for line in found.lines)
    origin = f"version {found.origin.version}, {counted(found.origin.documents, 'document')}"
    takes = f"{counted(taken, 'line')} of {counted(len(found.by_site), 'site')} to take"
    return f"memory {found.sha256[:12]}: {takes} (from {origin})"


def _line(line: "SiteLine") -> tuple[object, ...]:
    return line.site, line.count, line.documents, "yes" if line.taken else "no: a paragraph", line.line


def _told(changes: "list[Change]", found: "list[Effect]") -> dict[str, object]:
    return {
        "lines": [asdict(change.line) | {"comes": change.comes} for change in changes],
        "documents": [
            {
                "identity": effect.identity,
                "site": effect.site,
                "taken": [edit._asdict() for edit in effect.taken],
                "left": [edit._asdict() for edit in effect.left],
            }
            for effect in found
        ],
    }


def _print_changes(changes: "list[Change]") -> None:
    from flows.site_memory import by_site

    print_table(("site", "lines come", "lines go"), ((site, *both) for site, both in by_site(changes).items()))
    typer.echo()
    rows = (("+" if c.comes else "-", c.line.site, c.line.count, c.line.documents, c.line.line) for c in changes)
    print_table(("", "site", "pages", "of", "line"), rows, width=100)


def _print_effects(found: "list[Effect]") -> None:
    taken = [edit for effect in found for edit in effect.taken]
    left = [edit for effect in found for edit in effect.left]
    typer.echo(
        f"\n{counted(len(found), 'document')} would change: {counted(len(taken), 'line')} "
        f"({_size(taken)} characters) more would be taken, {len(left)} ({_size(left)}) would stay"
    )
    sites = Counter(effect.site for effect in found)
    if found:
        print_table(("site", "documents"), sites.most_common(), width=100)
    for effect in islice(found, _SAMPLES):
        typer.echo(f"\n{one_line(effect.identity)}")
        for said, edits in (("takes ", effect.taken), ("leaves", effect.left)):
            for edit in islice(edits, _SAMPLES):
                typer.echo(f"  {said}  {one_line(edit.before.strip(), 100)}")


def _size(edits: "list[Edit]") -> int:
    return sum(len(edit.before) for edit in edits)
