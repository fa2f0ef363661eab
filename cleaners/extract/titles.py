"""The title of a page: what it states, without the name of its site, or its heading."""

import re
from collections.abc import Sequence

_SITE_TAIL = re.compile(r"\s+[-–—|·•»«:/]+\s+|\s*[|»]\s*|\s+::\s+")
_LETTERS = re.compile(r"[\W_]+")
HEADLINE = "json-ld:headline"
"""Place of a news article's headline."""
_SHORT_TAIL = 5
"""Words that a site's name has at most."""


def choose_title(
    stated: Sequence[tuple[str, str]], headings: Sequence[str], names: Sequence[str], host: str
) -> tuple[str, str] | None:
    """Return the page's title with where it was found; None where neither the head nor a heading has one.

    `stated` holds (title, place), the best first; `headings` the text of each h1; `names` what the site is called;
    `host` the letters and digits of its host. A news article's headline in JSON-LD is its own; other titles are often
    made for shares and searches, and a heading that says the same wins.
    """
    for title, _ in stated:
        bare = _alike(title)
        for heading in headings:
            own = _alike(heading)
            # the heading, where the title is that and something of the site's
            if own and bare.startswith(own) and (bare == own or _SITE_TAIL.match(title[len(heading) :])):
                return heading, "h1"
    if len(headings) == 1 and stated and stated[0][1] != HEADLINE and _shares_words(headings[0], stated[0][0]):
        return headings[0], "h1"
    for title, place in stated:
        return _without_site(title, names, host), place
    return (headings[0], "h1") if headings else None


def _alike(text: str) -> str:
    return _LETTERS.sub(" ", text).strip().casefold()


def _shares_words(heading: str, title: str) -> bool:
    """Return whether a heading is the title in other words: half of the shorter one's words are in the other."""
    one, two = set(_alike(heading).split()), set(_alike(title).split())
    return len(one) > 1 and 2 * len(one & two) >= min(len(one), len(two)) > 0


def _without_site(title: str, names: Sequence[str], host: str) -> str:
    """Return a title without the site's name at its end or its beginning, as often as it is there."""
    known = {_alike(name) for name in names}
    for _ in range(3):
        parts = list(_SITE_TAIL.finditer(title))
        if not parts:
            break
        head, tail = title[: parts[-1].start()], title[parts[-1].end() :]
        if _is_site(tail, known, host) or ("|" in parts[-1][0] and len(tail.split()) <= _SHORT_TAIL and len(head) > 3):
            title = head
        elif _is_site(title[: parts[0].start()], known, host):
            title = title[parts[0].end() :]
        else:
            break
    return title.strip()


def _is_site(part: str, known: set[str], host: str) -> bool:
    name = _alike(part)
    squeezed = name.replace(" ", "")
    return name in known or (len(squeezed) > 3 and squeezed in host)
