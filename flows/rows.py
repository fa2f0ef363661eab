"""Rows of the archive's tables, made of captures and of what cleaning gave."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pyarrow as pa

from archive.raw import Place
from archive.seal import canonical, digest, plain
from flows.accounts import packed
from schemas.edit import Edit, Step
from schemas.page import Capture, Cleaned, Page
from schemas.tables import CAPTURES, CONTENT_FIELDS, REVISIONS

Row = dict[str, object]

_PART_ROWS = 16_384

_DECIDED_LATER = frozenset({"revision", "version", "op", "cause", "recorded_at", "run_id", "salt", "commitment"})
CANDIDATES = pa.schema([pa.field("sequence", pa.int64()), *(f for f in REVISIONS if f.name not in _DECIDED_LATER)])
"""A revision that may be: all that is known before the archive is asked; `sequence` orders a run's captures."""

CAPTURED = pa.schema([f for f in CAPTURES if f.name not in {"salt", "commitment"}])
"""A capture row before it is committed."""


def doc_id_of(identity: str) -> str:
    """Return the document's id: the first 32 hex digits of the SHA-256 of its identity."""
    return hashlib.sha256(identity.encode("utf-8")).hexdigest()[:32]


def capture_row(capture: Capture, capture_id: str, run_id: str, site: str | None) -> Row:
    """Return the row of a capture whose bytes nobody has read yet."""
    identity = printable(capture.identity)
    raw_sha256 = hashlib.sha256(capture.body).hexdigest()
    title = printable(capture.title) if capture.title else None
    beside = (capture.media_type, capture.url, capture.charset, title, capture.metadata.get("lang"))
    declared = [printable(text) if text else None for text in beside]
    return {
        "doc_id": doc_id_of(identity),
        "capture_id": capture_id,
        "identity": identity,
        "url": capture.url,
        "site": site,
        "source": printable(capture.source),
        "run_id": run_id,
        "captured_at": capture.captured_at,
        "recorded_at": datetime.now(UTC),
        "verdict": str(capture.verdict),
        "detail": printable(capture.detail) if capture.detail else None,
        "duplicate": False,
        "media_type": capture.media_type,
        "declared_charset": capture.charset,
        "size": len(capture.body),
        "raw_sha256": raw_sha256,
        "input_sha256": digest(canonical([raw_sha256, *declared])),
        "title": title,
        "source_metadata": printable(json.dumps(capture.metadata, ensure_ascii=False, sort_keys=True)),
    }


def placed(row: Row, place: Place) -> Row:
    """Return a capture row that knows where its bytes are."""
    return row | {"warc_file": place.file.name, "warc_record_id": place.record_id, "warc_offset": place.offset}


def page_of(row: Row, body: bytes) -> Page:
    """Return what cleaning may know of a capture."""
    metadata = json.loads(str(row.get("source_metadata") or "{}"))
    return Page(
        body=body,
        media_type=str(row["media_type"]),
        url=_text(row["url"]),
        charset=_text(row["declared_charset"]),
        title=_text(row["title"]),
        language=metadata.get("lang"),
    )


def cleaned_capture(row: Row, cleaned: Cleaned, recipe: str) -> Row:
    """Return a capture row with what cleaning found out; its content digest is that of its candidate."""
    return row | {
        "verdict": str(cleaned.verdict),
        "detail": cleaned.detail,
        "charset": cleaned.charset or None,
        "charset_evidence": cleaned.charset_evidence or None,
        "replaced": cleaned.replaced,
        "extractor": cleaned.extractor,
        "recipe": recipe,
    }


def candidate_row(row: Row, cleaned: Cleaned, recipe: str, policy: str) -> Row:
    """Return the revision that a cleaned capture would make."""
    about = cleaned.metadata
    content: Row = {
        "title": about.title,
        "authors": list(about.authors),
        "published": about.published.value if about.published else None,
        "modified": about.modified.value if about.modified else None,
        "original_published": about.original_published.value if about.original_published else None,
        "lang": cleaned.lang,
        "languages": [{"language": s.language, "share": round(s.share, 4)} for s in cleaned.languages],
        "text": cleaned.text,
        "text_as_written": cleaned.text_as_written,
        "mentions": [{name: getattr(m, name) for name in m.__slots__} for m in cleaned.mentions],
        "rights": [{"kind": r.kind, "text": r.text, "rule": r.rule} for r in cleaned.rights],
    }
    columns = ("doc_id", "identity", "url", "site", "capture_id", "captured_at", "raw_sha256", "input_sha256")
    return {
        **{name: row[name] for name in columns},
        **content,
        "text_as_written": cleaned.text_as_written if cleaned.text_as_written != cleaned.text else None,
        "content_sha256": digest(canonical(plain({name: content[name] for name in CONTENT_FIELDS}))),
        "published_evidence": about.published.evidence if about.published else None,
        "modified_evidence": about.modified.evidence if about.modified else None,
        "original_published_evidence": about.original_published.evidence if about.original_published else None,
        "page_date_rendered": about.page_date_rendered,
        "section": about.section,
        "tags": list(about.tags),
        "regions": list(about.regions),
        "themes": list(about.themes),
        "media": list(about.media),
        "publisher": about.publisher,
        "canonical_url": about.canonical_url,
        "declared_language": about.declared_language,
        "lang_confidence": round(cleaned.confidence, 4),
        "text_sha256": digest(cleaned.text),
        "extracted_sha256": digest(cleaned.extracted),
        "steps": [
            {"cleaner": s.cleaner, "version": s.version, "edits": [e._asdict() for e in s.edits]} for s in cleaned.steps
        ],
        "extractor": cleaned.extractor,
        "recipe": recipe,
        "policy": policy,
        "page_type": about.page_type,
        "licence": about.licence,
        "free_to_read": about.free_to_read,
        "metadata_evidence": json.dumps(dict(about.evidence), sort_keys=True) if about.evidence else None,
        "blocks": packed(cleaned.account) if cleaned.account is not None else None,
    }


def steps_of(row: Row) -> tuple[Step, ...]:
    """Return the ledger of a revision's row."""
    rows = row["steps"] if isinstance(row["steps"], list) else []
    return tuple(Step(step["cleaner"], step["version"], tuple(Edit(**edit) for edit in step["edits"])) for step in rows)


def in_parts(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the same rows in tables of a size that makes a good Parquet file."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(t.num_rows for t in waiting) >= _PART_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def printable(text: str) -> str:
    """Return text that UTF-8 can hold: a lone surrogate, from a file name or an escape, becomes U+FFFD."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
