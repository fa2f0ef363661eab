"""`cleancopy show`: one state of a document."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import (
    ArchiveOption,
    AtOption,
    DocArgument,
    JsonOption,
    extracted_of,
    find_document,
    state_of,
    the_archive,
    told_gone,
)
from flows.errors import UsageError
from flows.output import one_line, print_json, print_text, say, shown

if TYPE_CHECKING:
    from archive.read import Row

EXAMPLES = """Examples:

  cleancopy show https://example.org/news/1         the clean text as it is now

  cleancopy show news/1.html --at 3 --as-written    with the publisher's names

  cleancopy show news/1.html --raw > page.html      the captured bytes
"""


def show(
    doc: DocArgument,
    at: AtOption = None,
    as_written: Annotated[bool, typer.Option("--as-written", help="With the names the publisher wrote.")] = False,
    extracted: Annotated[bool, typer.Option("--extracted", help="The text before anything was cleaned.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="The bytes as they were captured.")] = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Print a document as it was in a version: its clean text, unless another form is asked for."""
    from archive.history import raw_of
    from archive.read import reading

    if as_written + extracted + raw + json > 1:
        raise UsageError("give one of --as-written, --extracted, --raw and --json, or none")
    with reading(the_archive(archive), at) as reader:
        state = state_of(reader, find_document(reader, doc))
        if json:
            print_json(state)
            return
        if told_gone(state):
            return
        if raw:
            sys.stdout.buffer.write(raw_of(reader, state))
            return
    _head(state)
    if extracted:
        print_text(shown(extracted_of(state)[0]))
    else:
        print_text(shown(str(state["text_as_written" if as_written else "text"])))


def _head(state: "Row") -> None:
    title, identity = (one_line(str(state[name] or "")) for name in ("title", "identity"))
    say(f"{title}\n{identity}" if title else identity)
    made = f"revision {state['revision']}, version {state['version']} ({state['op']}: {state['cause']})"
    dated = f", published {one_line(str(state['published']))}" if state["published"] else ""
    say(f"{made}, {state['lang']}{dated}\n")
