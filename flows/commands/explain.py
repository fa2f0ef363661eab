"""`cleancopy explain`: what was taken out of a page, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

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
    view_of,
)
from flows.output import explained, one_line, print_json_rows, print_table, print_text

if TYPE_CHECKING:
    from archive.read import Row
    from schemas.edit import Edit

EXAMPLES = """Examples:

  cleancopy explain https://example.org/news/1        what was taken out, and why

  cleancopy explain news/1.html --at 2 --json         the same as rows
"""


def explain(doc: DocArgument, at: AtOption = None, archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """Show the whole page of a document with all that was left out, removed or replaced, and the rules that did it."""
    from archive.read import reading
    from cleaners.ledger import flatten

    with reading(the_archive(archive), at) as reader:
        state = state_of(reader, find_document(reader, doc))
        if told_gone(state):
            if json:
                print_json_rows([])
            return
        extracted, steps = extracted_of(state)
        view = view_of(reader, state, extracted, steps)
    edits = flatten(steps)
    if json:
        print_json_rows(chain(view.rows() if view else (), _rows(edits)))
        return
    if view is None:
        print_text(explained(extracted, steps))
    else:
        print_text(view.page())
        _title("blocks")
        view.print_kinds()
    _rules(edits)
    _rights(state)
    _mentions(state)


def _rows(edits: "Iterable[Edit]") -> Iterator[dict[str, object]]:
    from cleaners.reasons import why
    from schemas.edit import kind_of

    for edit in edits:
        yield edit._asdict() | {"kind": kind_of(edit.rule), "why": why(edit.rule)}


def _rules(edits: "Iterable[Edit]") -> None:
    from cleaners.reasons import why

    numbers: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for edit in edits:
        numbers[edit.rule] += 1
        taken[edit.rule] += len(edit.before)
    if numbers:
        _title("rules")
        lines = ((rule, number, taken[rule], why(rule)) for rule, number in numbers.most_common())
        print_table(("rule", "times", "characters", "why"), lines, width=200)


def _rights(state: "Row") -> None:
    rights = state["rights"] if isinstance(state["rights"], list) else []
    if rights:
        _title("rights")
        print_table(("kind", "statement"), ((right["kind"], right["text"]) for right in rights), width=200)


def _mentions(state: "Row") -> None:
    mentions = state["mentions"] if isinstance(state["mentions"], list) else []
    if mentions:
        _title("names")
        forms = Counter((m["entity"], m["surface"], m["form"]) for m in mentions)
        lines = ((*names, number) for names, number in sorted(forms.items()))
        print_table(("entity", "as written", "in the text", "times"), lines)


def _title(text: str) -> None:
    typer.echo("\n" + typer.style(one_line(text), bold=True))
