"""The option `--keep` of commands that clean: kinds of blocks of an HTML page that stay in its text."""

from typing import Annotated

import typer

_SAID = "Blocks of an HTML page to keep in its text: captions,comments ...; `none` for none."
KeepOption = Annotated[str | None, typer.Option(metavar="KINDS", help=_SAID, show_default="none, or as configured")]
UnsetKeepOption = Annotated[str | None, typer.Option(metavar="KINDS", help=_SAID, show_default="none")]
"""For `clean`, which reads no configuration."""


def kept_kinds(written: str | None) -> frozenset[str]:
    """Return the kinds that a user asks for; UnknownKindError where one cannot be kept."""
    from cleaners.extract.kinds import asked_for

    return asked_for(tuple(sorted({name.strip() for name in (written or "").split(",")} - {"", "none"})))
