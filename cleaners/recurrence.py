"""Counting what the pages of one site share: the evidence that a site memory is made of.

What is counted is lines as a page had them before any rule took one. Chosen to err towards keeping (measured in
`benchmarks/README.md`): a site needs ten pages, a line five of them and three in ten. Whether a line stands in the
article is told by the page's own paragraphs, those that few other pages have; and menus, unlike headings and speakers,
stand together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from cleaners.matching import is_prose
from schemas.memory import SiteLine

VERSION = "2026.11.1"
"""Raised whenever the same pages would give other lines."""

FEWEST_DOCUMENTS = 10
FEWEST_COUNT = 5
SMALLEST_SHARE = 0.3
_OUTSIDE = 0.9
_MOST_TIMES = 2
_LABEL_ENDS = (":", "—", "–", "-")
# What an editor says of the article is part of its record.
_CORRECTION = re.compile(
    r"(?:corrections?|clarification|editor.?s.? note|updated?|an earlier version"
    r"|th(?:is|e) (?:story|article|post|report) (?:has been|was) (?:updated|corrected)"
    r"|исправлен|уточнение|обновлено|примечание редакц|düzəliş|düzeltme"
    r"|ճշտում)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def site_of(url: str | None) -> str | None:
    """Return the site that a page belongs to: the host of its URL without `www.`; None where there is none.

    >>> site_of("https://www.Example.org:8080/news")
    'example.org'
    """
    try:
        parts = urlsplit(url or "")
        host = parts.hostname if parts.scheme.lower() in {"http", "https"} else None
    except ValueError:
        return None
    if not host:
        return None
    try:
        spoken = host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        spoken = host
    return spoken.rstrip(".").removeprefix("www.") or None


def normal(line: str) -> str:
    """Return a line as it is counted and looked up: white space as single spaces; "" where it has no letter.

    Digits and case count: "Day 3" and "Day 4" are two lines.
    """
    return " ".join(line.split()) if _LETTER.search(line) else ""


class SiteCount:
    """The pages of one site as they are met; their order makes no difference."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._known: dict[str, int] = {}
        self._pages: list[tuple[int, ...]] = []

    def add(self, text: str) -> None:
        """Take a page in."""
        lines = filter(None, map(normal, text.split("\n")))
        self._pages.append(tuple(self._known.setdefault(line, len(self._known)) for line in lines))

    def shared(self) -> Iterable[SiteLine]:
        """Yield the lines that enough pages share."""
        documents = len(self._pages)
        if documents < FEWEST_DOCUMENTS:
            return
        least = max(FEWEST_COUNT, SMALLEST_SHARE * documents)
        counts = Counter(number for page in self._pages for number in set(page))
        lines = list(self._known)
        prose = [is_prose(line) for line in lines]
        own = {number for number, count in counts.items() if prose[number] and count < least}
        many = {number for number, count in counts.items() if count >= least}
        outside, often = Counter[int](), Counter[int]()
        for page in self._pages:
            outside.update(_outside(page, own, many))
            often.update(number for number, times in Counter(page).items() if times > _MOST_TIMES)
        for number in many:
            line, count, away = lines[number], counts[number], outside[number]
            may = away >= _OUTSIDE * count and 2 * often[number] < count and not _of_the_article(line)
            if may or prose[number]:
                yield SiteLine(self._site, line, count, documents, away, taken=may and not prose[number])


def _outside(page: Sequence[int], own: set[int], many: set[int]) -> set[int]:
    """Return the shared lines that stand only above the first or below the last own paragraph, and in company.

    None where the page has no own paragraph.
    """
    places = [place for place, number in enumerate(page) if number in own]
    if not places:
        return set()
    shared = [number if number in many else None for number in page]
    away = {
        number
        for place, number in enumerate(shared)
        if number is not None and not places[0] < place < places[-1] and in_company(shared, place)
    }
    return away - set(page[places[0] : places[-1] + 1])


def in_company(shared: Sequence[object], number: int) -> bool:
    """Tell whether the line above or below one is shared too, or the text ends there; `shared` has None for the others.

    What is shared and stands alone among a page's own lines is a heading or a speaker.

    >>> [in_company([None, "Host", None, "Share", "Print", None], n) for n in (1, 3, 4)]
    [False, True, True]
    """
    around = [place for place in (number - 1, number + 1) if 0 <= place < len(shared)]
    return len(around) < 2 or any(shared[place] is not None for place in around)


def _of_the_article(line: str) -> bool:
    """Tell whether a line may be of the articles wherever it stands: a label, a speaker, a correction."""
    return line.endswith(_LABEL_ENDS) or _CORRECTION.match(line) is not None
