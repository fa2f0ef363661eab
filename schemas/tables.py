"""The archive's tables: one explicit Arrow schema each, with a description on every field.

Changes are additive only: a new field is nullable, stands before `salt` and `commitment`, and raises
SCHEMA_VERSION. Offsets count Unicode code points. All times are UTC. Fields that hold content are nullable because
a lawful erasure empties them and leaves the row's `commitment`.
"""

import pyarrow as pa

SCHEMA_VERSION = 2
"""Raised with every added field; written into each Parquet file."""

_TIME = pa.timestamp("us", tz="UTC")
_STRINGS = pa.list_(pa.string())


def _field(name: str, kind: pa.DataType, description: str, *, nullable: bool = True) -> "pa.Field[pa.DataType]":
    return pa.field(name, kind, nullable=nullable, metadata={"description": description})


def _table(name: str, *fields: "pa.Field[pa.DataType]") -> pa.Schema:
    return pa.schema(fields, metadata={"cleancopy.table": name, "cleancopy.schema_version": str(SCHEMA_VERSION)})


_EDIT = pa.struct(
    [
        _field("start", pa.int64(), "First code point of the replaced stretch, in the step's input"),
        _field("end", pa.int64(), "First code point after the replaced stretch, in the step's input"),
        _field("before", pa.string(), "The stretch as it was"),
        _field("after", pa.string(), "What stands there now; empty where it was removed"),
        _field("rule", pa.string(), "The rule that took or changed it: ruleset:kind/slug"),
    ]
)
_STEP = pa.struct(
    [
        _field("cleaner", pa.string(), "Name of the cleaner"),
        _field("version", pa.string(), "Version of the cleaner and its rules"),
        _field("edits", pa.list_(_EDIT), "Its edits, sorted and disjoint, in code points of this step's input"),
    ]
)
_MENTION = pa.struct(
    [
        _field("start", pa.int64(), "First code point in the extracted text"),
        _field("end", pa.int64(), "First code point after it in the extracted text"),
        _field("surface", pa.string(), "The name as the publisher wrote it"),
        _field("entity", pa.string(), "Entity id of the gazetteer"),
        _field("kind", pa.string(), "Kind of the form: official, endonym, exonym, translit, historical, typo ..."),
        _field("text_start", pa.int64(), "First code point in `text`; null where the stretch was removed"),
        _field("text_end", pa.int64(), "First code point after it in `text`; null where the stretch was removed"),
        _field("form", pa.string(), "What `text` has in its place"),
    ]
)
_RIGHT = pa.struct(
    [
        _field("kind", pa.string(), "copyright, licence_grant, disclaimer, fair_use, contact, syndication ..."),
        _field("text", pa.string(), "The statement's words"),
        _field(
            "rule", pa.string(), "The rule that typed it; `extract:` before it where extraction had left the words out"
        ),
    ]
)
_SHARE = pa.struct(
    [
        _field("language", pa.string(), "BCP 47 code, or und"),
        _field("share", pa.float64(), "Share of the text's letters, 0 to 1"),
    ]
)

_SALT = _field("salt", pa.string(), "32 random hex digits that blind the commitment; null once erased")
_COMMITMENT = _field(
    "commitment",
    pa.string(),
    "SHA-256 over the salt and the row's canonical JSON (docs/data-format.md)",
    nullable=False,
)

REVISIONS = _table(
    "revisions",
    _field("doc_id", pa.string(), "First 32 hex digits of the SHA-256 of the identity", nullable=False),
    _field("identity", pa.string(), "Normalised URL, or id:..., or file:...: what makes it the same document"),
    _field("url", pa.string(), "URL the page was captured from, as given; null for files"),
    _field("site", pa.string(), "Host of the URL; null for files"),
    _field("revision", pa.int64(), "Number of this state of the document, from 1", nullable=False),
    _field("version", pa.int64(), "Version of the archive that brought it", nullable=False),
    _field("op", pa.string(), "add, change, withdraw, restore or erase", nullable=False),
    _field("cause", pa.string(), "page, rules, extractor, policy, gone, absent, owner or order", nullable=False),
    _field("capture_id", pa.string(), "The capture it was made from"),
    _field("captured_at", _TIME, "When that capture was made; orders the states of a document", nullable=False),
    _field("recorded_at", _TIME, "When this row was written", nullable=False),
    _field("raw_sha256", pa.string(), "SHA-256 of the captured bytes"),
    _field("input_sha256", pa.string(), "SHA-256 over the bytes' digest and what their source declared beside them"),
    _field("title", pa.string(), "Title, from the page's metadata or the input"),
    _field("authors", _STRINGS, "Authors, in the page's order"),
    _field("published", pa.string(), "Date of publication, ISO 8601 to the day or the second; null if not stated"),
    _field("published_evidence", pa.string(), "Where that was found"),
    _field("modified", pa.string(), "Date of the last change the publisher states"),
    _field("modified_evidence", pa.string(), "Where that was found"),
    _field("original_published", pa.string(), "Date of first publication elsewhere, for republished text"),
    _field("original_published_evidence", pa.string(), "Where that was found"),
    _field("page_date_rendered", pa.string(), "Date the page showed when captured: its clock, not its publication"),
    _field("section", pa.string(), "Section or breadcrumb"),
    _field("tags", _STRINGS, "Tags or keywords"),
    _field("regions", _STRINGS, "Regions the publisher assigns"),
    _field("themes", _STRINGS, "Themes the publisher assigns"),
    _field("media", _STRINGS, "URLs of media that stood in the text"),
    _field("publisher", pa.string(), "Name of the publishing site"),
    _field("canonical_url", pa.string(), "What the page calls its canonical URL; never its identity"),
    _field("declared_language", pa.string(), "Language the page declares"),
    _field("lang", pa.string(), "Main language, BCP 47, or und"),
    _field("lang_confidence", pa.float64(), "Confidence in it, 0 to 1"),
    _field("languages", pa.list_(_SHARE), "Languages with their shares, largest first"),
    _field("text", pa.string(), "Clean text, with the naming policy's forms"),
    _field("text_as_written", pa.string(), "Clean text with the publisher's forms; null where it equals `text`"),
    _field("text_sha256", pa.string(), "SHA-256 of `text` in UTF-8"),
    _field("extracted_sha256", pa.string(), "SHA-256 of the extracted text in UTF-8: what turning `steps` back gives"),
    _field("content_sha256", pa.string(), "SHA-256 of everything whose change makes a revision"),
    _field("mentions", pa.list_(_MENTION), "Names found, with their entities"),
    _field("rights", pa.list_(_RIGHT), "Rights statements that left the text, or stand beside it on the page"),
    _field("steps", pa.list_(_STEP), "The ledger: every edit of every cleaner, in order"),
    _field("extractor", pa.string(), "Engine and version that made text of the bytes"),
    _field("recipe", pa.string(), "Digest of all that the clean text depends on besides bytes and URL"),
    _field("policy", pa.string(), "Naming policy"),
    _field("run_id", pa.string(), "The run that wrote it"),
    _field("page_type", pa.string(), "What kind of page it is (docs/reference.md); null where it is not known"),
    _field("licence", pa.string(), "Licence the page states for itself: an address or its name"),
    _field(
        "free_to_read", pa.bool_(), "False where the page says that it must be paid for; null where it does not say"
    ),
    _field("metadata_evidence", pa.string(), "Where title, authors and the like were found, a JSON object"),
    _field("blocks", pa.binary(), "What became of each visible block of a page (docs/data-format.md); null for texts"),
    _SALT,
    _COMMITMENT,
)

