"""The fold over the cleaners: a page in; its clean text out, with the ledger that turns it back."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from cleaners import facts, language, ledger, lines, names
from cleaners.catalogue import CLEANERS
from cleaners.extract.decode import DecodeError, decode
from cleaners.extract.page import Source, extract_many, looks_like_html, take
from cleaners.leftover import read_leftovers
from cleaners.recurrence import site_of
from schemas.choices import NOTHING, Choices
from schemas.edit import Edit, Step
from schemas.memory import SiteMemory
from schemas.page import Cleaned, Decoded, Document, Extraction, Metadata, OwnGazetteer, Page, Right, Verdict

_HTML = frozenset({"text/html", "application/xhtml+xml"})
TOGETHER = 16
"""Pages that are read and cleaned together; of more, none takes less time (benchmarks/README.md)."""
_MOST_CHARACTERS = 4_000_000
"""Characters of pages whose trees are held together, and of texts that are."""
_NOTHING = Extraction("", Metadata(), "none")


@dataclass(frozen=True, slots=True)
class _Fold:
    """What the cleaners made of a text; `as_written` is it without what the names step rewrote.

    `metadata` is what the page says of itself, with what left the text; `rights` are the statements that left it.
    """

    text: str
    as_written: str
    steps: tuple[Step, ...]
    metadata: Metadata
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was decoded and extracted from, before its text is cleaned.

    `decoded` is None where it is no text. `extraction` is the exception where extracting failed.
    """

    page: Page
    decoded: Decoded | None
    extraction: Extraction | Exception
    is_html: bool = False


def clean(page: Page, policy: str, choices: Choices = NOTHING, memory: SiteMemory | None = None) -> Cleaned:
    """Clean one page under a naming policy, with choices and a site memory; the result depends on nothing else.

    Whatever the page is, something comes back: a page that cannot be read has a verdict other than ok and no
    text. LedgerError is a bug in a cleaner, GazetteerError tells of a gazetteer that cannot be read.
    """
    (cleaned,) = clean_each(read([page], choices), policy, choices, memory)
    if isinstance(cleaned, Exception):
        raise cleaned
    return cleaned


def read(pages: Sequence[Page], choices: Choices = NOTHING) -> list[Read]:
    """Return what `clean_each` makes clean text of, for each page what it would be alone; many take less time together.

    Nothing is raised for a page: what went wrong is kept for when that page is cleaned.
    """
    found = [_decoded(page) for page in pages]
    waiting: list[int] = []
    size = 0
    for number, one in enumerate(found):
        if one.is_html and one.decoded:
            waiting.append(number)
            size += len(one.decoded.text)
        if waiting and (len(waiting) == TOGETHER or size > _MOST_CHARACTERS or number == len(found) - 1):
            for place, extraction in zip(waiting, _extracted([found[n] for n in waiting], choices), strict=True):
                found[place] = replace(found[place], extraction=extraction)
            waiting, size = [], 0
    return found


def _decoded(page: Page) -> Read:
    try:
        decoded = decode(page.body, page.media_type, page.charset)
    except DecodeError as error:
        return Read(page, None, Extraction("", Metadata(), "none", Verdict.UNDECODABLE, str(error)))
    is_html = page.media_type in _HTML or looks_like_html(decoded.text)
    return Read(page, decoded, _NOTHING if is_html else take(decoded.text, page.title), is_html)


def _extracted(pages: Sequence[Read], choices: Choices) -> Sequence[Extraction | Exception]:
    sources = [Source(one.decoded.text if one.decoded else "", one.page.url, one.page.title) for one in pages]
    try:
        return extract_many(sources, choices.keep)
    except Exception as error:  # noqa: BLE001 - a page that meets a bug must not take those beside it along
        return [error] if len(pages) == 1 else [_extracted([one], choices)[0] for one in pages]


def clean_each(
    pages: Sequence[Read], policy: str, choices: Choices = NOTHING, memory: SiteMemory | None = None
) -> Iterator[Cleaned | Exception]:
    """Yield for each page, read with the same choices, what `clean` returns, or the exception that it raises.

    Each is what it would be alone; the line model is asked about all of them together.
    """
    waiting: list[Read] = []
    size = 0
    for number, page in enumerate(pages, 1):
        waiting.append(page)
        size += 0 if isinstance(page.extraction, Exception) else len(page.extraction.text)
        if len(waiting) == TOGETHER or size > _MOST_CHARACTERS or number == len(pages):
            yield from _cleaned([_cleaning(one, policy, choices, memory) for one in waiting])
            waiting, size = [], 0


_Cleaning = Generator[lines.Question, Sequence[Edit] | None, Cleaned]


