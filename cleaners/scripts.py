"""Scripts, alphabets and function words: what a text's letters say of its language before any model is asked."""

import functools
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import re2

from cleaners.alphabets import PROFILES, Profile

# First code point of each stretch of the Unicode charts, and the script of its letters. Scripts that no decision
# here depends on are one: "Other".
_CHARTS = """
0000 Latin 0370 Greek 0400 Cyrillic 0530 Armenian 0590 Hebrew 0600 Arabic 0700 Other 0750 Arabic 0780 Other
0860 Arabic 0900 Other 10A0 Georgian 1100 Other 1C80 Cyrillic 1C90 Georgian 1CC0 Other 1D00 Latin 1D2B Cyrillic
1D2C Latin 1F00 Greek 2000 Latin 2C00 Other 2C60 Latin 2C80 Other 2D00 Georgian 2D30 Other 2DE0 Cyrillic 2E00 Other
A640 Cyrillic A6A0 Other A720 Latin A800 Other AB30 Latin AB70 Other FB00 Latin FB13 Armenian FB1D Hebrew
FB50 Arabic FE00 Other FE70 Arabic FF00 Latin FF66 Other
"""
_STARTS = tuple(int(start, 16) for start in _CHARTS.split()[::2])
_SCRIPTS = tuple(_CHARTS.split()[1::2])
_PLAIN = "abcdefghijklmnopqrstuvwxyz"
NOT_PLAIN = bytes(code for code in range(256) if code >= 128 or chr(code).lower() not in _PLAIN)
ASCII = bytes(range(128))
# Where keyboards lack letters: Cyrillic, and Arabic.
_PATCHED = re.compile("[\u0400-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")

# Latin letters, combining marks and general punctuation: nothing here is a letter of another script.
LATIN_ONLY = re.compile("[\x80-\u036f\u1e00-\u1eff\u2010-\u2070]*")
NOT_LETTERS = re.compile(r"[\W\d_²³¹¼½¾⁰]+")
_ADDRESS = re2.compile(r"(?i)https?://\S+|www\.\S+|\S+@\S+\.\S+|@[\pL\pN_]+")
# The palochka of Caucasian alphabets as people type it, and letters of theirs that are two of Russian's which
# Russian never joins.
_CAUCASIAN = re2.compile(r"(?i)(\p{Cyrillic})[I1]|([аоуэяюеикгх])ь")
# Persian typed with Arabic's yeh and kaf, as many older pages are.
_PERSIAN_LETTERS = frozenset("پچژگ")
_PERSIAN_KEYBOARD = str.maketrans("يك", "یک")

# Scripts that one language of today's press is written in.
ONE_LANGUAGE: Mapping[str, str] = MappingProxyType({"Armenian": "hy", "Georgian": "ka", "Greek": "el"})

# A text may hold this share of letters foreign to its language: names, quoted words, slips of the keyboard.
FOREIGN_SHARE = 0.025
# From so many letters or words on, a language's own letters and commonest words cannot all be missing.
MANY_LETTERS = 40
MANY_WORDS = 25
# Share of function words from which a paragraph counts as written in a language. Of the paragraphs of English,
# German, French, Spanish, Persian and Russian news that this was measured on, nine in ten have more.
SPOKEN_SHARE = 0.1
SPOKEN_LEAST = 0.025
# Words from which, kinds of function words from which, and their share from which English needs no model. No other
# language that a model would be asked about has "the" and "of" and "was" among its commonest words.
PLAIN_LANGUAGES = ("en", "de")
PLAIN_WORDS = 12
PLAIN_KINDS = 4
PLAIN_SHARE = 0.2
# Ukrainian has twice this share of the letters that Russian lacks.
_UKRAINIAN_SHARE = 0.04

# Azerbaijani in Arabic letters: words and the endings it sets off by a zero-width non-joiner, none of them Persian.
_SOUTHERN_WORDS = "بیر ایله اولان اولاراق اوچون کیمی سونرا داها چوخ ایدی ائدیر ائدیب دیر نین لر لار لری"
_SOUTHERN = frozenset(_SOUTHERN_WORDS.split())


