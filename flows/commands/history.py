"""`cleancopy history`: the states of one document."""

from flows.commands.document import ArchiveOption, DocArgument, JsonOption, find_document, the_archive
from flows.output import one_line, print_json_rows, print_table, say

EXAMPLES = """Examples:

  cleancopy history https://example.org/news/1

  cleancopy history 3f9a2c --json             by the first digits of its doc_id
"""

_SHOWN = ("version", "recorded_at", "revision", "op", "cause", "captured_at", "title")


def history(doc: DocArgument, archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """List the revisions of a document, and why each was made."""
    from archive.history import history as revisions_of
    from archive.read import reading

    with reading(the_archive(archive)) as reader:
        name = find_document(reader, doc)
        rows = revisions_of(reader, name.doc_id)
        verdicts = reader.rows(
            "SELECT verdict, count(*) AS number FROM captures WHERE doc_id = $doc GROUP BY verdict ORDER BY verdict",
            {"doc": name.doc_id},
        )
        if json:
            print_json_rows(rows)
            return
        say(f"{one_line(name.identity or 'erased')}  ({name.doc_id})")
        say("captures: " + ", ".join(f"{row['number']} {one_line(str(row['verdict']))}" for row in verdicts))
        if not rows:
            say("no capture of it was ok: it has no text")
            return
        print_table(_SHOWN, ([_cell(row, column) for column in _SHOWN] for row in rows))


def _cell(row: dict[str, object], column: str) -> object:
    changed, cause = row["recipe_changed"], row["cause"]
    if column == "cause" and isinstance(changed, list) and changed not in ([], [cause]) and cause != "page":
        return f"{cause} ({', '.join(changed)})"
    return row[column]