CAPTURES = _table(
    "captures",
    _field("doc_id", pa.string(), "First 32 hex digits of the SHA-256 of the identity", nullable=False),
    _field("capture_id", pa.string(), "32 hex digits; the WARC record's UUID", nullable=False),
    _field("identity", pa.string(), "Normalised URL, or id:..., or file:..."),
    _field("url", pa.string(), "URL as given; null for files"),
    _field("site", pa.string(), "Host of the URL; null for files"),
    _field("source", pa.string(), "Where the run was told to look, and the place within it"),
    _field("run_id", pa.string(), "The run that made it"),
    _field("captured_at", _TIME, "When the bytes were captured", nullable=False),
    _field("recorded_at", _TIME, "When this row was written", nullable=False),
    _field("verdict", pa.string(), "What became of it (docs/reference.md)", nullable=False),
    _field("detail", pa.string(), "What a person should know of the verdict"),
    _field("duplicate", pa.bool_(), "True where the same bytes came twice in one run"),
    _field("media_type", pa.string(), "Media type of the bytes"),
    _field("declared_charset", pa.string(), "Charset the source declared beside the bytes"),
    _field("charset", pa.string(), "Charset the bytes were read in"),
    _field("charset_evidence", pa.string(), "How that was known: bom, declared, meta, utf-8, detected"),
    _field("replaced", pa.int64(), "Undecodable units, each replaced by U+FFFD"),
    _field("size", pa.int64(), "Bytes captured"),
    _field("raw_sha256", pa.string(), "SHA-256 of the captured bytes"),
    _field("input_sha256", pa.string(), "SHA-256 over that, media type, URL, declared charset, title and language"),
    _field("warc_file", pa.string(), "WARC file under raw/"),
    _field("warc_record_id", pa.string(), "WARC-Record-ID: the proof of where the bytes are"),
    _field("warc_offset", pa.int64(), "Offset of the record in that file: a hint"),
    _field("title", pa.string(), "Title the source gave beside the page"),
    _field("source_metadata", pa.string(), "Further fields of the source, a JSON object"),
    _field("recipe", pa.string(), "Recipe it was cleaned with; null where it was not cleaned"),
    _field("extractor", pa.string(), "Engine and version that made text of the bytes"),
    _field("content_sha256", pa.string(), "Digest of what cleaning gave; null where the verdict is not ok"),
    _SALT,
    _COMMITMENT,
)

EVENTS = _table(
    "events",
    _field("doc_id", pa.string(), "Document it concerns; empty where it concerns the archive", nullable=False),
    _field("event_id", pa.string(), "32 random hex digits", nullable=False),
    _field("kind", pa.string(), "edition, memory, check, deposit or erasure", nullable=False),
    _field("recorded_at", _TIME, "When it happened", nullable=False),
    _field("version", pa.int64(), "Version of the archive it concerns"),
    _field("detail", pa.string(), "What happened, a JSON object"),
    _SALT,
    _COMMITMENT,
)

TABLES = {"revisions": REVISIONS, "captures": CAPTURES, "events": EVENTS}
"""Table name → schema, in the order of docs/data-format.md."""

CONTENT_FIELDS = (
    *("title", "authors", "published", "modified", "original_published", "lang", "languages"),
    *("text", "text_as_written", "mentions", "rights"),
)
"""Fields of a revision whose change makes a new one (with the texts filled in)."""