def _cleaned(cleanings: Sequence[_Cleaning]) -> Iterator[Cleaned | Exception]:
    """Run all of them up to where they ask the line model, and then to their ends."""
    reached = [_next(cleaning) for cleaning in cleanings]
    while asked := {number: one for number, one in enumerate(reached) if isinstance(one, lines.Question)}:
        for number, answer in zip(asked, _answers([*asked.values()]), strict=True):
            reached[number] = answer if isinstance(answer, Exception) else _next(cleanings[number], answer)
    yield from (end for end in reached if not isinstance(end, lines.Question))


def _next(cleaning: _Cleaning, answer: Sequence[Edit] | None = None) -> lines.Question | Cleaned | Exception:
    """Return what a page asks next, its clean text, or the exception that keeps it from having one."""
    try:
        return cleaning.send(answer)
    except StopIteration as end:
        cleaned: Cleaned = end.value
        return cleaned
    except Exception as error:  # noqa: BLE001 - a page that meets a bug must not take those beside it along
        return error


def _answers(asked: Sequence[lines.Question]) -> Sequence[Sequence[Edit] | Exception]:
    try:
        return [*lines.answers(asked, lines.model())]
    except Exception as error:  # noqa: BLE001 - as above
        return [error] if len(asked) == 1 else [_answers([one])[0] for one in asked]


def _cleaning(read: Read, policy: str, choices: Choices, memory: SiteMemory | None) -> _Cleaning:
    page, extraction = read.page, read.extraction
    if isinstance(extraction, Exception):
        raise extraction
    if read.decoded is None:
        return _result(extraction, Decoded("", "", "", 0), _Fold("", "", (), Metadata()), language.Judge())
    judge = language.Judge(page.language or extraction.metadata.declared_language or "und")
    spoken = judge.of(extraction.text)
    document = Document(
        text=extraction.text,
        url=page.url,
        title=extraction.metadata.title,
        is_html=read.is_html,
        language=spoken.lang,
        policy=policy,
        source=extraction.text,
        site_lines=memory.of(site_of(page.url)) if memory else {},
        own=choices.own,
        removal=choices.removal,
        others=spoken.others,
    )
    folded = yield from _fold(document, extraction.metadata)
    # after the fold: the text must not depend on what it is not made of
    metadata, rights = read_leftovers(extraction.left_out, document, folded.metadata, facts.rights(folded.steps))
    return _result(extraction, read.decoded, replace(folded, metadata=metadata, rights=rights), judge, choices.own)


def _fold(document: Document, metadata: Metadata) -> Generator[lines.Question, Sequence[Edit] | None, _Fold]:
    """Run the cleaners in their order; LedgerError where the result could not be turned back.

    `metadata` is what the page says of itself beside its text. What the line model is asked is yielded, and its edits
    are sent.
    """
    source, as_written = document.text, document.text
    steps: list[Step] = []
    for cleaner in CLEANERS:
        if cleaner.name == "names":
            # by now the dates have left the text
            metadata = facts.metadata(steps, metadata)
            document = replace(document, published=metadata.published.value if metadata.published else "")
        if cleaner is lines.CLEANER:
            asked = lines.question(document)
            edits = tuple(ledger.settle((asked and (yield asked)) or ()))
        else:
            edits = tuple(ledger.settle(cleaner.propose(document)))
        if cleaner.name == "names":
            as_written = document.text
        elif document.text == as_written:
            as_written = ledger.apply(as_written, edits)
        else:
            as_written = ledger.apply(as_written, ledger.settle(cleaner.propose(replace(document, text=as_written))))
        if edits:
            steps.append(Step(cleaner.name, cleaner.version, edits))
            document = replace(document, text=ledger.apply(document.text, edits))
    if ledger.revert(document.text, steps) != source:
        raise ledger.LedgerError("the clean text cannot be turned back into the extracted text")
    return _Fold(document.text, as_written, tuple(steps), metadata)


def _result(
    extraction: Extraction,
    decoded: Decoded,
    folded: _Fold,
    judge: language.Judge,
    own: OwnGazetteer | None = None,
) -> Cleaned:
    verdict, detail = extraction.verdict, extraction.detail
    if verdict is Verdict.OK and not folded.text.strip():
        verdict, detail = Verdict.EMPTY, "nothing is left of the text once the boilerplate is out"
    spoken = judge.of(folded.text or extraction.text)
    return Cleaned(
        verdict=verdict,
        detail=detail,
        extracted=extraction.text,
        text=folded.text,
        text_as_written=folded.as_written,
        steps=folded.steps,
        metadata=folded.metadata,
        rights=folded.rights,
        mentions=names.mentions(extraction.text, folded.text, folded.steps, (spoken.lang, *spoken.others), own),
        lang=spoken.lang,
        confidence=spoken.confidence,
        languages=spoken.shares,
        extractor=extraction.extractor,
        charset=decoded.charset,
        charset_evidence=decoded.evidence,
        replaced=decoded.replaced,
        account=extraction.account,
    )
