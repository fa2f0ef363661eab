"""How what a pattern matches begins, as sets of strings: signs before the first word left out, few characters of each.

A beginning that ends with OPEN may go on in any way; one that does not, and is shorter than REACH, is all there is.
"""

from collections.abc import Set as AbstractSet

Strings = frozenset[str]

REACH = 7
"""Characters of a beginning that are told."""
SKIPPED = " \t\n\r\f\v-–—*•·▪●►▶→➤➡👉📌🔔✅#>|~=_■◆◊✦✧⁂※°﹡∗+:([.!…»›\u2060\ufeff\u200b\u200c\u200d\u200e\u200f"
"""Signs that are no part of a beginning: all that may stand round the words of a line are among them."""
OPEN = "\0"
EMPTY = frozenset({""})
ANY = frozenset({OPEN})

_MOST = 300
"""Beginnings beyond which they are told by fewer characters."""
_RUN = "\1"
"""Stands for any number of skipped signs."""
_ASIDE = SKIPPED + _RUN


def of(string: str) -> Strings:
    """Return the beginning of one string."""
    return frozenset((_cut(string),))


def joined(starts: Strings, following: Strings) -> Strings:
    """Return the beginnings of what begins as `starts` do, with what comes after those that are whole."""
    if starts == EMPTY:
        return following
    found = set(filter(is_told, starts))
    whole = starts - found
    if len(whole) * len(following) > _MOST:
        following = frozenset([then[:1] + (OPEN if then[1:] else "") for then in following])
    if len(whole) * len(following) > _MOST:
        following = ANY
    found.update([_cut(start + then) for start in whole for then in following])
    return fewer(found)


def is_told(start: str) -> bool:
    """Tell whether nothing that comes after makes a beginning another."""
    return start.endswith(OPEN) or len(start.lstrip(_ASIDE)) >= REACH


def fewer(starts: AbstractSet[str]) -> Strings:
    """Return beginnings that tell less where there are too many."""
    reach = REACH + 1
    while len(starts) > _MOST:
        reach -= 1
        pairs = [(start, start.lstrip(_ASIDE)) for start in starts]
        starts = {
            (_RUN if len(told) < len(start) else "") + (told if len(told) <= reach else told[:reach] + OPEN)
            for start, told in pairs
        }
    return frozenset(starts)


def repeated(starts: Strings) -> Strings:
    """Return the beginnings of what stands once or more."""
    if not any(start.lstrip(_ASIDE) for start in starts):
        return frozenset((_RUN,))
    return frozenset(start if start.endswith(OPEN) else start + OPEN for start in starts)


def bare(starts: Strings) -> Strings:
    """Return beginnings without the signs before the first word."""
    return frozenset(start.lstrip(_ASIDE) for start in starts)


def _cut(start: str) -> str:
    """Return a beginning as far as it is told: to the first run of signs inside it, and no farther than REACH."""
    told = start.lstrip(_ASIDE)
    aside = start[: len(start) - len(told)]
    if _RUN in told:
        told = told[: told.index(_RUN)] + OPEN
    return aside + (told if len(told.rstrip(OPEN)) <= REACH else told[:REACH])
