"""Words of a text that may be words of a name: spelling variants folded away, case endings told from stems.

Matching goes by whole words, so offsets are the text's own and nothing has to be mapped back from a normalised copy.
Looking a word up takes time bounded by the longest case ending, whatever the size of the gazetteer.
"""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.folding import WORD, fold
from cleaners.gazetteer import Endings, Form, Gazetteer

GAPS = frozenset({*" \u00a0\u2009\u202f-\u2010\u2011\u2012\u2013\u2212", " - ", " – ", "  ", "-\u00ad"})
"""What may stand between two words of one name."""

_SHORTEST_STEM = 3
_Cues = dict[str, frozenset[tuple[str, str, str]]]
_LONGEST_WORD = 64
_REMEMBERED = 1 << 15


class Reading(NamedTuple):
    """A word of the lexicon that a word of the text may be, and the folded case ending it then has."""

    word: str
    ending: str


class Sense(NamedTuple):
    """A form, and which of its words are written with a capital."""

    form: Form
    capitals: tuple[bool, ...]

    def fits(self, words: Sequence[str]) -> bool:
        """Return whether the text has capitals where the form has them; abbreviations are capitals throughout."""
        if self.form.kind == "abbr" and not words[0][: len(self.form.form)].isupper():
            return False
        return not any(capital and word[0].islower() for capital, word in zip(self.capitals, words, strict=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """A name as folded words; `senses` are the forms that fold to them."""

    words: tuple[str, ...]
    senses: tuple[Sense, ...]


class Lexicon(dict[str, tuple[Reading, ...]]):
    """Word of a text → what it may be, without an ending first; empty for most words.

    Made for texts in one language: it decides which endings names in Latin letters take.

    `starts` has the entries by their first word, the longest first; `suffixes` the endings of the text's language.
    """

    __slots__ = ("_longest", "_stems", "_words", "starts", "suffixes")

    def __init__(self, forms: Iterable[Form], endings: Collection[Endings], language: str) -> None:
        super().__init__()
        senses: defaultdict[tuple[str, ...], list[Sense]] = defaultdict(list)
        for form in forms:
            if form.match != "never":
                words = WORD.findall(form.form)
                senses[tuple(map(fold, words))].append(Sense(form, tuple(word[0].isupper() for word in words)))
        starts: defaultdict[str, list[Entry]] = defaultdict(list)
        scripts: dict[str, str] = {}
        for key, found in senses.items():
            starts[key[0]].append(Entry(key, tuple(found)))
            scripts.update(dict.fromkeys(key, found[0].form.script))
        self.starts = {word: tuple(sorted(entries, key=lambda e: -len(e.words))) for word, entries in starts.items()}
        self._words = frozenset(scripts)
        self._stems = _stems(scripts, endings, language)
        self.suffixes = frozenset(fold(end) for row in endings if row.lang == language for end in row.endings)
        self._longest = max((len(fold(end)) for row in endings for end in row.endings), default=0)

    def __missing__(self, word: str) -> tuple[Reading, ...]:
        """Look a word up that was not asked for before."""
        if len(word) > _LONGEST_WORD:
            return ()
        if len(self) >= _REMEMBERED:
            self.clear()
        key = fold(word)
        found = [Reading(key, "")] if key in self._words else []
        for cut in range(len(key) - 1, max(_SHORTEST_STEM, len(key) - self._longest) - 1, -1):
            for whole, endings in self._stems.get(key[:cut], ()):
                if key[cut:] in endings:
                    found.append(Reading(whole, key[cut:]))
        self[word] = readings = tuple(found)
        return readings

    def endings(self, entry: Entry, first: str, words: Sequence[str]) -> tuple[str, ...] | None:
        """Return the ending each of `words` has if they are `entry`, the first with ending `first`; None if not."""
        found = [first]
        for whole, word in zip(entry.words[1:], words[1:], strict=False):
            ending = next((reading.ending for reading in self[word] if reading.word == whole), None)
            if ending is None:
                return None
            found.append(ending)
        return tuple(found) if len(words) == len(entry.words) else None

    def starts_name(self, word: str) -> bool:
        """Return whether a word of the text may be the first of a name."""
        return any(reading.word in self.starts for reading in self[word])


_Stems = dict[str, list[tuple[str, frozenset[str]]]]


def _stems(scripts: dict[str, str], endings: Collection[Endings], language: str) -> _Stems:
    """Return stem → the words that have it, each with the endings that may follow it."""
    tables: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for row in sorted(endings, key=lambda row: -len(row.final)):
        tables[row.lang].append((fold(row.final), frozenset(map(fold, row.endings))))
    stems: _Stems = defaultdict(list)
    for word, script in scripts.items():
        for final, following in tables.get(ending_language(script, language), ()):
            if word.endswith(final):
                if following:
                    stems[word.removesuffix(final)].append((word, following))
                break
    return dict(stems)


def ending_language(script: str, language: str) -> str:
    """Return whose endings a name in this script takes in a text in this language; empty for none.

    Names keep their script's endings in quotations and mixed texts; only Latin serves too many languages for that.
    """
    return {"Cyrl": "uk" if language == "uk" else "ru", "Armn": "hy", "Geor": "ka", "Latn": language}.get(script, "")


def language_of(code: str) -> str:
    """Return the language of a BCP 47 code without region and script."""
    return code.partition("-")[0].lower()


@functools.cache
def _lexicon(data: Gazetteer, language: str) -> Lexicon:
    return Lexicon(data.forms, data.endings, language)


def lexicon(data: Gazetteer, language: str) -> Lexicon:
    """Return the lexicon for texts in a language; those without endings of their own share one."""
    known = {row.lang for row in data.endings}
    return _lexicon(data, language if language in known - {"ru", "hy", "ka"} else "und")


@functools.lru_cache(maxsize=_REMEMBERED)
def cues(data: Gazetteer, word: str) -> frozenset[tuple[str, str, str]]:
    """Return what a word tells of a name beside it: (kind, side of the name, entity or empty for any)."""
    exact, stems = _cue_tables(data)
    key = fold(word[:_LONGEST_WORD])
    told = exact.get(key, frozenset())
    for cut in range(2, len(key) + 1):
        told |= stems.get(key[:cut], frozenset())
    return told


@functools.cache
def _cue_tables(data: Gazetteer) -> tuple[_Cues, _Cues]:
    """Return what whole words tell, and what words tell that begin so."""
    tables: tuple[_Cues, _Cues] = ({}, {})
    for cue in data.cues:
        table, key = tables[cue.cue.endswith("*")], fold(cue.cue.removesuffix("*"))
        sides = ("before", "after") if cue.side == "both" else (cue.side,)
        table[key] = table.get(key, frozenset()) | {(cue.kind, side, cue.entity) for side in sides}
    return tables
