"""`cleancopy verify`: the audit, for a person or a script."""

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import ArchiveOption, JsonOption
from flows.errors import UsageError
from flows.output import counted, one_line, print_json_rows, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.audit import Code
    from schemas.finding import Finding

EXAMPLES = """Examples:

  cleancopy verify                            check every file, row and record

  cleancopy verify --seal 5d41402abc4b2a76    against a seal noted elsewhere

  cleancopy verify --json                     findings as rows
"""


def verify(
    seal: Annotated[
        str | None, typer.Option("--seal", help="8 or more digits of a seal that was noted elsewhere.")
    ] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Check that an archive is what it claims to be, byte for byte; exit status 1 where anything was found."""
    from archive.audit import audit, codes

    known = codes()
    folder = _folder(archive)
    try:
        findings = audit(folder, seal=seal, progress=_progress if sys.stderr.isatty() else None)
    except ValueError as error:
        raise UsageError(str(error)) from error
    numbers: Counter[str] = Counter()
    if json:
        print_json_rows(_row(finding, known[finding.code]) for finding in _counted(findings, numbers))
    else:
        for finding in _counted(findings, numbers):
            place = one_line(f"{finding.path}: {finding.detail}")
            typer.echo(typer.style(finding.code, bold=True, fg=typer.colors.RED) + f"  {place}")
            if numbers[finding.code] == 1:
                typer.echo(f"    {known[finding.code].meaning} {known[finding.code].what_to_do}")
    _clear()
    if numbers:
        say(f"{numbers.total()} found")
        raise typer.Exit(1)
    if not json:
        typer.echo(f"{_extent(folder)}: nothing found")


def _extent(folder: Path) -> str:
    from archive.archive import open_archive
    from archive.versions import versions

    files = sum(1 for path in folder.rglob("*") if path.is_file())
    number = len(versions(open_archive(folder)))
    return f"{counted(number, 'version')}, {counted(files, 'file')}"


def _counted(findings: "Iterable[Finding]", numbers: "Counter[str]") -> "Iterator[Finding]":
    for finding in findings:
        _clear()
        numbers[finding.code] += 1
        yield finding


def _row(finding: "Finding", code: "Code") -> dict[str, object]:
    return asdict(finding) | {"meaning": code.meaning, "what_to_do": code.what_to_do}


def _folder(archive: Path | None) -> Path:
    if archive is not None:
        return archive
    from schemas.config import Settings

    return Settings().archive


def _progress(stage: str, done: int, total: int) -> None:
    sys.stderr.write(f"\r{stage}: {done} of {total}\x1b[K")
    sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
