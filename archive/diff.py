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
          SELECT doc_id, list(cause ORDER BY version, revision) AS causes, max(identity) AS name
          FROM revisions WHERE version > $older GROUP BY doc_id),
        heads AS (
          SELECT doc_id, causes, name, unnest([
            max(struct_pack(c := captured_at, v := version, r := revision)) FILTER (version <= $older),
            max(struct_pack(c := captured_at, v := version, r := revision))]) AS head, unnest([true, false]) AS old
          FROM revisions JOIN later USING (doc_id) GROUP BY doc_id, causes, name)
        SELECT r.doc_id, r.identity, r.op, r.title, r.text, r.content_sha256, h.causes, h.old
        FROM revisions r JOIN heads h ON r.doc_id = h.doc_id AND r.version = h.head.v AND r.revision = h.head.r
        ORDER BY h.name, r.doc_id, h.old DESC
    """
    old: Row | None = None
    for row in reader.rows(query, {"older": older}):
        if row["old"]:
            old = row
            continue
        old = old if old and old["doc_id"] == row["doc_id"] else None
        if op := _net(old, row):
            yield _change(old, row, op)


def field_spans(old: Row | None, new: Row | None) -> list[FieldSpans]:
    """Return the fields of a document that differ between two states (None: there is none), each word by word."""
    found: list[FieldSpans] = []
    for field in (*_LINES, "text", "text_as_written", "rights", "mentions"):
        before, after = _words_of(old, field), _words_of(new, field)
        repeats = field == "text_as_written" and any(f.field == "text" for f in found)
        if before != after and not repeats:
            found.append(FieldSpans(field, tuple(compare(before, after))))
    return found


def _net(old: Row | None, new: Row) -> str | None:
    """Return what became of the document, or None where it is what it was."""
    was_there, is_there = (state is not None and state["op"] not in _GONE for state in (old, new))
    if was_there and is_there:
        return "change" if old and old["content_sha256"] != new["content_sha256"] else None
    if is_there:
        return "restore" if old else "add"
    return str(new["op"]) if was_there else None


def _change(old: Row | None, new: Row, op: str) -> Change:
    spans = compare(_words_of(old, "text"), _words_of(new, "text"))
    causes = new["causes"] if isinstance(new["causes"], list) else []
    return Change(
        op=op,
        causes=tuple(dict.fromkeys(str(cause) for cause in causes)),
        doc_id=str(new["doc_id"]),
        identity=_text(new["identity"]),
        title=_text(new["title"] or (old["title"] if old else None)),
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
