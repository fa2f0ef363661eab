"""Words of a text that may be words of a name: spelling variants folded away, case endings told from stems.

Matching goes by whole words, so offsets are the text's own and nothing has to be mapped back from a normalised copy.
Looking a word up takes time bounded by the longest case ending, whatever the size of the gazetteer.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaners import gazetteer
from cleaners.gazetteer import WORD, Endings, Form, fold

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


def declension(word: str, language: str, endings: Collection[Endings]) -> Endings | None:
    """Return the longest row of the language whose `final` the word ends with."""
    fitting = [row for row in endings if row.lang == language and word.endswith(fold(row.final))]
    return max(fitting, key=lambda row: len(row.final), default=None)


def language_of(code: str) -> str:
    """Return the language of a BCP 47 code without region and script."""
    return code.partition("-")[0].lower()


@functools.cache
def _lexicon(language: str) -> Lexicon:
    data = gazetteer.load()
    return Lexicon(data.forms, data.endings, language)


def lexicon(language: str) -> Lexicon:
    """Return the lexicon for texts in a language; those without endings of their own share one."""
    known = {row.lang for row in gazetteer.load().endings}
    return _lexicon(language if language in known - {"ru", "hy", "ka"} else "und")


def target_of(form: Form, listed: str | None, language: str) -> Form | None:
    """Return the form to write for `form`: the policy's, or what a misspelling stands for; None to leave it."""
    if form.lang != language or form.kind in {"historical", "abbr", "adjective"}:
        return None
    data = gazetteer.load()
    others = [other for other in data.by_entity[form.entity] if other.lang == language and other.kind != "typo"]
    if data.entities[form.entity].is_person:
        words = len(WORD.findall(form.form))
        others = [other for other in others if len(WORD.findall(other.form)) == words]  # a surname stays one
    for other in others:
        same_side = other.claimed_by == form.claimed_by
        if other.form == listed or (form.kind == "typo" and listed is None and same_side):
            # two names that one side uses, such as Upper and Nagorno-Karabakh, are not spellings of each other
            changes = not same_side or form.kind in {"typo", "translit"}
            return other if changes and other.form != form.form else None
    return None


def operation(form: Form, target: Form) -> str:
    """Return which of the three operations writes `target` for `form`, as edits name it."""
    if form.kind == "typo":
        return "name_typo"
    return "name_translit" if form.claimed_by == target.claimed_by else "name_policy"


def rewritten(source: Form, target: Form, before: str, endings: Sequence[str], language: str) -> str | None:
    """Return `target` with the case endings and capitals of `before`, or None where that may be wrong grammar."""
    surface = WORD.findall(before)
    after = inflected(source, target, surface, endings, language)
    if after is None:
        return None
    if before.isupper() and len(before) > 1:
        return (after.replace("i", "İ") if language in {"az", "tr"} else after.replace("և", "եվ")).upper()
    words = list(WORD.finditer(after))
    for old, new in zip(surface, words, strict=False) if len(words) == len(surface) else ():
        if old[0].isupper():
            after = after[: new.start()] + after[new.start()].upper() + after[new.start() + 1 :]
    return after


@functools.lru_cache(maxsize=_REMEMBERED)
def cues(word: str) -> frozenset[tuple[str, str, str]]:
    """Return what a word tells of a name beside it: (kind, side of the name, entity or empty for any)."""
    exact, stems = _cue_tables()
    key = fold(word[:_LONGEST_WORD])
    told = exact.get(key, frozenset())
    for cut in range(2, len(key) + 1):
        told |= stems.get(key[:cut], frozenset())
    return told


@functools.cache
def _cue_tables() -> tuple[_Cues, _Cues]:
    """Return what whole words tell, and what words tell that begin so."""
    tables: tuple[_Cues, _Cues] = ({}, {})
    for cue in gazetteer.load().cues:
        table, key = tables[cue.cue.endswith("*")], fold(cue.cue.removesuffix("*"))
        sides = ("before", "after") if cue.side == "both" else (cue.side,)
        table[key] = table.get(key, frozenset()) | {(cue.kind, side, cue.entity) for side in sides}
    return tables


def inflected(source: Form, target: Form, surface: Sequence[str], endings: Sequence[str], language: str) -> str | None:
    """Return `target` with the endings that `source` has in the text, or None where that may be wrong grammar.

    `surface` are the text's words, `endings` their folded endings. Endings carry over only between words that are
    declined alike: by the same row in Cyrillic, where a bare form has a case too; elsewhere by the last two letters.
    """
    cyrillic = target.script == "Cyrl"
    if not cyrillic and not any(endings):
        return target.form
    old, new = WORD.findall(source.form), WORD.findall(target.form)
    if len(old) != len(new):
        return None
    rows, spoken = gazetteer.load().endings, ending_language(target.script, language)
    written = target.form
    # from the last word backwards: the places of those before stay right
    for match, before, seen, ending in reversed(list(zip(WORD.finditer(written), old, surface, endings, strict=True))):
        after = match.group()
        row = declension(fold(after), spoken, rows)
        if cyrillic and (row is None or row != declension(fold(before), spoken, rows)):
            return None
        if not ending:
            continue
        if row is None or len(fold(seen)) != len(seen) or (not cyrillic and before[-2:] != after[-2:]):
            return None
        stem = after.removesuffix(row.final) if cyrillic else after
        written = written[: match.start()] + stem + seen[len(seen) - len(ending) :] + written[match.end() :]
    return written


_QUOTE = re.compile("[“”„«»\"\n'‘’]")
_CLOSES = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’", "'": "'"}
_SINGLE = "'‘’"
_DEEPEST = 4


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the quoted stretches, outermost only, in order; one that is never closed ends with its line.

    A single quotation mark that is never closed is an apostrophe.

    >>> [text[a:b] for text in ["He said: “We hold ‘Shushi’.” Yes, 'now'."] for a, b in quotations(text)]
    ['“We hold ‘Shushi’.”', "'now'"]
    """
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for match in _QUOTE.finditer(text + "\n"):
        mark, at = match.group(), match.start()
        if mark == "\n":
            first = next((start for opener, start in opened if opener not in _SINGLE), None)
            found += [(first, at)] if first is not None else []
            opened.clear()
            continue
        inside = at > 0 and text[at - 1].isalnum(), text[at + 1 : at + 2].isalnum()
        level = next((i for i in reversed(range(len(opened))) if mark in _CLOSES[opened[i][0]]), None)
        if level is not None and not (mark in _SINGLE and inside[1]):
            if all(opener in _SINGLE for opener, _ in opened[:level]):
                found.append((opened[level][1], at + 1))
            del opened[level:]
        elif mark in _CLOSES and len(opened) < _DEEPEST and (mark not in _SINGLE or inside == (False, True)):
            opened.append((mark, at))
    return found


_WHITE = re.compile(r"\s")
_ADDRESS = re.compile(r"://|@|#\w|^\W*www\.|^\W*/\w|\w\.[a-z]")


def address_around(text: str, start: int, floor: int) -> tuple[int, bool]:
    """Return the end of the stretch without white space around `start`, from `floor` on, and if it is an address.

    An address is a URL, an e-mail address, a handle, a hashtag, a path or a file name.
    """
    space = _WHITE.search(text, start)
    end = space.start() if space else len(text)
    begin = max(text.rfind(mark, floor, start) + 1 for mark in " \n") or floor
    return end, _ADDRESS.search(text[begin:end]) is not None
