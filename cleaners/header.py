"""What stands above the article: the page's clock, breadcrumbs, bylines, datelines, the title said twice.

The rules are `rules/header.toml`. Three things need the page around a line, and are decided here: a breadcrumb
without separators ("Home" and then the title), a title that is repeated, and whether a line that reads like
a byline or a date can be one where it stands.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cleaners.matching import Engine, Scan, engine
from cleaners.rulesets import HEADER, newest_version
from schemas.cleaner import Cleaner
from schemas.edit import Edit, kind_of
from schemas.page import Document

RULESETS = HEADER
HOME_AND_TITLE = "header:breadcrumb/home-and-title"
REPEATED_TITLE = "header:repeated_title/same-words"
HOME = re.compile(
    r"(?:Home|Главная|Ana səhifə|Baş səhifə|Ana ?sayfa|Գլխավոր|Startseite|Accueil|Inicio)\W{1,3}", re.IGNORECASE
)
_DATE_LINE = "header:dateline/date-line"
_SHORTEST_TITLE = 15
_UNDER_A_TITLE = frozenset(("byline", "region", "theme", "dateline"))


def propose(document: Document) -> Iterable[Edit]:
    """Propose to take what stands above the article."""
    matcher = engine(document.language)
    scan = matcher.scan(document.text, RULESETS)
    scan = replace(scan, hits=dict(_likely(scan, matcher, document)))
    return matcher.propose(scan, _home_and_title(scan, document) | _repeated_titles(scan, document))


def _head(scan: Scan) -> Iterator[tuple[int, str]]:
    """Yield number and words of each line above the first prose that is not blank."""
    for number, line in enumerate(scan.lines[: scan.first_prose]):
        if line.text:
            yield number, line.text


def _folded(line: str) -> str:
    return " ".join(line.casefold().split())


def _home_and_title(scan: Scan, document: Document) -> dict[int, str]:
    """Return the lines that say "Home" and then what the title, or another line of the head, says."""
    titles = {_folded(text) for _, text in _head(scan)} | {_folded(document.title or "")}
    trails = ((number, text, HOME.match(text)) for number, text in _head(scan))
    return {
        number: HOME_AND_TITLE
        for number, text, home in trails
        if home and len(text) > home.end() and _folded(text[home.end() :]) in titles
    }


def _repeated_titles(scan: Scan, document: Document) -> dict[int, str]:
    """Return the lines of the head that say the title again; in text that came as text, the first one stays."""
    lines = [(number, _folded(text)) for number, text in _head(scan) if number not in scan.hits]
    title = _folded(document.title or "") if document.is_html else next((text for _, text in lines), "")
    if len(title) < _SHORTEST_TITLE:
        return {}
    said = [number for number, text in lines if text == title]
    return dict.fromkeys(said if document.is_html else said[1:], REPEATED_TITLE)


def _likely(scan: Scan, matcher: Engine, document: Document) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the number of each line that rules match, and of these rules those that the page round it does not refute.

    In a text that carries its title, neither the title nor what is above it is a byline ("By Sea and Air" is the
    title). Where dates stand alone below the first prose too, they head the paragraphs of a chronicle.
    """
    if not scan.hits:
        return
    under, dates = _placed(matcher.labels)
    dated = any(dates.intersection(hits) for hits in scan.hits.values())
    chronicle = dated and matcher.heads_below(scan, dates)
    title = _folded(document.title or "")
    titled = document.is_html or (bool(title) and all(_folded(text) != title for _, text in _head(scan)))
    for number, line in enumerate(scan.lines):
        hits = scan.hits.get(number, ())
        if hits and not (chronicle and dates.intersection(hits)):
            likely = hits if titled else tuple(rule for rule in hits if rule not in under)
            if likely:
                yield number, likely
        titled = titled or (bool(line.text) and under.issuperset(hits))


@functools.lru_cache(maxsize=16)
def _placed(labels: tuple[str, ...]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the numbers of the rules for lines that stand under a title, and of those for lines that are dates."""
    under = frozenset(rule for rule, label in enumerate(labels) if kind_of(label) in _UNDER_A_TITLE)
    return under, frozenset(rule for rule, label in enumerate(labels) if label == _DATE_LINE)


CLEANER = Cleaner("header", newest_version(RULESETS), propose)
