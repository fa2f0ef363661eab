"""`cleancopy reclean`: what is stored, cleaned again; one run, one version."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import ArchiveOption, JsonOption, the_archive
from flows.commands.kept import KeepOption
from flows.commands.running import as_row, chosen, tell_recipe, watched
from flows.output import one_line, print_json, say
from schemas.page import Removal

if TYPE_CHECKING:
    from flows.outcome import Outcome

_SHOWN = 5
"""So many failures are told with their reasons."""

EXAMPLES = """Examples:

  cleancopy reclean --names az                another naming policy, from now on

  cleancopy reclean                           the rules, models and gazetteer of now, for every document

  cleancopy reclean && cleancopy diff 4 5     what did that change?
"""


def reclean(
    archive: ArchiveOption = None,
    names: Annotated[str | None, typer.Option(help="Naming policy, from now on; without it, as it is.")] = None,
    keep: KeepOption = None,
    removal: Annotated[
        Removal | None, typer.Option(help="How sure the line model has to be before it takes a line.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that clean pages.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 where a page gave no text.")] = False,
    json: JsonOption = False,
) -> None:
    """Clean every document again from its raw record, and add one version: nothing is fetched."""
    from archive.heads import read_heads
    from archive.recover import check_whole
    from flows.settings import prefect_environment
    from schemas.config import Settings

    settings = Settings()
    opened = the_archive(archive)
    check_whole(opened)  # the run asks again; a server takes seconds to start
    policy, choices = names or opened.policy, chosen(settings, keep, removal)
    tell_recipe(opened, policy, choices.own)
    total = sum(1 for _ in read_heads(opened).present())
    with prefect_environment() as server:

        def start() -> "Outcome":
            from flows.reclean import reclean as flow

            return flow(opened.folder.root, policy, workers or settings.workers, choices)

        outcome = watched(start, total, server)
    if json:
        print_json([as_row(outcome)])
    else:
        _tell(outcome)
    if strict and outcome.failures:
        raise typer.Exit(1)


def _tell(outcome: "Outcome") -> None:
    counts, version = outcome.version.counts, outcome.version
    for failure in outcome.failures[:_SHOWN]:
        say(one_line(f"kept as it was: {failure.identity}: {failure.verdict}: {failure.detail}"))
    if len(outcome.failures) > _SHOWN:
        say(f"and {len(outcome.failures) - _SHOWN} more were kept as they were")
    changed = sum(counts[name] for name in ("added", "changed", "restored"))
    typer.echo(
        f"version {version.version}: {changed} changed, {counts['unchanged']} unchanged in {outcome.seconds:.1f} s"
    )
    typer.echo(f"seal {version.seal}")
