"""Short lines with the punctuation of a text: sentences, verses, items that end in a comma, "what: how much".

What a site puts round an article is words without: names of sections, headlines, buttons. A line that reads like one of
these, but stands among lines with punctuation, is a verse, a turn of a conversation, an item of instructions.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

Found = TypeVar("Found")

LONGEST = 80
"""Characters from which on a line is not short."""
_ENDS = (".", "!", "?", "…", ":", ";", ",", "։", "՝", "،", "؛", "؟", "。", "！", "？")
_BULLETS = " *•·–—-+○▪"
_CLOSING = "\"”“»’')]*_"
# Linear, as all of these: a label and what it says; a number for something, not a year; a day, or an hour.
_LABEL = re.compile(r"(?:\d{1,2}\.? )?[^\W\d_][^:\n]{0,40}: ?\S|\d{1,4}\.?: \S")
_NUMBER = re.compile(r"[^\W\d_][^\d\n]{0,40}(?!(?:19|20)\d\d$)\d[\d.,]* ?%?$")
_DAY = re.compile(r"\d{1,2}\.? [^\W\d_]{3,12}$|\d{1,2}[:.]\d\d$")
# So many lines above and below are looked at, and so many of all these have punctuation, the nearest two among them.
_NEAR, _MOST = 3, 4


def is_punctuated(line: str) -> bool:
    """Tell whether a short line, stripped, has the punctuation of a text.

    >>> [is_punctuated(line) for line in ("No bread.", "• Tanks: 40", "October 1,102", "2 April", "Related articles")]
    [True, True, True, True, False]
    """
    if len(line) >= LONGEST:
        return False
    line = line.lstrip(_BULLETS)
    return line.rstrip(_CLOSING).endswith(_ENDS) or any(kind.match(line) for kind in (_LABEL, _NUMBER, _DAY))


def apart(found: Mapping[int, Found], others: Collection[int], lines: Sequence[str]) -> dict[int, Found]:
    """Return what was found in lines, by number, without lines among those that have punctuation.

    Lines called `others` count for nothing there, however they are punctuated, nor do blank ones.
    """
    return {number: what for number, what in found.items() if not _is_among(number, others, lines)}


def _is_among(number: int, others: Collection[int], lines: Sequence[str]) -> bool:
    if len(lines[number]) >= LONGEST:
        return False
    near = [_near(range(*way), others, lines) for way in ((number - 1, -1, -1), (number + 1, len(lines)))]
    return all(side and side[0] for side in near) and sum(map(sum, near)) >= _MOST


def _near(way: range, others: Collection[int], lines: Sequence[str]) -> list[bool]:
    """Return, for the nearest lines that way that have a word, whether they are punctuated and not among the others."""
    found: list[bool] = []
    for place in way:
        if any(map(str.isalnum, lines[place])):
            found.append(place not in others and is_punctuated(lines[place]))
            if len(found) == _NEAR:
                break
    return found
