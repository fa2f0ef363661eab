"""What blocks that extraction left out say of the text: who wrote it, when, and what may be done with it.

The rules are those of the cleaners `header` and `rights`, asked of the left-out lines in their places around the
text. Text and ledger know nothing of it, and what the text or the page's markup says wins. What is found here reads
`extract:` where a rule's ruleset stands otherwise.
"""

from dataclasses import replace

from cleaners import facts, header, rights
from cleaners.extract.people import people, reads_as_name
from cleaners.matching import engine, is_prose
from schemas.edit import Edit, Step, kind_of
from schemas.page import Dated, Document, LeftOut, Metadata, Right, Side

ORIGIN = "extract"
_ONLY_BELOW = frozenset(("copyright", "media_contact"))
"""Lines that right below the text speak of it. Above it they speak of a picture; in the foot of a page they are the
site's, and its year would change every page's history each January."""


def read_leftovers(
    left_out: tuple[LeftOut, ...], document: Document, metadata: Metadata, said: tuple[Right, ...]
) -> tuple[Metadata, tuple[Right, ...]]:
    """Return metadata and rights with what the left-out blocks add: people and a date where there are none.

    `document` has the extracted text. A text without a paragraph of prose has no surroundings: nothing is added.
    """
    prose = next((line for line in document.text.split("\n") if is_prose(line)), None)
    if not left_out or prose is None:
        return metadata, said
    sides: list[Side | None] = []
    lines: list[str] = []
    above = [(line, block.side) for block in left_out if block.side is Side.ABOVE for line in block.text.split("\n")]
    below = [
        (line, block.side) for block in left_out if block.side is not Side.ABOVE for line in block.text.split("\n")
    ]
    for line, side in (*above, (prose, None), *below):
        lines += [line, ""]
        sides += [side, None]
    around = replace(document, text="\n".join(lines))
    if above and not (metadata.authors and metadata.published):
        metadata = _with_people(metadata, around, sides)
    return metadata, said + tuple(_rights(around, sides, {right.text for right in said}))


def _with_people(metadata: Metadata, around: Document, sides: list[Side | None]) -> Metadata:
    """Return the metadata with people and date of the lines above the text."""
    numbers = _numbers(around.text)
    edits = tuple(
        _renamed(edit)
        for edit in header.propose(around)
        if sides[numbers[edit.start]] is Side.ABOVE and kind_of(edit.rule) in {"byline", "dateline"}
    )
    known = Metadata(title=metadata.title)
    authors: tuple[str, ...] = ()
    evidence = ""
    published: Dated | None = None
    for edit in edits:
        found = facts.metadata((Step("header", header.CLEANER.version, (edit,)),), known)
        named = people(found.authors, metadata.publisher)
        if not authors and named == found.authors and all(map(reads_as_name, named)):
            authors, evidence = named, edit.rule
        if found.published and published is None:
            published = Dated(found.published.value, edit.rule)
    if authors and not metadata.authors:
        metadata = replace(metadata, authors=authors, evidence=(*metadata.evidence, ("authors", evidence)))
    return replace(metadata, published=metadata.published or published)


def _rights(around: Document, sides: list[Side | None], said: set[str]) -> list[Right]:
    matcher = engine(around.language)
    scan = matcher.scan(around.text, rights.RULESETS)
    hits = {
        number: allowed
        for number, rules in scan.hits.items()
        if (allowed := tuple(rule for rule in rules if _allowed(matcher.labels[rule], sides[number])))
    }
    found: list[Right] = []
    numbers = _numbers(around.text)
    for edit in matcher.propose(replace(scan, hits=hits), {}):
        text = edit.before.strip()
        if sides[numbers[edit.start]] is not None and text not in said and any(map(str.isalpha, text)):
            said.add(text)
            found.append(Right(kind_of(edit.rule), text, _renamed(edit).rule))
    return found


def _allowed(label: str, side: Side | None) -> bool:
    return side is Side.BELOW or kind_of(label) not in _ONLY_BELOW


def _numbers(text: str) -> list[int]:
    """Return the number of the line that each character of a text stands in."""
    return [number for number, line in enumerate(text.split("\n")) for _ in range(len(line) + 1)]


def _renamed(edit: Edit) -> Edit:
    return edit._replace(rule=f"{ORIGIN}:{edit.rule.partition(':')[2]}")
