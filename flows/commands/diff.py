"""`cleancopy diff`: what changed between two versions."""

from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import ArchiveOption, JsonOption, find_document, the_archive
from flows.errors import UsageError
from flows.output import added, print_json_rows, print_table, removed, say, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive
    from archive.diff import FieldSpans
    from archive.read import Row
    from archive.words import Span

EXAMPLES = """Examples:

  cleancopy diff 1 2                                  the documents that changed

  cleancopy diff 2020-11-09 2020-11-10 news/1.html    one of them, word by word

  cleancopy diff 1 2 --json | jq '.[] | select(.causes != ["page"])'
"""

_CONTEXT = 200
"""Characters shown around a change."""


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The earlier version: number, seal or date.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The later version.")],
    doc: Annotated[str | None, typer.Argument(metavar="DOC", help="One document, word by word.")] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show what changed between two versions: a line for each document, or one document word by word."""
    from archive.diff import changes_between
    from archive.read import reading
    from archive.versions import find_version, versions

    opened = the_archive(archive)
    older = find_version(versions(opened), a).version
    with reading(opened, b) as reader:
        newer = reader.version.version
        if older > newer:
            raise UsageError(f"version {older} is later than version {newer}; write: cleancopy diff {newer} {older}")
        if doc is None:
            changes = changes_between(reader, older)
            if json:
                print_json_rows(asdict(change) for change in changes)
                return
            header = ("op", "cause", "+words", "-words", "document", "title")
            first = next(changes, None)
            if first is None:
                say("nothing differs")
                return
            lines = (
                (c.op, ", ".join(c.causes), c.words_added, c.words_removed, c.identity or c.doc_id, c.title)
                for c in chain((first,), changes)
            )
            print_table(header, lines)
            return
        name = find_document(reader, doc)
        after = reader.state(name.doc_id)
    _one(opened, (name.doc_id, older, after), json)


def _one(archive: "Archive", asked: "tuple[str, int, Row | None]", json: bool) -> None:
    from archive.diff import field_spans
    from archive.read import reading

    doc_id, older, after = asked
    with reading(archive, str(older)) as reader:
        before = reader.state(doc_id)
    fields = field_spans(before, after)
    if json:
        print_json_rows({"field": field.field} | span._asdict() for field in fields for span in field.spans)
        return
    for side, state in (("before", before), ("after", after)):
        made = f"revision {state['revision']} of version {state['version']}, {state['op']}" if state else "no text yet"
        say(f"{side}: {made}" + (f" ({state['cause']})" if state else ""))
    if not fields:
        say("nothing differs")
    for field in fields:
        typer.echo(typer.style(f"{field.field}:", bold=True))
        typer.echo("".join(_pieces(field)))


def _pieces(field: "FieldSpans") -> "Iterator[str]":
    last = len(field.spans) - 1
    for number, span in enumerate(field.spans):
        if span.op == "same":
            yield _cut(span, first=number == 0, last=number == last)
        else:
            yield removed(span.text) if span.op == "removed" else added(span.text)


def _cut(span: "Span", *, first: bool, last: bool) -> str:
    """Return the ends of a stretch that did not change, since the changes are beside them."""
    text = shown(span.text)
    if len(text) <= 2 * _CONTEXT:
        return text
    head, tail = "" if first else text[:_CONTEXT], "" if last else text[-_CONTEXT:]
    return f"{head} … {len(text) - len(head) - len(tail)} characters … {tail}"
