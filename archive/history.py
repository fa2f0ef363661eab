"""The states of one document: when each came, why, and the bytes it was made of."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from archive.raw import Place, RawError, read_record
from archive.read import Reader, Row
from archive.versions import versions

_COLUMNS = (
    *("version", "recorded_at", "revision", "op", "cause", "captured_at", "title", "lang", "recipe", "policy"),
    *("text_sha256", "raw_sha256", "capture_id", "identity", "doc_id"),
)


def history(reader: Reader, doc_id: str) -> list[Row]:
    """Return the revisions of a document up to the reader's version, in the order in which they follow each other.

    Each has `recipe_changed`: which parts of the recipe are not those of the state before it.
    """
    query = f"SELECT {', '.join(_COLUMNS)} FROM revisions WHERE doc_id = $doc ORDER BY captured_at, version, revision"  # noqa: S608 - no value of anybody's in it
    recipes = {v.recipe: v.recipe_parts for v in versions(reader.archive)}
    rows: list[Row] = []
    before: dict[str, str] = {}
    for row in reader.rows(query, {"doc": doc_id}):
        parts = recipes.get(str(row["recipe"]), before)
        changed = [name for name in sorted(parts) if before and before.get(name) != parts[name]]
        rows.append(row | {"recipe_changed": changed})
        before = parts
    return rows


def raw_of(reader: Reader, state: Row) -> bytes:
    """Return the captured bytes a state was made of; RawError where no record of them can be read."""
    sha256 = state["raw_sha256"]
    query = """
        SELECT warc_file, warc_record_id, warc_offset FROM captures
        WHERE doc_id = $doc AND raw_sha256 = $sha256 AND warc_file IS NOT NULL
        ORDER BY capture_id != $capture, captured_at, recorded_at
    """
    values = {"doc": state["doc_id"], "sha256": sha256, "capture": state["capture_id"]}
    places = [_place(reader.archive.folder.path("raw"), row) for row in reader.rows(query, values)]
    for body in _bodies(places):
        # a record may be a reference to an earlier one with the same bytes, and then it is empty itself
        if hashlib.sha256(body).hexdigest() == sha256:
            return body
    raise RawError(f"no record in raw/ has the bytes of {state['identity']}; `cleancopy verify` says more")


def _bodies(places: list[Place]) -> Iterator[bytes]:
    for place in places:
        try:
            yield read_record(place)
        except RawError:
            continue


def _place(folder: Path, row: Row) -> Place:
    # the name alone: a row must not lead out of the archive
    return Place(folder / Path(str(row["warc_file"])).name, str(row["warc_record_id"]), int(str(row["warc_offset"])))
