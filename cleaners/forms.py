"""Words of a text that may be words of a name: spelling variants folded away, case endings told from stems.

Matching goes by whole words, so offsets are the text's own and nothing has to be mapped back from a normalised copy.
Looking a word up takes time bounded by the longest case ending, whatever the size of the gazetteer.
"""

import functools
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import filterfalse
from typing import NamedTuple

from cleaners.entries import Entry, Sense
from cleaners.folding import WORD, fold
from cleaners.gazetteer import Endings, Form, Gazetteer
from cleaners.misspelt import SHORTEST, Near

GAPS = frozenset({*" \u00a0\u2009\u202f-\u2010\u2011\u2012\u2013\u2212", " - ", " – ", "  ", "-\u00ad"})
"""What may stand between two words of one name."""

_SHORTEST_STEM = 3
_SHORTEST_SURNAME = 5
_HEAD = 3
"""Letters by which words are sifted: no more than a stem has."""
_Cues = dict[str, frozenset[tuple[str, str, str]]]
_LONGEST_WORD = 64
_REMEMBERED = 1 << 15
_MARKS = ".,;:!?…'\"“”„«»‘’()[]"
"""What is part of no word."""
_UNKNOWN = ("",)
_LAST_LATIN = "\u036f"
_LATIN_BYTES = bytes((*range(0x80), *range(0x80, 0xCD), 0xE2))
"""What Latin letters without rarer marks, and general punctuation, are made of in UTF-8."""


class Reading(NamedTuple):
    """A word of the lexicon that a word of the text may be, and the folded case ending it then has."""

    word: str
    ending: str


class Index:
    """The forms of a gazetteer by their words, for texts in any language.

    `starts` has the entries by their first word, the longest first; `scripts` the script of each word; `heads` how
    first words begin, and `small` how those do that are written in lower case. `surnames` has the persons' forms by
    their last word, where that alone is no entry.
    """

    __slots__ = ("heads", "scripts", "small", "starts", "surnames")

    def __init__(self, forms: Iterable[Form], persons: Container[str]) -> None:
        senses: defaultdict[tuple[str, ...], list[Sense]] = defaultdict(list)
        self.scripts: dict[str, str] = {}
        shapes: dict[tuple[bool, ...], tuple[bool, ...]] = {}
        for form in forms:
            if form.match != "never":
                words = WORD.findall(form.form)
                key = tuple([fold(word) for word in words])
                capitals = tuple([word[0].isupper() for word in words])
                senses[key].append(Sense(form, shapes.setdefault(capitals, capitals)))
                for word in key:
                    self.scripts.setdefault(word, form.script)
        self.starts: dict[str, tuple[Entry, ...]] = {}
        for key in sorted(senses, key=len, reverse=True):
            self.starts[key[0]] = (*self.starts.get(key[0], ()), Entry(key, tuple(senses[key])))
        surnames: defaultdict[str, list[Form]] = defaultdict(list)
        for key, found in senses.items():
            for sense in found if len(key) > 1 and len(key[-1]) >= _SHORTEST_SURNAME else ():
                if sense.form.entity in persons and sense.form.kind != "typo" and key[-1] not in self.starts:
                    surnames[key[-1]].append(replace(sense.form, form=WORD.findall(sense.form.form)[-1]))
        self.surnames = {word: tuple(found) for word, found in surnames.items()}
        self.heads = frozenset(word[:_HEAD] for word in (*self.starts, *self.surnames))
        first = (key[0] for key, found in senses.items() for sense in found if not sense.capitals[0])
        self.small = frozenset(word[:_HEAD] for word in first if word.islower())


