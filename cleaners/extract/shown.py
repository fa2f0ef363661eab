"""What a page shows a reader around its heading: who wrote it, and when."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.dates import find_dates
from cleaners.extract.blocks import MARKS, TAGS, Page
from cleaners.extract.people import after_day, asks_for_name, byline
from schemas.page import Dated

_H1 = TAGS.index("h1")
_ABOVE, _BELOW = 6, 16
"""Blocks looked at before and after the heading."""
_PROSE = 250
"""Characters of a block with which the article has begun."""
_LONGEST, _LONGEST_DAY = 150, 30
_ASIDE = sum(1 << MARKS.index(name) for name in ("nav", "footer", "aside", "form", "button", "dialog", "quote"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_LETTERS = re.compile(r"[\W_]+")
_AUTHOR = re.compile(
    r"(?i)\b(?:author|byline|by-line|autor|auteur|writer|contributor)|(?:author|byline)(?:s|name|_name|-name)?\b"
)
_NO_AUTHOR = re.compile(
    r"(?i)\b(?:bio|related|comments?|role|avatar|photo|description|social|card|teaser|sidebar|widget|footer|testimonial)\b"
)
_NO_DATE = re.compile(
    r"(?i)related|comment|card|teaser|sidebar|widget|recommend|read-?more|recent|popular|latest|slider|carousel"
)
_MODIFIED = re.compile(
    r"(?i)updated?|modified|edited|reviewed|revised|aktualisiert|mis à jour|actualizado|обновлен|изменен|yenilən|"
    r"güncelle|թարմացվել"
)
_PUBLISHED = re.compile(
    r"(?i)(?:this post was )?(?:first )?(?:published|posted|submitted)(?: on)? ?:? |veröffentlicht(?: am)? ?:? "
    r"|publié le |опубликовано ?:? |nəşr olunub ?:? |yayınlanma(?: tarihi)? ?:? |հրապարակվել է ?[:՝]? "
)
_DATE_NAME = re.compile(r"(?i)(?:\b|_)(?:date|published|posted|submitted|pubdate|timestamp)(?:\b|_)|[a-z]Date\b")
"""Names of an element that holds a day and nothing else."""
_NOT_THIS = re.compile(
    r"(?i)joined|member since|copyright|©|expires?|deadline|event|webinar|register|since|between|until|from"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_MARKS = " \xa0|•·–—-/"
"""What parts a name from the day that follows it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """People and dates near the heading; () and None where there are none for certain."""

    authors: tuple[str, ...] = ()
    published: Dated | None = None
    modified: Dated | None = None


class Wanted(NamedTuple):
    """What is not known of a page before it is looked for around the heading."""

    authors: bool
    published: bool
    modified: bool


def read_shown(page: Page, title: str | None, publisher: str | None, persons: Collection[str], wanted: Wanted) -> Shown:
    """Return what stands around the block that is the page's title; nothing where no block is, or it is not wanted."""
    at = heading_of(page, title)
    if at is None:
        return Shown()
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    modified: Dated | None = None
    before = ""
    for block in _around(page, at):
        text, sign = page.blocks.text[block], _signs(page, block)
        if wanted.authors and not authors and not _NO_AUTHOR.search(sign):
            before_date, dated = _before_date(text)
            said_above = block > 0 and asks_for_name(page.blocks.text[block - 1])
            marked = dated or said_above or _AUTHOR.search(sign) or ("meta" in sign and find_dates(text))
            authors = byline(before_date, publisher, marked=bool(marked), persons=persons)
        if (wanted.published or wanted.modified) and _YEAR.search(text) and not _NO_DATE.search(sign):
            first, changed = _dates(text, before)
            published, modified = published or first, modified or changed
        before = text if len(text) < 30 else ""
    if wanted.published and not published:
        published = _labelled(page)
    return Shown(authors, published, modified)


