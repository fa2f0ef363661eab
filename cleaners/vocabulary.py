"""What a line's letters are, and whether it speaks a language that its page is known to speak: told without a model.

A page repeats itself. Once one paragraph's language is known, the function words of that language and the words met
in its paragraphs show most other paragraphs to be in it too.
"""

import re
from collections import deque
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from cleaners.alphabets import FUNCTION_WORDS, NEIGHBOURS, PROFILES
from cleaners.language_parts import SECOND_SCRIPT
from cleaners.scripts import (
    ASCII,
    FOREIGN_SHARE,
    MANY_LETTERS,
    MANY_WORDS,
    NOT_LETTERS,
    NOT_PLAIN,
    PLAIN_KINDS,
    PLAIN_LANGUAGES,
    PLAIN_SHARE,
    PLAIN_WORDS,
    SPOKEN_LEAST,
    SPOKEN_SHARE,
    completed,
    composed,
    read,
)

# Characters beyond ASCII that are letters of one script, or of none.
_NEUTRAL = (
    r"\x80-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u0300-\u036f\u2010-\u2070\u20a0-\u20bf\u2190-\u22ff\u2500-\u27bf"
)
_LATIN = re.compile(rf"[{_NEUTRAL}\x80-\u036f\u1e00-\u1eff]*")
_OTHERS = {
    script: re.compile(f"[{_NEUTRAL}{letters}]*")
    for script, letters in (
        ("Cyrillic", r"\u0400-\u052f"),
        ("Arabic", r"\u0600-\u06ff\u200b-\u200f"),
        ("Armenian", r"\u0531-\u058f"),
        ("Georgian", r"\u10a0-\u10ff\u1c90-\u1cbf"),
        ("Greek", r"\u0370-\u03ff\u1f00-\u1fff"),
    )
}
# Characters that are composed whatever stands beside them, of those that Latin texts have most.
_COMPOSED = re.compile(
    r"[\n\xa1-\xa7\xa9\xab-\xae\xb0\xb1\xb6\xb7\xbb\xbf-\u0131\u0134-\u013e\u0141-\u0148\u2012-\u2016\u2018-\u2022]*"
)
_LINE_END = b"\n"
_LATIN_LINES = re.compile(rf"[\n{_NEUTRAL}\x80-\u036f\u1e00-\u1eff]*")
_ASCII_BUT_LINE_ENDS, _NOT_PLAIN_BUT_LINE_ENDS = ASCII.replace(_LINE_END, b""), NOT_PLAIN.replace(_LINE_END, b"")
_CASELESS = frozenset({"Arabic", "Georgian", "Other"})
# Share of function words, those that neighbours share among them, from which a line is in a language of its page.
_WIDE_SHARE = 0.25
# Words met on the page count from so many letters on: shorter ones are shared by many languages. Measured on pages in
# 20 languages: of 1,100 paragraphs of which this share of the words, or more, had been met in a language, no model took
# one for another language. Of paragraphs of other languages, 3 in 1,000 reach it: Danish on a Norwegian page.
_LONG = 4
_MET_SHARE = 0.15


class Line(NamedTuple):
    """A line as it is judged: its text made legible, its script, and how many letters of the script and in all it has.

    `foreign` are its characters beyond ASCII.
    """

    text: str
    script: str
    own: int
    letters: int
    foreign: str


def measured(piece: str) -> Line | None:
    """Return a line with its letters counted; None where it holds more than one script, or one not known here.

    >>> measured("Xəbər lenti")[1:]
    ('Latin', 10, 10, 'əə')
    """
    text = composed(piece)
    data = text.encode()
    plain, foreign = len(data.translate(None, NOT_PLAIN)), data.translate(None, ASCII).decode()
    if _LATIN.fullmatch(foreign):
        return _latin(text, plain, foreign)
    text = completed(text)
    data = text.encode()
    foreign = data.translate(None, ASCII).decode()
    plain = len(data.translate(None, NOT_PLAIN))
    script = next((script for script, only in _OTHERS.items() if only.fullmatch(foreign)), None)
    own = len(NOT_LETTERS.sub("", foreign))
    known = script is not None and plain < (plain + own) * SECOND_SCRIPT
    return Line(text, script, own, plain + own, foreign) if script and known else None


def _latin(text: str, plain: int, foreign: str) -> Line:
    own = plain + len(NOT_LETTERS.sub("", foreign)) if foreign else plain
    return Line(text, "Latin" if own else "", own, own, foreign)


def measured_all(pieces: Sequence[str]) -> list[Line | None]:
    """Return what `measured` gives of each of some lines, which takes less time together; a line has no line end in it.

    >>> measured_all(["Xəbər lenti", "", "Շուշի (Shusha)"]) == [*map(measured, ["Xəbər lenti", "", "Շուշի (Shusha)"])]
    True
    """
    try:
        data = "\n".join(pieces).encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return [*map(measured, pieces)]
    if not pieces:
        return []
    texts, foreign = pieces, data.translate(None, _ASCII_BUT_LINE_ENDS).decode()
    if not _COMPOSED.fullmatch(foreign) or b"@" in data or b"://" in data or b"www." in data:
        parts = foreign.split("\n")
        texts = [composed(text, is_normal=_COMPOSED.fullmatch(part)) for text, part in zip(pieces, parts, strict=True)]
        data = "\n".join(texts).encode()
        foreign = data.translate(None, _ASCII_BUT_LINE_ENDS).decode()
    plain = map(len, data.translate(None, _NOT_PLAIN_BUT_LINE_ENDS).split(b"\n"))
    counted = zip(texts, plain, foreign.split("\n"), strict=True)
    if _LATIN_LINES.fullmatch(foreign):
        return [_latin(*line) for line in counted]
    lines = zip(pieces, counted, strict=True)
    return [_latin(*line) if _LATIN.fullmatch(line[2]) else measured(piece) for piece, line in lines]