@dataclass(frozen=True, slots=True)
class Writing:
    """The words of a text in its main script: as they stand, and counted in lower case.

    `length` is the number of words, `total` that of letters.
    """

    script: str
    text: str
    words: Mapping[str, int]
    length: int
    total: int

    @property
    def letters(self) -> Mapping[str, int]:
        """The letters of the script, counted in lower case."""
        return _letters(self.text.lower(), self.script)

    def fits(self, language: str) -> bool:
        """Tell whether nothing in the letters and words rules the language out.

        >>> read("Київ є столицею України").fits("ru")
        False
        """
        if self.script == "Latin" and not self.text.isascii() and self._plain_letters() * 2 < self.total:
            return False  # No language has more marked letters than plain ones: the page was decoded wrongly.
        profile = PROFILES.get(language)
        if profile is None:
            return True
        if profile.script != self.script or self.foreign(profile) > max(1, self.total * FOREIGN_SHARE):
            return False
        if profile.own and self.total >= MANY_LETTERS and not profile.own & self.letters.keys():
            return False
        may_be_silent = profile.terse or not profile.words or self.length < MANY_WORDS
        return may_be_silent or self.spoken(profile) >= SPOKEN_LEAST

    def _plain_letters(self) -> int:
        return len(self.text.lower().encode("ascii", "ignore").translate(None, NOT_PLAIN))

    def foreign(self, profile: Profile) -> int:
        """Count the letters that are not in the alphabet of the profile."""
        if not profile.letters:
            return 0
        return sum(count for letter, count in self.letters.items() if letter not in profile.letters)

    def spoken(self, profile: Profile) -> float:
        """Give the share of words that are function words of the profile."""
        words = self.words
        return sum([words[word] for word in profile.words & words.keys()]) / max(1, self.length)

    def speaks(self, language: str) -> bool:
        """Tell whether the function words alone show the language.

        >>> read("The ceasefire was signed by the leaders of the three countries.").speaks("en")
        True
        """
        profile = PROFILES.get(language)
        return profile is not None and self.spoken(profile) >= SPOKEN_SHARE and self.fits(language)

    def plainly(self) -> str | None:
        """Give the language that function words alone show beyond doubt: many of them, and hardly any of another's.

        >>> read("The ceasefire was signed by the leaders of the three countries, and it held for an hour.").plainly()
        'en'
        """
        if self.script != "Latin" or self.length < PLAIN_WORDS:
            return None
        for language in PLAIN_LANGUAGES:
            profile = PROFILES[language]
            if (
                len(profile.words & self.words.keys()) >= PLAIN_KINDS
                and self.spoken(profile) >= PLAIN_SHARE
                and self.fits(language)
            ):
                return language
        return None

    def most_spoken(self) -> str | None:
        """Give the language with the greatest share of function words, if that is enough and more than any other's."""
        spoken = [(self.spoken(each), name) for name, each in PROFILES.items() if each.script == self.script]
        share, language = max(spoken, default=(0.0, ""))
        return language if share >= SPOKEN_SHARE and sum(other == share for other, _ in spoken) == 1 else None


@functools.lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """Give the script of one letter.

    >>> script_of("ə"), script_of("Շ"), script_of("中")
    ('Latin', 'Armenian', 'Other')
    """
    return _SCRIPTS[bisect_right(_STARTS, ord(letter)) - 1]


def is_written_in(language: str, script: str) -> bool:
    """Tell whether a language is known to be written in a script."""
    profile = PROFILES.get(language)
    return ONE_LANGUAGE.get(script) == language or (profile is not None and profile.script == script)


# A text is counted to find its scripts, and once more to be read.
@functools.lru_cache(maxsize=8)
def census(text: str) -> Mapping[str, int]:
    """Count letters by script, most letters first, equals in the order they occur.

    >>> census("Շուշի (Shusha), 2020")
    {'Latin': 6, 'Armenian': 5}
    """
    foreign = _beyond_ascii(text)
    if not foreign or LATIN_ONLY.fullmatch(foreign):
        total = len(text.encode().translate(None, NOT_PLAIN)) + len(NOT_LETTERS.sub("", foreign))
        return {"Latin": total} if total else {}
    counts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character.isalpha():
            counts[script_of(character)] += count
    return dict(counts.most_common())


def _beyond_ascii(text: str) -> str:
    """Return the characters that are not ASCII: of the usual text, few."""
    return "" if text.isascii() else text.encode().translate(None, ASCII).decode()


