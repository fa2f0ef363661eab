"""What the lines that left the text say: dates, authors, section, regions, themes, tags, media, and rights.

Pure functions over the ledger. What the page already says of itself (its markup) wins, except that lists are
joined. A date that can be read in two ways stays empty. Evidence reads `text:` and the rule that took the line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import re2

from cleaners.dates import find_dates
from cleaners.fragments import expand, plain
from cleaners.header import HOME, HOME_AND_TITLE
from schemas.edit import Edit, Step, kind_of
from schemas.page import Dated, Metadata, Right

RIGHTS = frozenset(
    ("copyright", "syndication", "licence_grant", "disclaimer", "fair_use", "permission_contact", "media_contact")
)
_SOURCES = frozenset(("header", "rights", "boilerplate"))
_MARKUP = re.compile(r"</?[a-zA-Z]{1,10}>|\*\*|__")
_BY = re.compile(
    r"(?:(?:written|posted|published|reported|words|text|story|analysis|opinion|commentary|report|edited|reviewed"
    r"|translated|submitted)(?: and [a-z]+)? )?by\b:? ?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[^\W\d_]{2,20} ?[:՝-] ?")
_ARTICLES_BY = re.compile(r".{0,60}?\bby:? ", re.IGNORECASE)
_REGION = re.compile(r"\bregions?: ?([^:]{1,300}?)(?= ?(?:themes?|topics?|subjects?|sections?):|$)", re.IGNORECASE)
_THEME = re.compile(r"\b(?:themes?|in-depth report): ?([^:]{1,300})$", re.IGNORECASE)
_NAMES_END = re.compile(r", | ?[|•·–—(]| - | in (?=[A-ZÀ-ÞА-ЯԱ-Ֆ])")
_BETWEEN_NAMES = re.compile(r",? (?:and|&|и|və|ve|և|եւ|und|et|y) |, ")
_BETWEEN_CRUMBS = re.compile(r" ?(?:[>›»/|→·•\\]|::| - ) ?")
_BETWEEN_TAGS = re.compile(r"[,;|•·]|\s(?=#)")
_TAGS_LABEL = re.compile(r"[^:#՝]{1,40}[:՝] ?|(?:tagged|filed) (?:as|with|under|in|to) ", re.IGNORECASE)
_MODIFIED = re.compile(
    r"updated|modified|edited|обновлен|yenilən|güncelle|թարմացվել|aktualisiert|mis à jour|actualizado", re.IGNORECASE
)
_NOBODY = frozenset(
    [
        "admin",
        "staff",
        "editor",
        "editors",
        "editorial",
        "newsroom",
        "author",
        "writer",
        "agency",
        "agencies",
        "desk",
        "team",
        "us",
        "me",
        "user",
        "guest",
    ]
)


def metadata(steps: Sequence[Step], base: Metadata) -> Metadata:
    """Return `base` with what the removed lines add: lists are joined, a value that `base` has stays."""
    found = base
    for edit in _removed(steps):
        found = _with(found, edit)
    return found


def rights(steps: Sequence[Step]) -> tuple[Right, ...]:
    """Return the rights statements that left the text, in the order they had in it."""
    said = ((kind_of(edit.rule), edit) for edit in _removed(steps))
    return tuple(Right(kind, edit.before.strip(), edit.rule) for kind, edit in said if kind in RIGHTS)


def _removed(steps: Iterable[Step]) -> Iterator[Edit]:
    for step in steps:
        if step.cleaner in _SOURCES:
            yield from (edit for edit in step.edits if not edit.after)


def _with(known: Metadata, edit: Edit) -> Metadata:
    """Return `known` with what one removed line adds."""
    line = " ".join(_MARKUP.sub("", edit.before).split())
    match kind_of(edit.rule):
        case "page_clock":
            dates = find_dates(line)
            return replace(known, page_date_rendered=known.page_date_rendered or (dates[0].value if dates else None))
        case "breadcrumb":
            return replace(known, section=known.section or _section(line, edit.rule, known.title))
        case "byline" | "region" | "theme":
            return _byline(known, line, edit.rule)
        case "dateline":
            return _dateline(known, line, edit.rule)
        case "author_box":
            named = line if ":" in line and edit.rule.endswith("/articles-by") else ""
            return replace(known, authors=_joined(known.authors, _names(_ARTICLES_BY.sub("", named, count=1))))
        case "media_url":
            return replace(known, media=_joined(known.media, (word for word in line.split() if "/" in word)))
        case "tags":
            return replace(known, tags=_joined(known.tags, _tags(line)))
        case _:
            return known


def _joined(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    """Return `known` and what of `more` it does not have yet, case aside."""
    first: dict[str, str] = {}
    for item in (*known, *more):
        first.setdefault(item.casefold(), item)
    return tuple(first.values())


def _section(line: str, rule: str, title: str | None) -> str | None:
    """Return the last crumb that is not the title; of a trail from home straight to the title, the home crumb."""
    home = HOME.match(line)
    if rule == HOME_AND_TITLE:
        return home.group().rstrip(" >›»/|→·•\\:-") if home else None
    trail = _LABEL.sub("", line, count=1) if rule.endswith("/section-line") else line
    crumbs = [crumb for crumb in (part.strip() for part in _BETWEEN_CRUMBS.split(trail)) if crumb]
    if len(crumbs) > 1 and (home or rule.endswith("/from-home")):
        crumbs = crumbs[1:]
    others = [crumb for crumb in crumbs if crumb.casefold() != (title or "").casefold()]
    return others[-1] if others else None


def _byline(known: Metadata, line: str, rule: str) -> Metadata:
    """Return `known` with authors, dates, regions and themes of a byline.

    The first date is when this page published; a second one, after the name of the source, when the source did.
    """
    dates = find_dates(line)
    regions, themes = _REGION.search(line), _THEME.search(line)
    stop = min([found.start for found in dates] + [m.start() for m in (regions, themes) if m] + [len(line)])
    authors, publisher = _authors(line[:stop], rule), known.publisher
    if len(dates) > 1:
        source = line[dates[0].end : dates[1].start].strip(" ,|-–—")
        if source and authors and authors[0].startswith(f"{source} "):
            # "By Desk Publisher, <date> Desk <date>": what the source's name leaves is who published it here
            publisher = publisher or authors[0].removeprefix(source).strip()
            authors = (source, *authors[1:])
    evidence = f"text:{rule}"
    values = [Dated(found.value, evidence) if found.value else None for found in (*dates, *dates)][: len(dates)]
    published = values[0] if values else None
    original = values[1] if len(values) > 1 else None
    if published and known.published and known.published.evidence.startswith("text:header:") and not original:
        original, published = published, None
    return replace(
        known,
        authors=_joined(known.authors, authors),
        publisher=publisher,
        published=known.published or published,
        original_published=known.original_published or original,
        regions=_joined(known.regions, _list(regions)),
        themes=_joined(known.themes, _list(themes)),
    )


def _authors(start: str, rule: str) -> tuple[str, ...]:
    """Return who a byline names; nobody for a line that begins with a source, not with "by" or a label."""
    by = _BY.match(start) or (_LABEL.match(start) if rule.endswith("/author-label") else None)
    return _names(start[by.end() :]) if by else ()


def _dateline(known: Metadata, line: str, rule: str) -> Metadata:
    """Return `known` with the dates of a dateline, told apart by the words before them."""
    published, modified, at = known.published, known.modified, 0
    for found in find_dates(line):
        words, at = line[at : found.start], found.end
        if found.value is None:
            continue
        if _MODIFIED.search(words):
            modified = modified or Dated(found.value, f"text:{rule}")
        else:
            published = published or Dated(found.value, f"text:{rule}")
    return replace(known, published=published, modified=modified)


def _names(words: str) -> tuple[str, ...]:
    """Return the names in `words`: up to a role, a place or a sign, without accounts that are nobody's name."""
    parts = _BETWEEN_NAMES.split(words.strip(" ,|-–—.:"))
    if not all(_is_name(part) for part in parts):
        parts = _BETWEEN_NAMES.split(_NAMES_END.split(words.strip(" ,|-–—.:"), maxsplit=1)[0])
    return tuple(part for part in map(str.strip, parts) if _is_name(part) and part.casefold() not in _NOBODY)


def _is_name(part: str) -> bool:
    return bool(_name_pattern().fullmatch(plain(part)))


def _name_pattern() -> "re2._Regexp":
    return re2.compile(expand("{name}"))


def _list(found: "re.Match[str] | None") -> tuple[str, ...]:
    """Return the items of a list of regions or themes, set off by commas."""
    return tuple(item for item in (part.strip() for part in found.group(1).split(",")) if item) if found else ()


def _tags(line: str) -> tuple[str, ...]:
    """Return the labels after "Tags:" or as hash tags; none for the heading alone."""
    label = _TAGS_LABEL.match(line)
    listed = line[label.end() :] if label else line if line.startswith("#") else ""
    return tuple(tag for tag in (part.strip(" #.") for part in _BETWEEN_TAGS.split(listed)) if tag)