def _labelled(page: Page) -> Dated | None:
    """Return the day that the page calls that of publication anywhere: by words, or else by an element's name.

    None where several days are called so: then they are those of other pages.
    """
    dated = [block for block in range(len(page.blocks.text)) if _counts(page, block)]
    said = (block for block in dated if _PUBLISHED.match(page.blocks.text[block]))
    return _one_day(page, said) or _one_day(page, (block for block in dated if _is_named_date(page, block)))


def _is_named_date(page: Page, block: int) -> bool:
    """Return whether a block is a day and hardly anything else, in an element that is named for it."""
    text = page.blocks.text[block]
    if len(text) > _LONGEST_DAY or not _YEAR.search(text):
        return False
    sign = f"{page.elements.sign[page.blocks.element[block]]} {page.blocks.inner[block]}"
    return bool(_DATE_NAME.search(sign)) and not _NO_DATE.search(_signs(page, block)) and not _MODIFIED.search(text)


def _one_day(page: Page, blocks: Iterable[int]) -> Dated | None:
    days = {found[0].value for block in blocks if (found := find_dates(page.blocks.text[block]))}
    day = days.pop() if len(days) == 1 else None
    return Dated(day, "shown") if day else None


def _before_date(text: str) -> tuple[str, bool]:
    """Return what a line says before the first day it names, and whether a mark parts the two, as after a name."""
    found = find_dates(text) if _YEAR.search(text) else []
    if not found:
        return text, False
    if not found[0].start:
        return after_day(text, found[0].end), False
    said = text[: found[0].start]
    bare = said.rstrip(_MARKS)
    return bare, bool(bare) and any(mark in said[len(bare) :] for mark in _MARKS.strip())


def heading_of(page: Page, title: str | None) -> int | None:
    """Return the block that is the title; else the first h1."""
    elements, wanted, first = page.elements, _alike(title or ""), None
    for block, (text, element) in enumerate(zip(page.blocks.text, page.blocks.element, strict=True)):
        if elements.tag[element] == _H1 or elements.tag[elements.parent[element]] == _H1:
            if not wanted or _alike(text) == wanted:
                return block
            first = block if first is None else first
    if first is None and wanted:
        return next((b for b, t in enumerate(page.blocks.text) if len(t) < 300 and _alike(t) == wanted), None)
    return first


def _alike(text: str) -> str:
    return _LETTERS.sub(" ", text).strip().casefold()


def _around(page: Page, at: int) -> Iterator[int]:
    """Yield short blocks after the heading, up to where prose begins, then those before it, the nearest first."""
    texts, prose = page.blocks.text, 0
    for block in range(at + 1, min(at + 1 + _BELOW, len(texts))):
        prose += len(texts[block]) > _PROSE
        if prose > 1:  # the first may be a standfirst
            break
        if _counts(page, block):
            yield block
    yield from (b for b in range(at - 1, max(at - 1 - _ABOVE, -1), -1) if _counts(page, b))


def _counts(page: Page, block: int) -> bool:
    aside = page.elements.marks[page.blocks.element[block]] & _ASIDE
    return not aside and len(page.blocks.text[block]) <= _LONGEST


def _signs(page: Page, block: int) -> str:
    """Return the names of the block's element, of the two around it, and of what opens it."""
    elements, own = page.elements, page.blocks.element[block]
    up = elements.parent[own]
    return f"{page.blocks.inner[block]} {elements.sign[own]} {elements.sign[up]}"


def _dates(text: str, before: str) -> tuple[Dated | None, Dated | None]:
    """Return the dates of publication and of change in a line that is a date with a few words to it."""
    found = find_dates(text)
    rest = text
    for date in reversed(found):
        rest = rest[: date.start] + " " + rest[date.end :]
    if not 0 < len(found) <= 2 or len(_WORD.findall(rest)) > 12 or _NOT_THIS.search(rest) or _NOT_THIS.search(before):
        return None, None
    published = modified = None
    at = 0
    for date in found:
        label, at = text[at : date.start], date.end
        if date.value is None:
            continue
        if _MODIFIED.search(label) or (not _WORD.search(label) and _MODIFIED.search(before)):
            modified = modified or Dated(date.value, "shown")
        else:
            published = published or Dated(date.value, "shown")
    return published, modified
