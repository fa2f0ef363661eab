"""`cleancopy export`: an edition in plain Parquet."""

from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.document import ArchiveOption, AtOption, JsonOption, the_archive
from flows.errors import UsageError
from flows.output import counted, one_line, print_json, say

EXAMPLES = """Examples:

  cleancopy export 2020-autumn                the newest version, in editions/

  cleancopy export third --at 3               as of version 3

  duckdb -c "FROM 'archive-data/editions/2020-autumn/*.parquet' SELECT title"
"""


def export(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the edition: its folder under editions/.")],
    at: AtOption = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Write an edition: each document once, as of a version, in plain Parquet with a description (Data Package)."""
    from archive.export import EditionError
    from archive.export import export as write
    from archive.read import reading

    with reading(the_archive(archive), at) as reader:
        try:
            edition = write(reader, name)
        except EditionError as error:
            raise UsageError(str(error)) from error
    if json:
        print_json(asdict(edition))
        return
    typer.echo(
        f"{one_line(str(edition.folder))}: {counted(edition.documents, 'document')} of version {edition.version}"
    )
    say(f"{counted(len(edition.files), 'file')}, {edition.size / 1e6:.1f} MB; the next version seals their digests")