class Lexicon(dict[str, tuple[Reading, ...]]):
    """Word of a text → what it may be, without an ending first; empty for most words.

    Made for texts in one language: it decides which endings names in Latin letters take. `suffixes` are the endings
    of the text's language.
    """

    __slots__ = (
        "_declined",
        "_finals",
        "_inflects_latin",
        "_longest",
        "_near",
        "_plain",
        "_small_is_foreign",
        "_starting",
        "_told_by",
        "index",
        "suffixes",
    )

    def __init__(self, index: Index, near: Near, endings: Collection[Endings], language: str) -> None:
        super().__init__()
        self.index, self._near = index, near
        self._starting: dict[str, tuple[str, ...] | None] = {}
        self._small_is_foreign = all(head[0] > _LAST_LATIN for head in index.small)
        self._finals: dict[str, list[str]] = {}
        declined: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for script in ("Cyrl", "Armn", "Geor", "Latn"):
            own = [row for row in endings if row.lang == ending_language(script, language)]
            self._finals[script] = sorted((fold(row.final) for row in own), key=len, reverse=True)
            for row in own:
                for ending in row.endings:
                    declined[fold(ending)].append((fold(row.final), script))
        self._declined = dict(declined)
        self._inflects_latin = bool(self._finals["Latn"])
        # a word of plain letters is itself a word of a name, where it can have no ending
        self._told_by = _HEAD if self._inflects_latin else None
        self._plain = index.heads if self._inflects_latin else frozenset((*index.starts, *index.surnames))
        self.suffixes = frozenset(fold(end) for row in endings if row.lang == language for end in row.endings)
        self._longest = max(map(len, self._declined), default=0)

    def __missing__(self, word: str) -> tuple[Reading, ...]:
        """Look a word up that was not asked for before."""
        if len(word) > _LONGEST_WORD:
            return ()
        if len(self) >= _REMEMBERED:
            self.clear()
        key = fold(word)
        found = [Reading(key, "")] if key in self.index.scripts else []
        if self._inflects_latin or not key.isascii():
            found += self._inflected(key)
        self[word] = readings = tuple(found)
        return readings

    def _inflected(self, key: str) -> Iterator[Reading]:
        """Yield the words that `key` may be with an ending, that with the shortest ending first."""
        for cut in range(len(key) - 1, max(_SHORTEST_STEM, len(key) - self._longest) - 1, -1):
            for final, script in self._declined.get(key[cut:], ()):
                whole = key[:cut] + final
                if self.index.scripts.get(whole) == script and self._final_of(whole, script) == final:
                    yield Reading(whole, key[cut:])

    def _final_of(self, whole: str, script: str) -> str | None:
        return next((final for final in self._finals[script] if whole.endswith(final)), None)

    def endings(self, entry: Entry, first: str, words: Sequence[str]) -> tuple[str, ...] | None:
        """Return the ending each of `words` has if they are `entry`, the first with ending `first`; None if not."""
        found = [first]
        for whole, word in zip(entry.words[1:], words[1:], strict=False):
            ending = next((reading.ending for reading in self[word] if reading.word == whole), None)
            if ending is None:
                return None
            found.append(ending)
        return tuple(found) if len(words) == len(entry.words) else None

    def starts_in(self, text: str) -> dict[str, tuple[str, ...]]:
        """Return the stretches of a text without white space that may hold the beginning of a name, or a surname alone.

        Each comes with the words in it that may begin a name.
        """
        stretches = text.split()
        upper = {*filterfalse(str.islower, stretches)}
        met = [*filter(self._may_start, upper)]
        if self.index.small and (not self._small_is_foreign or _is_foreign(text)):
            lower = {*stretches} - upper
            met += filter(self._may_be_small, filterfalse(str.isascii, lower) if self._small_is_foreign else lower)
        known = self._starting
        if len(known) >= _REMEMBERED:
            known.clear()
        found = {}
        for stretch in met:
            starts = known.get(stretch, _UNKNOWN)
            if starts is _UNKNOWN:
                starts = known[stretch] = self._sifted(stretch)
            if starts is not None:
                found[stretch] = starts
        return found

    def _may_start(self, stretch: str) -> bool:
        """Return whether a stretch may hold a name or a surname, by how its words begin and end."""
        bare = stretch.strip(_MARKS)
        if bare.isascii() and bare.isalnum():
            key = bare.lower()
            return key[: self._told_by] in self._plain or (len(key) >= SHORTEST and self._near.may_know(key))
        return any(map(self._may_be, WORD.findall(bare)))

    def _may_be(self, word: str) -> bool:
        """Return whether a word may be the first of a name, or a surname, without its readings."""
        key = fold(word)
        may_be = key[:_HEAD] in self.index.heads if self._inflects_latin or not key.isascii() else key in self._plain
        return may_be or (len(word) >= SHORTEST and self._near.may_know(key))

    def _sifted(self, stretch: str) -> tuple[str, ...] | None:
        """Return the words of a stretch that may begin a name; None where none does and none is a surname."""
        bare = stretch.strip(_MARKS)
        heads, near = self.index.heads, self._near
        starts = []
        is_read = False
        for word in (bare,) if bare.isalpha() else WORD.findall(stretch):
            size = len(word)
            if size > _LONGEST_WORD:
                continue
            key = word.lower() if word.isascii() else fold(word)
            if key[:_HEAD] in heads and (readings := self[word]):
                if any(reading.word in self.index.starts for reading in readings):
                    starts.append(word)
                elif word[0].isupper():
                    is_read = is_read or any(reading.word in self.index.surnames for reading in readings)
            elif size >= SHORTEST and word[0].isupper() and near.knows(key) and not self[word]:
                starts.append(word)
        return tuple(starts) if starts or is_read else None

    def _may_be_small(self, stretch: str) -> bool:
        """Return whether a stretch in lower case may hold a name that is written so."""
        head = stretch[:_HEAD]
        return head in self.index.small or not head.isalpha() or "-" in stretch

    def surname(self, word: str) -> Reading | None:
        """Return the surname that a word is, with its ending; None where it is none, or is the first word of a name."""
        if len(word) > _LONGEST_WORD or not word[0].isupper() or fold(word)[:_HEAD] not in self.index.heads:
            return None
        return next((reading for reading in self[word] if reading.word in self.index.surnames), None)


