"""What changed between two versions: in which documents, and in what of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.read import Reader, Row
from archive.words import Span, compare, words

_GONE = frozenset({"withdraw", "erase"})
_LINES = ("title", "authors", "published", "modified", "original_published", "lang")


@dataclass(frozen=True, slots=True)
class Change:
    """One document that is not what it was: net, whatever lay between; `causes` are those of all that lay between.

    `op` is add, change, withdraw, restore or erase; words are counted in the clean text.
    """

    op: str
    causes: tuple[str, ...]
    doc_id: str
    identity: str | None
    title: str | None
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class FieldSpans:
    """The word-by-word difference of one field of a document."""

    field: str
    spans: tuple[Span, ...]


def changes_between(reader: Reader, older: int) -> Iterator[Change]:
    """Yield the documents whose state at the reader's version is not that of version `older`, by identity."""
    query = """
        WITH later AS (
          SELECT doc_id, list(cause ORDER BY version, revision) AS causes, list(op ORDER BY version, revision) AS ops
          FROM revisions WHERE version > $older GROUP BY doc_id),
        earlier AS (
          SELECT doc_id, max(struct_pack(c := captured_at, v := version, r := revision)) AS head
          FROM (FROM revisions SEMI JOIN later USING (doc_id)) WHERE version <= $older GROUP BY doc_id),
        old AS (
          SELECT r.* FROM revisions r JOIN earlier e
          ON r.doc_id = e.doc_id AND r.version = e.head.v AND r.revision = e.head.r)
        SELECT new.doc_id, new.identity, new.op, later.causes, old.op AS old_op,
          coalesce(new.title, old.title) AS title, new.text, old.text AS old_text,
          new.content_sha256 IS DISTINCT FROM old.content_sha256 AS differs
        FROM states new JOIN later USING (doc_id) LEFT JOIN old USING (doc_id)
        ORDER BY new.identity, new.doc_id
    """
    for row in reader.rows(query, {"older": older}):
        op = _net(row)
        if op:
            yield _change(row, op)


def field_spans(old: Row | None, new: Row | None) -> list[FieldSpans]:
    """Return the fields of a document that differ between two states (None: there is none), each word by word."""
    found: list[FieldSpans] = []
    for field in (*_LINES, "text", "text_as_written", "rights", "mentions"):
        before, after = _words_of(old, field), _words_of(new, field)
        repeats = field == "text_as_written" and any(f.field == "text" for f in found)
        if before != after and not repeats:
            found.append(FieldSpans(field, tuple(compare(before, after))))
    return found


def _net(row: Row) -> str | None:
    """Return what became of the document, or None where it is what it was."""
    was, is_gone = row["old_op"], row["op"] in _GONE
    if was is None or was in _GONE:
        if is_gone:
            return None
        return "add" if was is None else "restore"
    if is_gone:
        return str(row["op"])
    return "change" if row["differs"] else None


def _change(row: Row, op: str) -> Change:
    old, new = (str(row[name] or "") for name in ("old_text", "text"))
    spans = compare(old if op == "change" or op in _GONE else "", new if op not in _GONE else "")
    causes = row["causes"] if isinstance(row["causes"], list) else []
    return Change(
        op=op,
        causes=tuple(dict.fromkeys(str(cause) for cause in causes)),
        doc_id=str(row["doc_id"]),
        identity=_text(row["identity"]),
        title=_text(row["title"]),
        words_added=_count(spans, "added"),
        words_removed=_count(spans, "removed"),
    )


def _count(spans: Iterable[Span], op: str) -> int:
    return sum(words(span.text) for span in spans if span.op == op)


def _words_of(state: Row | None, field: str) -> str:
    """Return a field of a state as text, lists a line each; empty for a withdrawn state, or none."""
    value = state[field] if state and state["op"] not in _GONE else None
    if isinstance(value, list):
        return "\n".join(_line(item) for item in value)
    return str(value) if value is not None else ""


def _line(item: object) -> str:
    match item:
        case {"entity": entity, "surface": surface, "form": form}:
            return f"{entity}: {surface} → {form}" if surface != form else f"{entity}: {surface}"
        case {"kind": kind, "text": text}:
            return f"{kind}: {text}"
    return str(item)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