def plainly(line: Line) -> str | None:
    """Return what `scripts.Writing.plainly` gives of a line in Latin letters.

    >>> plainly(measured("The ceasefire was signed by the leaders of the three countries, and it held for an hour."))
    'en'
    """
    words = line.text.lower().split()
    if len(words) < PLAIN_WORDS or 2 * len(line.foreign) > line.own:
        return read(line.text).plainly()
    for language in PLAIN_LANGUAGES:
        function = PROFILES[language].words
        met = [word for word in words if word in function]
        if len(met) / len(words) >= PLAIN_SHARE and len(set(met)) >= PLAIN_KINDS:
            return language
    return None


class Vocabulary:
    """What a page shows of one language in one script."""

    __slots__ = ("_common", "_function", "_met", "_neighbours", "_profile", "_unread", "script")

    def __init__(self, language: str, script: str) -> None:
        profile = PROFILES.get(language)
        self._profile = profile if profile and profile.script == script else None
        self.script = script
        self._function = FUNCTION_WORDS.get(language, frozenset())
        self._common = tuple(f" {word} " for word in self._profile.common) if self._profile else ()
        self._neighbours = tuple(FUNCTION_WORDS[other] for other in NEIGHBOURS.get(language, ()))
        self._met: set[str] = set()
        self._unread: deque[str] = deque()

    def learn(self, text: str) -> None:
        """Remember the words of a text that is in the language."""
        self._unread.append(text)

    def covers(self, line: Line) -> bool:
        """Tell whether the line is in the language, by its words, with nothing in its letters that rules this out."""
        if line.script != self.script:
            return False
        text = line.text
        # where the commonest words alone are as many as are needed, words need not be parted to see it
        needed, found = SPOKEN_SHARE * (text.count(" ") + 1), 0
        for word in self._common:
            found += text.count(word)
            if found >= needed:
                return self._fits(line, None)
        words = text.lower().split()
        return (self._speaks(words) or self._has_met(text.split())) and self._fits(line, words)

    def _speaks(self, words: list[str]) -> bool:
        spoken = sum(map(self._function.__contains__, words))
        if spoken >= _WIDE_SHARE * len(words):
            return all(sum(map(other.__contains__, words)) < spoken for other in self._neighbours)
        if self._profile is None or spoken < SPOKEN_SHARE * len(words):
            return False
        return sum(map(self._profile.words.__contains__, words)) >= SPOKEN_SHARE * len(words)

    def _has_met(self, words: list[str]) -> bool:
        # names have capitals, and stand in all languages
        least = _MET_SHARE * len(words)
        telling = [word for word in words if len(word) >= _LONG and (word.islower() or self.script in _CASELESS)]
        if len(telling) < least:
            return False
        # what was learnt is parted into words no further than it takes to meet enough of them
        while sum(map(self._met.__contains__, telling)) < least:
            if not self._unread:
                return False
            self._met.update(self._unread.popleft().split())
        return True

    def _fits(self, line: Line, words: list[str] | None) -> bool:
        """Tell what `scripts.Writing.fits` tells, of a line; of one without words, that has function words enough."""
        is_odd = line.script == "Latin" and 2 * len(line.foreign) > line.own
        if is_odd and 2 * len(NOT_LETTERS.sub("", line.foreign)) > line.own:
            return False
        profile = self._profile
        if profile is None:
            return True
        if profile.letters and _strange(line, profile.letters) > max(1, line.own * FOREIGN_SHARE):
            return False
        if profile.own and line.own >= MANY_LETTERS and profile.own.isdisjoint(line.foreign.lower()):
            return False
        if words is None or profile.terse or not profile.words or len(words) < MANY_WORDS:
            return True
        return sum(map(profile.words.__contains__, words)) >= SPOKEN_LEAST * len(words)


def _strange(line: Line, alphabet: frozenset[str]) -> int:
    """Count the letters of the line's script that are not in the alphabet."""
    plain, beyond = _alphabet(alphabet)
    strange = len(NOT_LETTERS.sub("", beyond.sub("", line.foreign.lower())))
    if line.script == "Latin":
        strange += len(line.text.lower().encode().translate(None, plain))
    return strange


@cache
def _alphabet(letters: frozenset[str]) -> tuple[bytes, "re.Pattern[str]"]:
    """Return the bytes that are no strange plain letters, and a pattern of the letters beyond ASCII."""
    plain = NOT_PLAIN + "".join(letter for letter in letters if letter.isascii()).encode()
    return plain, re.compile(f"[{''.join(sorted(letter for letter in letters if not letter.isascii()))}]+")