def _is_foreign(text: str) -> bool:
    """Return whether a text may have letters that are not Latin."""
    return not text.isascii() and bool(text.encode("utf-8", "replace").translate(None, _LATIN_BYTES))


def lines_with(stretches: Iterable[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines of text[start:end] are that hold any of the stretches."""
    read: set[int] = set()
    for stretch in stretches:
        at = text.find(stretch, start, end)
        while at >= 0:
            line = text.rfind("\n", start, at) + 1 or start
            stop = text.find("\n", at, end)
            stop = stop if stop >= 0 else end
            if line not in read:
                read.add(line)
                yield line, stop
            at = text.find(stretch, stop, end)


def ending_language(script: str, language: str) -> str:
    """Return whose endings a name in this script takes in a text in this language; empty for none.

    Names keep their script's endings in quotations and mixed texts; only Latin serves too many languages for that.
    """
    return {"Cyrl": "uk" if language == "uk" else "ru", "Armn": "hy", "Geor": "ka", "Latn": language}.get(script, "")


def language_of(code: str) -> str:
    """Return the language of a BCP 47 code without region and script."""
    return code.partition("-")[0].lower()


@functools.cache
def _index(data: Gazetteer) -> Index:
    return Index(data.forms, {entity.id for entity in data.entities.values() if entity.type == "person"})


@functools.cache
def _lexicon(data: Gazetteer, language: str) -> Lexicon:
    return Lexicon(_index(data), near_names(data), data.endings, language)


@functools.cache
def near_names(data: Gazetteer) -> Near:
    """Return the names that misspellings are sought for."""
    return Near(data, (entry for entries in _index(data).starts.values() for entry in entries))


@functools.lru_cache(maxsize=_REMEMBERED)
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
