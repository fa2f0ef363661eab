"""The `cleancopy` command: its subcommands, and what an error means to the shell.

Exit status: 0 the command did its work, 1 findings (or a failed page under --strict), 2 wrong usage,
3 the archive is missing, damaged, too new or cannot be written.
"""

import errno
import functools
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version as installed
from typing import Annotated

import typer

from flows.commands import COMMANDS, GROUPS

_WRONG_USAGE = 2
_ARCHIVE = 3
_USAGE = frozenset(
    {
        *("SourceError", "TwiceError", "UsageError", "PolicyError", "ValidationError"),
        *("TOMLDecodeError", "RulesetError", "GazetteerError", "UnknownKindError"),
        *("UnknownVersionError", "UnknownDocumentError", "MemoryFileError"),
    }
)
"""Errors of wrong usage, by name: importing the classes would load the archive's libraries for `cleancopy --help`."""


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with known errors told in one line and an exit status instead of a traceback."""

    @functools.wraps(command)
    def run(*args: object, **options: object) -> None:
        try:
            command(*args, **options)
        except (OSError, ValueError, LookupError) as error:
            status = _status(error)
            if status is None:
                raise
            typer.echo(f"cleancopy: {_message(error)}", err=True)
            raise typer.Exit(status) from error

    return run


def _status(error: Exception) -> int | None:
    """Return the exit status of an error that a user can do something about, or None for a bug of ours."""
    if _USAGE & {kind.__name__ for kind in type(error).__mro__}:
        return _WRONG_USAGE
    return _ARCHIVE if isinstance(error, OSError) else None


def _message(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        place = error.filename or error
        return f"the disk is full ({place}); the archive's last version is whole: make room and run again"
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        told = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        return f"cleancopy.toml or the environment (CLEANCOPY_...): {'; '.join(told)}; see README, Configuration"
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"cleancopy.toml is not TOML: {error}"
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    return str(error)


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
    app()
