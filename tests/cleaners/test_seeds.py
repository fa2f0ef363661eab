"""Documents with a ledger made by hand, where CLEANCOPY_SEEDS names a folder of them.

The folder has the texts and `gold.json`: a list of `{file, spans: [{start, end, kind}]}` in code points. The texts
are other publishers' and never part of the project; `tests/cases` has the same traps in words of our own.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from cleaners import boilerplate, encoding, header, lines, markup, rights
from cleaners.ledger import apply, flatten, settle
from schemas.edit import Edit, Step, kind_of
from schemas.page import Document

CLEANERS = (encoding.CLEANER, markup.CLEANER, header.CLEANER, rights.CLEANER, boilerplate.CLEANER, lines.CLEANER)
FOLDER = os.environ.get("CLEANCOPY_SEEDS")
OUR_KINDS = {
    "byline_block": {"byline"},
    "copyright_source": {"copyright"},
    "membership_prompt": {"membership"},
    "liability_disclaimer": {"disclaimer"},
    "permission_grant": {"licence_grant"},
}
Span = tuple[int, int, str]


def seeds() -> list[object]:
    if FOLDER is None:
        return []
    gold = json.loads((Path(FOLDER) / "gold.json").read_text("utf-8"))
    return [pytest.param(Path(FOLDER) / entry["file"], entry["spans"], id=entry["file"]) for entry in gold]


def flat_edits(text: str) -> list[Edit]:
    document, steps = Document(text), []
    for cleaner in CLEANERS:
        edits = tuple(settle(cleaner.propose(document)))
        steps.append(Step(cleaner.name, cleaner.version, edits))
        document = replace(document, text=apply(document.text, edits))
    return flatten(steps)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())


if FOLDER is not None:

    @pytest.mark.parametrize(("file", "spans"), seeds())
    def test_the_spans_are_those_of_the_hand_made_ledger(file: Path, spans: list[dict[str, object]]) -> None:
        text = file.read_bytes().decode("utf-8")
        found = {trimmed(text, e.start, e.end): {kind_of(r) for r in e.rule.split("+")} for e in flat_edits(text)}
        wanted = {}
        for span in spans:
            kind = str(span["kind"])
            wanted[trimmed(text, int(str(span["start"])), int(str(span["end"])))] = OUR_KINDS.get(kind, {kind})
        assert found.keys() == wanted.keys()
        assert {place: kinds for place, kinds in wanted.items() if not kinds & found[place]} == {}
