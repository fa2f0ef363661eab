"""Writes pages.json from the example pages: `make golden`. Read the diff: each line is a text that changed."""

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from cleaners.clean import clean
from flows.sources.files import captures
from schemas.edit import kind_of
from schemas.page import Page

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).parent / "pages.json"


def digests():
    """What cleaning makes of each example page: digests of the texts, verdict, language, edits by kind."""
    found = {}
    for day in ("monday", "tuesday"):
        for capture in captures(str(ROOT / "examples" / "pages" / day), datetime(2020, 12, 9, tzinfo=UTC)):
            page = Page(capture.body, capture.media_type, capture.url, capture.charset, capture.title)
            cleaned = clean(page, "common")
            found[f"{day} {capture.identity}"] = {
                "extracted": hashlib.sha256(cleaned.extracted.encode()).hexdigest(),
                "text": hashlib.sha256(cleaned.text.encode()).hexdigest(),
                "as_written": hashlib.sha256(cleaned.text_as_written.encode()).hexdigest(),
                "title": cleaned.metadata.title,
                "published": cleaned.metadata.published.value if cleaned.metadata.published else None,
                "verdict": cleaned.verdict,
                "lang": cleaned.lang,
                "mentions": len(cleaned.mentions),
                "rights": [right.kind for right in cleaned.rights],
                "edits": Counter(kind_of(edit.rule) for step in cleaned.steps for edit in step.edits),
            }
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(digests(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
