"""The feed of changes: what somebody who follows an archive must be told."""

import pyarrow as pa

from archive.read import Reader, Rows

_ORDER = "struct_pack(captured_at := captured_at, version := version, revision := revision"

_QUERY = f"""
    WITH touched AS (SELECT DISTINCT doc_id FROM revisions WHERE version > $since),
    line AS (
      SELECT doc_id, identity, url, version, revision, op, cause, captured_at, recorded_at, title, text_sha256,
        content_sha256
      FROM revisions SEMI JOIN touched USING (doc_id))
    SELECT n.version, n.recorded_at, n.doc_id, n.identity, n.url, n.revision, n.op, n.cause, n.captured_at, n.title,
      (SELECT max({_ORDER}, sha256 := text_sha256)).sha256 FROM line b
       WHERE b.doc_id = n.doc_id AND (b.version, b.revision) < (n.version, n.revision)
       AND b.captured_at <= n.captured_at) AS old_text_sha256,
      n.text_sha256, n.content_sha256,
      NOT EXISTS (SELECT 1 FROM line l WHERE l.doc_id = n.doc_id AND (l.version, l.revision) < (n.version, n.revision)
       AND l.captured_at > n.captured_at) AS current
    FROM line n WHERE n.version > $since
    ORDER BY n.version, n.doc_id, n.revision
"""  # noqa: S608 - no value of anybody's in it

DESCRIPTIONS = {
    "old_text_sha256": "SHA-256 of the text of the state it follows; null for a first one, or after a withdrawal",
    "current": "Whether it became the state of the document; false for an older capture that was loaded later",
}
"""What the fields mean that no table has."""


def changes(reader: Reader, since: int) -> Rows:
    """Return one row for each revision after version `since`, up to the reader's, in order of version.

    Columns: version, recorded_at, doc_id, identity, url, revision, op, cause, captured_at, title, old_text_sha256,
    text_sha256 (null where the document is withdrawn), content_sha256, current.
    """
    return reader.sql(_QUERY, {"since": since})


def described(schema: pa.Schema, table: pa.Schema) -> pa.Schema:
    """Return the schema with a description on every field, as the archive's table has it."""
    known = {field.name: (field.metadata or {}).get(b"description", b"").decode("utf-8") for field in table}
    known |= DESCRIPTIONS
    return pa.schema([f.with_metadata({"description": known.get(f.name, "")}) for f in schema])
