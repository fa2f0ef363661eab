"""Who began a thread, as the software of forums shows it: the name of an account, for people have no other there."""

import re
from collections.abc import Iterator

from cleaners.dates import find_dates
from cleaners.extract.blocks import Page
from schemas.page import Dated

_SAYS = re.compile(
    r"(?:thread starter|discussion starter) (?P<a>\S[^\n]{0,40})$|.{0,60}\bstarted by (?P<b>[^,\n]{2,40}),"
    r"|(?:post )?by (?P<c>\S[^\n»]{0,40}) »|by (?P<d>[^\s,\n][^,\n]{0,40}),?\n[^\n]{4,40} in "
    r"|submitted [^\n]{3,30} ago by (?P<e>\S{2,40})",
    re.IGNORECASE,
)
"""How XenForo, Simple Machines, phpBB, Invision and Reddit name the thread's first writer."""
_NAMED = frozenset(
    (
        *("username", "bigusername", "poster", "postprofile", "cauthorpane_author", "ipsusername"),
        *("messagecard__user-info__name", "post_author", "author-name"),
    )
)
_ROLE = re.compile(r"(?i)\s+(?:discussion starter|thread starter|op|(?:site )?admin(?:istrator)?|moderator|member)s?$")
_NOT_POSTED = re.compile(
    r"(?i)joined|join date|regist|member since|founded|reg\.|last |latest|until|due|updated|edited|modified"
)
"""Words before the day of an account, of an event or of a change."""
_ABOVE, _MOST_WORDS, _LONGEST, _LONGEST_DATED = 6, 3, 40, 120


def thread_starter(page: Page, heading: int | None) -> str | None:
    """Return the account that began the thread of a forum's page, by what the page says or marks; None for none.

    `heading` is the block that is the page's title. What is said counts first, wherever it stands; a mark counts on
    the first block below the title, or right above it.
    """
    for text in page.blocks.text:
        if len(text) < 200 and (said := _SAYS.match(text)):
            return next(name for name in said.groups() if name).strip()
    first = max((heading or 0) - _ABOVE, 0)
    for block in range(first, len(page.blocks.text)):
        name = _ROLE.sub("", page.blocks.text[block].split("\n", 1)[0]).strip(" :")
        if len(name) <= _LONGEST and len(name.split()) <= _MOST_WORDS and not _NAMED.isdisjoint(_signs(page, block)):
            return name or None
    return None


def first_post(page: Page, heading: int | None) -> Dated | None:
    """Return the date of a thread's first post: the first day that stands below the title, and is not an account's."""
    for text in page.blocks.text[heading or 0 :]:
        found = find_dates(text)[:1] if len(text) <= _LONGEST_DATED else []
        if found and not _NOT_POSTED.search(text[: found[0].start]):
            return Dated(found[0].value, "shown") if found[0].value else None
    return None


def _signs(page: Page, block: int) -> Iterator[str]:
    element = page.blocks.element[block]
    for sign in (
        page.blocks.inner[block],
        page.elements.sign[element],
        page.elements.sign[page.elements.parent[element]],
    ):
        yield from sign.lower().split()
