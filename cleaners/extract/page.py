"""A page's text, and what the page says of itself."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from cleaners.extract.account import Choice, account, everything
from cleaners.extract.blocks import Page, parse, read_blocks
from cleaners.extract.head import Head, read_head
from cleaners.extract.leftover import leftovers
from cleaners.extract.metadata import read_metadata
from cleaners.extract.other import NAME as SECOND
from cleaners.extract.other import SecondOpinion
from cleaners.extract.strain import strain
from cleaners.extract.tags import strip_tags
from cleaners.extract.verdicts import Seen, judge
from schemas.page import Extraction, Metadata, Verdict

_TAG_STRIP = "tag-strip 1"
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE
)
_NO_LETTER = re.compile(r"[\W_]+")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that trees refuse, and trafilatura fails on."""


def looks_like_html(text: str) -> bool:
    """Return whether a text that is said to be plain begins as an HTML page does."""
    return bool(_HTML.match(text[:2_000].lstrip("\ufeff")))


def take(text: str, title: str | None) -> Extraction:
    """Return text that arrived as text, as it is; a title that came beside it becomes the column, no more."""
    if not text.strip():
        return Extraction(text, Metadata(title=title), "text", Verdict.EMPTY, "there is no text")
    return Extraction(text, Metadata(title=title), "text")


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded page to be extracted from, and what its source calls it."""

    text: str
    url: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A page whose tree was read, before its text is chosen."""

    text: str
    url: str | None
    tree: LexborHTMLParser
    page: Page
    head: Head
    metadata: Metadata


def extract(text: str, url: str | None, title: str | None, keep: frozenset[str] = frozenset()) -> Extraction:
    """Return what `extract_many` returns, of one page."""
    return extract_many([Source(text, url, title)], keep)[0]


def extract_many(sources: Sequence[Source], keep: frozenset[str] = frozenset()) -> list[Extraction]:
    """Return of each HTML page the main text, its title left out, the page's metadata and the account of its blocks.

    A source's title is used where the page itself has none; `keep` are kinds of blocks to be kept in any case
    (`kinds.asked_for`). The block model finds the text, or trafilatura where the model is unsure and the other reading
    promises more; where both find nothing, all text that is shown outside menus is taken, and `detail` says so. A page
    that is too much for a tree builder (`strain.strain`) is read without one: nothing is lost but the choice of the
    article. The verdict is EMPTY where the page shows no text, and that of `verdicts.judge` where the page is a wall, a
    stub, an error page or a shell; the text is what it shows all the same. Any page gets an answer, and the same one
    whatever pages are beside it; of many pages it takes less time than of each alone.
    """
    # the model takes a second to import
    from cleaners.extract import article, model  # noqa: PLC0415

    begun = [_read(source) for source in sources]
    trees = [one for one in begun if isinstance(one, _Read)]
    readings = iter(article.read([one.page for one in trees], model.load()) if trees else [])
    found: list[Extraction] = []
    for one in begun:
        if isinstance(one, Extraction):
            found.append(one)
        else:
            other = SecondOpinion(one.text, one.url)
            choice = article.best(one.page, next(readings), model.load(), other.text, keep)
            found.append(_extraction(one, choice, article.NAME))
    return found


def _read(source: Source) -> _Read | Extraction:
    """Return what a page's tree holds, or the whole answer where it is too much for a tree."""
    text, encoded = fit(source.text)
    if reason := strain(text, encoded):
        return _stripped(text, source.title, reason)
    tree = parse(encoded)
    head = read_head(tree)
    page = read_blocks(tree, head)
    metadata = read_metadata(head, page, source.url)
    metadata = replace(metadata, title=metadata.title or source.title)
    return _Read(text, source.url, tree, page, head, metadata)


def _extraction(read: _Read, choice: Choice, blocks_name: str) -> Extraction:
    page, metadata = read.page, read.metadata
    name, detail = blocks_name if choice.source == "blocks" else SECOND, None
    if not choice.text and choice.source != "blocks":  # else there are blocks, and all of them ask for consent
        from cleaners.extract.render import render_soup  # noqa: PLC0415 - a fifth of a second that few pages need

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it might be a path, or XML
            choice = Choice(render_soup(read.text) or strip_tags(read.text), "fallback")
        name, detail = f"beautifulsoup {version('beautifulsoup4')}", "no article found: all visible text taken"
    found = _untitled(choice.text, metadata.title)
    blocks = account(page, choice, found, metadata.title)
    verdict = Verdict.OK
    if judged := judge(Seen(page, read.head, read.tree, choice.text, metadata.free_to_read)):
        verdict, detail = judged
    elif not found:
        verdict, detail = Verdict.EMPTY, "the page shows no text"
    left_out = leftovers(page, blocks) if verdict is Verdict.OK else ()
    return Extraction(found, metadata, name if found else blocks_name, verdict, detail, blocks, left_out)


def fit(text: str) -> tuple[str, bytes]:
    """Return a decoded page without the characters that trees refuse, and the same in UTF-8."""
    try:
        encoded = text.encode()
        unfit = _has_controls(encoded) or (not text.isascii() and ("\ufffe" in text or "\uffff" in text))
    except UnicodeEncodeError:  # a surrogate
        encoded, unfit = b"", True
    if unfit:
        text = _UNFIT.sub(_fit, text)
        encoded = text.encode()
    return text, encoded


def _has_controls(encoded: bytes) -> bool:
    codes = np.frombuffer(encoded, dtype=np.uint8)
    controls = int(np.count_nonzero(codes < ord(" ")))
    return controls != sum(int(np.count_nonzero(codes == code)) for code in b"\n\r\t")


def _fit(match: re.Match[str]) -> str:
    """Return what a tree takes in a character's place: nothing for a control character, as browsers show nothing."""
    if match[0] in "\x0b\x0c":
        return " "
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else ""


def _stripped(text: str, title: str | None, reason: str) -> Extraction:
    found = strip_tags(text)
    metadata = Metadata(title=title)
    if not found:
        reason = f"the page shows no text ({reason})"
        return Extraction("", metadata, _TAG_STRIP, Verdict.EMPTY, reason, everything(""))
    reason = f"read without a tree, menus and all: {reason}"
    return Extraction(found, metadata, _TAG_STRIP, detail=reason, account=everything(found))


def _untitled(text: str, title: str | None) -> str:
    """Return the text without its first line where that repeats the title: the title is a column."""
    first, _, rest = text.partition("\n")
    if title and rest and _words(first) == _words(title):
        return rest.lstrip("\n")
    return text


def _words(text: str) -> str:
    return _NO_LETTER.sub(" ", text).strip().casefold()
