"""Trying a ruleset: what it would take from an archive's documents, and what of labelled texts."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.read import Reader
from cleaners import language
from cleaners.ledger import Positions, flatten
from cleaners.matching import split_lines
from cleaners.trial import before_stage, proposals, stage_of
from flows.site_memory import undone
from schemas.edit import Edit
from schemas.page import Document
from schemas.ruleset import Ruleset

_TEXTS = "SELECT identity, site, lang, text, steps FROM documents WHERE text IS NOT NULL ORDER BY doc_id"


class LabelError(ValueError):
    """Labelled texts that cannot be read: the message names file and line."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch that a rule would take from a document, with the lines above and below it.

    `new` says whether anything of it stands in the clean text that the archive has now.
    """

    rule: str
    identity: str
    site: str
    above: str
    text: str
    below: str
    new: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled line, and the rule that would take it whole; `keep` says whether it belongs to the article."""

    id: str
    text: str
    keep: bool
    rule: str | None


def in_archive(reader: Reader, ruleset: Ruleset) -> Iterator[Taken | None]:
    """Yield what the rules would take from each document as of the reader's version; None after each document.

    They are asked where their cleaner stands: after the cleaners before it, with the rules beside them.
    """
    stage = stage_of(ruleset)
    for row in reader.rows(_TEXTS):
        text, steps = undone(row, stage)
        flat = flatten(steps)
        places = Positions(flat)
        for edit in proposals(ruleset, text, str(row["lang"] or "und")):
            start = edit.start + len(edit.before) - len(edit.before.lstrip())
            left = places.forward(start, start + len(edit.before.strip())) if edit.before.strip() else None
            above = text[: edit.start].rstrip("\n").rpartition("\n")[2]
            below = text[edit.end :].lstrip("\n").partition("\n")[0]
            site = str(row["site"] or "")
            yield Taken(edit.rule, str(row["identity"]), site, above, edit.before.strip(), below, new=left is not None)
        yield None


def labelled_files(folder: Path) -> list[Path]:
    """Return the files of labelled texts in a folder, .jsonl and .jsonl.gz; LabelError where there are none."""
    if not folder.is_dir():
        raise LabelError(f"{folder} is no folder; docs/rules.md says what a folder of labelled texts holds")
    files = sorted(file for pattern in ("*.jsonl", "*.jsonl.gz") for file in folder.glob(pattern))
    if not files:
        raise LabelError(
            f"{folder} holds no .jsonl or .jsonl.gz file with labelled lines; docs/rules.md has their form"
        )
    return files


def in_labelled(files: Iterable[Path], ruleset: Ruleset) -> Iterator[Judged]:
    """Yield every line that is labelled in files of labelled texts, with the rule that would take it.

    A row is `{"id", "lines": [{"text", "keep"}]}`, `keep` true, false, or null for a line that nobody has judged;
    `lang` is optional. LabelError for anything else.
    """
    stage = stage_of(ruleset)
    for file in files:
        for number, row in _rows(file):
            yield from _judged(row, f"{file}, line {number}", ruleset, stage)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, object]]]:
    number = 0
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise LabelError(f"{file}, line {number}: not a JSON object")  # noqa: TRY301 - as the others
                yield number, row
    except LabelError:
        raise
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        # what fails is the line after the last one that was read, unless the line itself is no JSON
        bad = number if isinstance(error, (ValueError, RecursionError)) else number + 1
        raise LabelError(f"{file}, line {bad}: cannot be read: {error}") from error


def _judged(row: dict[str, object], where: str, ruleset: Ruleset, stage: str) -> Iterator[Judged]:
    labels = list(_labels(row.get("lines"), where))
    source = "\n".join(text for text, _ in labels)
    hint = row.get("lang")
    spoken = language.of_document(source, hint if isinstance(hint, str) else "und").lang
    document = Document(source, language=spoken, source=source)
    found, steps = before_stage(document, stage)
    places = Positions(flatten(steps))
    taken = [(edit, places.back(edit.start, edit.end)) for edit in proposals(ruleset, found.text, spoken)]
    spans = [(span, edit) for edit, span in taken if span]
    for line, (text, keep) in zip(split_lines(source), labels, strict=True):
        if line.text and keep is not None:
            end = line.start + len(source[line.start : line.end].rstrip())
            yield Judged(str(row.get("id")), text, keep, _rule(spans, line.start, end))


def _labels(value: object, where: str) -> Iterator[tuple[str, bool | None]]:
    if not isinstance(value, list):
        raise LabelError(f"{where}: `lines` is no list")
    for entry in value:
        match entry:
            case {"text": str(text), "keep": bool() | None as keep}:
                yield text.replace("\n", " "), keep
            case _:
                raise LabelError(f'{where}: a line is {{"text": …, "keep": true, false or null}}')


def _rule(spans: list[tuple[tuple[int, int], Edit]], start: int, end: int) -> str | None:
    """Return the rule that takes [start, end) whole."""
    return next((edit.rule for (first, last), edit in spans if first <= start and end <= last), None)
