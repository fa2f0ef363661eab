"""Errors of the command line itself, and what any error means to a user: an exit status, and a line."""

import errno
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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


class UsageError(ValueError):
    """Options or arguments that cannot be used together, or at all."""


def exit_status(error: Exception) -> int | None:
    """Return the exit status of an error that a user can do something about, or None for a bug of ours."""
    if _USAGE & {kind.__name__ for kind in type(error).__mro__}:
        return _WRONG_USAGE
    return _ARCHIVE if isinstance(error, OSError) else None


def told(error: Exception) -> str:
    """Return an error that a user can do something about, in a line."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        place = error.filename or error
        return f"the disk is full ({place}); the archive's last version is whole: make room and run again"
    if isinstance(error, OSError) and error.filename and error.strerror:
        place = Path(os.fsdecode(error.filename)).absolute()
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute()
        advice = "; caches can be elsewhere: set XDG_CACHE_HOME" if cache in {place, *place.parents} else ""
        return f"{place}: {error.strerror}{advice}"
    from pydantic import ValidationError  # noqa: PLC0415 - most commands meet no error

    if isinstance(error, ValidationError):
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {_wrong(item)}" for item in error.errors())
        of_sources = all(item["loc"][:1] in {("sources",), ("fetch",)} for item in error.errors())
        where = "docs/sources.md, Settings" if of_sources else "README, Configuration"
        return f"cleancopy.toml or the environment (CLEANCOPY_...): {wrong}; see {where}"
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"cleancopy.toml is not TOML: {error}"
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    return str(error)


def _wrong(item: "ErrorDetails") -> str:
    """Return what is wrong with a setting, in words of its own where the library's are those of programmers."""
    match item["type"]:
        case "extra_forbidden":
            return "there is no such setting"
        case "string_pattern_mismatch" if item["loc"][-1] == "[key]":
            return "a source's name is lower-case letters, digits, - and _"
        case "dict_type" | "model_type" | "dataclass_type":
            return "it has to be a table: [NAME] and its settings below it"
    return item["msg"].removeprefix("Value error, ")
