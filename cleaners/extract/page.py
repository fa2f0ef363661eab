"""A page's text, and what the page says of itself."""

import re
import warnings
from dataclasses import replace
from importlib.metadata import version

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from cleaners.extract.tags import strain, strip_tags
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


def extract(text: str, url: str | None, title: str | None) -> Extraction:
    """Return the main text of an HTML page, its title left out, and the page's metadata.

    `title` is what the source calls the page, used where the page itself has none. trafilatura finds the article;
    where it finds nothing, all text that is shown outside menus is taken, and `detail` says so. A page that is too
    much for a tree builder (`tags.strain`) is read without one: nothing is lost but the choice of the article. The
    verdict is EMPTY where the page shows no text. Any page gets an answer.
    """
    text = _UNFIT.sub(_fit, text)
    if reason := strain(text):
        return _stripped(text, title, reason)
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(text.encode(), parser=parser)
    except etree.LxmlError as error:  # a page without any element or text
        return _stripped(text, title, str(error))
    # past its limit of nesting libxml2 drops the rest of the page without a word but this
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        return _stripped(text, title, "nested deeper than the tree builder goes")
    return _from_tree(tree, text, url, title)


def _fit(match: re.Match[str]) -> str:
    """Return what a tree takes in a character's place: nothing for a control character, as browsers show nothing."""
    if match[0] in "\x0b\x0c":
        return " "
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else ""


def _from_tree(tree: HtmlElement, text: str, url: str | None, title: str | None) -> Extraction:
    # trafilatura takes half a second to import
    from cleaners.extract import engine, render  # noqa: PLC0415
    from cleaners.extract.metadata import read_metadata  # noqa: PLC0415

    metadata = read_metadata(tree, url)
    metadata = replace(metadata, title=metadata.title or title)
    body = engine.article(tree, url)
    if body is not None and (found := render.render(body)):
        return Extraction(_untitled(found, metadata.title), metadata, engine.NAME)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it might be a path, or XML
        found = render.render_soup(text)
    if not found:
        return Extraction("", metadata, engine.NAME, Verdict.EMPTY, "the page shows no text")
    name = f"beautifulsoup {version('beautifulsoup4')}"
    return Extraction(
        _untitled(found, metadata.title), metadata, name, detail="no article found: all visible text taken"
    )


def _stripped(text: str, title: str | None, reason: str) -> Extraction:
    found = strip_tags(text)
    metadata = Metadata(title=title)
    if not found:
        return Extraction("", metadata, _TAG_STRIP, Verdict.EMPTY, f"the page shows no text ({reason})")
    return Extraction(found, metadata, _TAG_STRIP, detail=f"read without a tree, menus and all: {reason}")


def _untitled(text: str, title: str | None) -> str:
    """Return the text without its first line where that repeats the title: the title is a column."""
    first, _, rest = text.partition("\n")
    if title and rest and _words(first) == _words(title):
        return rest.lstrip("\n")
    return text


def _words(text: str) -> str:
    return _NO_LETTER.sub(" ", text).strip().casefold()
