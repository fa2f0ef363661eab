"""`cleancopy show`: one state of a document."""

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import (
    ArchiveOption,
    AtOption,
    DocArgument,
    JsonOption,
    account_of,
    extracted_of,
    find_document,
    state_of,
    the_archive,
    told_gone,
    view_of,
)
from flows.errors import UsageError
from flows.output import one_line, print_json, print_text, say, shown

if TYPE_CHECKING:
    from archive.read import Reader, Row

EXAMPLES = """Examples:

  cleancopy show https://example.org/news/1         the clean text as it is now

  cleancopy show news/1.html --at 3 --as-written    with the publisher's names

  cleancopy show news/1.html --markdown             with headings, lists and tables marked

  cleancopy show news/1.html --raw > page.html      the captured bytes
"""


def show(
    doc: DocArgument,
    at: AtOption = None,
    as_written: Annotated[bool, typer.Option("--as-written", help="With the names the publisher wrote.")] = False,
    extracted: Annotated[bool, typer.Option("--extracted", help="The text before anything was cleaned.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The clean text with headings, lists, tables and quotations marked.")
    ] = False,
    raw: Annotated[bool, typer.Option("--raw", help="The bytes as they were captured.")] = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Print a document as it was in a version: its clean text, unless another form is asked for."""
    from archive.history import raw_of
    from archive.read import reading
    from schemas.account import columns

    if as_written + extracted + markdown + raw + json > 1:
        raise UsageError("give one of --as-written, --extracted, --markdown, --raw and --json, or none")
    with reading(the_archive(archive), at) as reader:
        state = state_of(reader, find_document(reader, doc))
        if json:
            account = account_of(state)
            print_json(state | {"blocks": columns(account) if account else None})
            return
        if told_gone(state):
            return
        if raw:
            sys.stdout.buffer.write(raw_of(reader, state))
            return
        marked = _markdown(reader, state) if markdown else ""
    _head(state)
    if markdown:
        print_text(shown(marked))
    elif extracted:
        print_text(shown(extracted_of(state)[0]))
    else:
        print_text(shown(str(state["text_as_written" if as_written else "text"])))


def _markdown(reader: "Reader", state: "Row") -> str:
    """Return the clean text as Markdown; where it is not made of blocks, its lines have the shapes the page has."""
    from cleaners.ledger import flatten
    from flows.accounts import TILED, lines_of, pieces_of
    from flows.markdown import Piece, markdown
    from schemas.account import letters

    account = account_of(state)
    if account is None:
        paragraphs = re.split(r"\n{2,}", str(state["text"]))
        return markdown(None, [Piece(paragraph, "p") for paragraph in paragraphs])
    extracted, steps = extracted_of(state)
    edits = flatten(steps)
    title = str(state["title"]) if state["title"] else None
    if account.source in TILED:
        return markdown(title, pieces_of(account, extracted, edits))
    view = view_of(reader, state, extracted, steps)
    words = zip(view.words, account.blocks, strict=True) if view else ()
    return markdown(
        title, lines_of(extracted, edits, {letters(said): block.shape for said, block in words if block.fate})
    )


def _head(state: "Row") -> None:
    title, identity = (one_line(str(state[name] or "")) for name in ("title", "identity"))
    say(f"{title}\n{identity}" if title else identity)
    made = f"revision {state['revision']}, version {state['version']} ({state['op']}: {state['cause']})"
    dated = f", published {one_line(str(state['published']))}" if state["published"] else ""
    say(f"{made}, {state['lang']}{dated}\n")