def only(text: str, script: str) -> str:
    """Give the words that have a letter of the script."""
    return " ".join(word for word in text.split() if any(mark.isalpha() and script_of(mark) == script for mark in word))


def legible(text: str) -> str:
    """Give the text composed (NFKC), without addresses, and with letters that keyboards lack put right.

    >>> legible("www.example.org ГIалгIай")
    '  Гӏалгӏай'
    """
    clear = composed(text)
    return clear if clear.isascii() else completed(clear)


def composed(text: str, *, is_normal: object = False) -> str:
    """Give the text composed (NFKC) and without addresses; if it `is_normal`, it is known to be composed."""
    # Half a surrogate pair is no text, and the matching and the models would refuse it.
    if not is_normal and not text.isascii():
        text = unicodedata.normalize("NFKC", text).encode("utf-8", "replace").decode("utf-8")
    if "@" in text or "://" in text or "www." in text:
        return str(_ADDRESS.sub(" ", text))
    return text


def completed(text: str) -> str:
    """Give the composed text with letters that keyboards lack put right."""
    if not _PATCHED.search(_beyond_ascii(text)):
        return text
    if not _PERSIAN_LETTERS.isdisjoint(text) and "ة" not in text:
        text = text.translate(_PERSIAN_KEYBOARD)
    # google-re2 garbles a replacement string that is not ASCII; what a function returns it leaves whole.
    return str(_CAUCASIAN.sub(lambda found: (found[1] or found[2]) + "ӏ", text)) if _CYRILLIC.search(text) else text


def read(text: str) -> Writing:
    """Give the writing of a text in the script most of its letters are of.

    >>> read("Xəbər").letters["ə"]
    2
    """
    counts = census(text)
    script = next(iter(counts), "")
    own = text if len(counts) == 1 else only(text, script)
    words = own.lower().split()
    return Writing(script, own, Counter(words), len(words), counts.get(script, 0))


@functools.lru_cache(maxsize=64)
def _letters(lowered: str, script: str) -> Mapping[str, int]:
    return {mark: count for mark, count in Counter(lowered).items() if mark.isalpha() and script_of(mark) == script}


def by_letters(writing: Writing) -> str | None:
    """Give the language whose letters are unmistakable in the writing, or None.

    >>> by_letters(read("Азәрбајҹан Республикасы")), by_letters(read("Xəbər lenti"))
    ('az-Cyrl', 'az')
    """
    found = ONE_LANGUAGE.get(writing.script)
    if writing.script == "Latin" and writing.text.lower().count("ə") > max(1, writing.total * FOREIGN_SHARE):
        found = "az"
    elif writing.script == "Cyrillic" and _is_northern(writing):
        found = "az-Cyrl"
    elif writing.script == "Cyrillic" and _is_ukrainian(writing):
        found = "uk"
    elif writing.script == "Arabic" and _is_southern(writing):
        found = "az-Arab"
    # A text that names places in their own spelling still speaks its own language.
    return found if found and writing.fits(found) and writing.most_spoken() in (None, found) else None


def _is_ukrainian(writing: Writing) -> bool:
    """Tell whether the letters that Russian lacks are as many as in running Ukrainian, with one Belarusian lacks."""
    lacking = sum(writing.letters.get(letter, 0) for letter in "іїєґ")
    return bool(writing.letters.keys() & set("їє")) and lacking > max(1, writing.total * _UKRAINIAN_SHARE)


def _is_northern(writing: Writing) -> bool:
    """Tell whether Cyrillic letters, or one such letter and a function word, are Azerbaijani."""
    letters, profile = writing.letters.keys(), PROFILES["az-Cyrl"]
    if letters & set("ҝҹ") or ("ј" in letters and letters & set("әғһөү")):
        return True
    return "ә" in letters and writing.spoken(profile) > 0 and not writing.foreign(profile)


def _is_southern(writing: Writing) -> bool:
    """Tell whether the words are Azerbaijani in Arabic letters, counting the endings set off by a non-joiner."""
    hits = sum(n for word, n in writing.words.items() for part in word.split("\u200c") if part in _SOUTHERN)
    return hits > max(1, writing.length * SPOKEN_SHARE / 2)
