"""The `cleancopy` command: its subcommands, and what an error means to the shell.

Exit status: 0 the command did its work, 1 findings (or a failed page under --strict), 2 wrong usage,
3 the archive is missing, damaged, too new or cannot be written.
"""

import functools
import sys
from collections.abc import Callable
from importlib.metadata import version as installed
from typing import Annotated

import typer

from flows.commands import COMMANDS, GROUPS
from flows.errors import exit_status, told


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with known errors told in one line and an exit status instead of a traceback."""

    @functools.wraps(command)
    def run(*args: object, **options: object) -> None:
        try:
            command(*args, **options)
        except (OSError, ValueError, LookupError) as error:
            status = exit_status(error)
            if status is None:
                raise
            typer.echo(f"cleancopy: {told(error)}", err=True)
            raise typer.Exit(status) from error

    return run


app = typer.Typer(
    name="cleancopy",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Turn raw web pages into clean, archived text: whatever a rule takes out is accounted for.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cleancopy {installed('cleancopy')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version


_groups = {name: typer.Typer(name=name, no_args_is_help=True, help=said) for name, said in GROUPS.items()}
for _group in _groups.values():
    app.add_typer(_group)
for _name, _command in COMMANDS:
    _first, _, _last = _name.rpartition(" ")
    _epilog = sys.modules[_command.__module__].EXAMPLES
    _groups.get(_first, app).command(_last, epilog=_epilog)(_guarded(_command))


def main() -> None:
    """Run the command line."""
    try:
        app()
    except OSError as error:  # help and version, which no command prints
        typer.echo(f"cleancopy: {told(error)}", err=True)
        sys.exit(exit_status(error))
