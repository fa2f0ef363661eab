"""Names sighted in a text, each with what it means where that is clear."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from cleaners.entries import Name
from cleaners.folding import WORD, fold
from cleaners.forms import GAPS, Lexicon, cues, language_of, lexicon, lines_with, near_names
from cleaners.gazetteer import Form, Gazetteer
from cleaners.language import passages
from cleaners.protected import address_around, quotations

_FARTHEST = 6
_LONGEST_WORD = 64
_MANY_PLACES = 3
# Endings of surnames of the region, and of Russian ones; short words that end so are others.
_SURNAME = re.compile(
    r"(?:..(?:yan|yants|[oe]v|[oe]va)|zade|zadeh|o[gğ]h?lu|...(?:ян|янц|[оеё]в|[оеё]ва)|заде|оглы|..յան[ըն]?(?:ի|ին|ից|ով)?)$"
)
_SPACE = frozenset(" \u00a0")
_BREAK = re.compile(r"[.!?։…;\n]")
_SENTENCE_END = re.compile(r"[.!?։…][\"”»’)\]]*\s|\n")
_APOSTROPHES = frozenset("'’ʼ")


class Page:
    """A text read for names; `others` are the languages of paragraphs that are not in `language`."""

    def __init__(self, text: str, language: str, data: Gazetteer, others: tuple[str, ...] = ()) -> None:
        self.text, self.data = text, data
        begins = passages(text, language, others)
        self._passages = [start for start, _ in begins]
        self._spoken = [language_of(spoken) for _, spoken in begins]
        self.first: set[str] = set()
        read: list[tuple[int, int]] = []
        for start, end, spoken in zip(self._passages, [*self._passages[1:], len(text)], self._spoken, strict=True):
            stretches = lexicon(data, spoken).starts_in(text[start:end])
            self.first.update(*stretches.values())
            # only lines with a word that may begin a name are read word by word
            read += lines_with(stretches, text, start, end)
        found = [match for a, b in sorted(read) for match in WORD.finditer(text, a, b)]
        self.words = [match.group() for match in found]
        self.spans = [match.span() for match in found]
        self.entities = data.entities
        self._quoted: dict[int, list[tuple[int, int]]] = {}
        self.taken: set[int] = set()
        self._cues: dict[int, dict[str, int]] = {}

    @cached_property
    def _lines(self) -> list[int]:
        return [match.end() for match in re.finditer("\n", self.text)]

    @cached_property
    def _sentences(self) -> list[int]:
        return [match.end() for match in _SENTENCE_END.finditer(self.text)]

    def resolved(self) -> list[tuple[Name, Form]]:
        """Return the names whose meaning is clear, each with the form it is written in."""
        met = list(self._names())
        self.taken.update(i for name in met for i in range(name.first, name.last))
        # a paragraph on a former age is on it throughout
        former = {(self._line(name), entity) for name in met for entity in self._former(name)}
        names = [
            name
            for name in met
            if not self._misleads(name) and former.isdisjoint((self._line(name), entity) for entity in name.entities)
        ]
        given = {name for name in names if self._may_be_given(name)}
        sure = [
            name for name in names if len(name.entities) == 1 and name.senses[0].match == "always" and name not in given
        ]
        told: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for name in sure:
            region = self.entities[name.senses[0].entity].region
            told[self._line(name)][region] += 1
            told[-1][region] += 1
        certain = {name.senses[0].entity for name in sure}
        placed: dict[Name, Form | None] = dict.fromkeys(names)
        placed.update({name: name.senses[0] for name in sure})
        unsure = [name for name in names if placed[name] is None and name not in given and not self._beside_name(name)]
        supported = set(told) | self._lists(unsure)
        for name in sorted(unsure, key=lambda name: len(name.entities)):
            line = self._line(name)
            if line in supported or self._is_backed(name):
                placed[name] = form = self._sense(name, told[line]) or self._sense(name, told[-1])
                if form:
                    certain.add(form.entity)
                    told[line][self.entities[form.entity].region] += 1
        # one sense per text: what a name means where its meaning is clear, it means elsewhere
        for name in (*unsure, *given):
            if placed[name] is None and len(known := name.entities & certain) == 1:
                placed[name] = next(form for form in name.senses if form.entity in known)
        return [(name, form) for name, form in placed.items() if form]

    def stands_for_one(self, name: Name) -> bool:
        """Return whether a surname stands alone: no given name before it, and no capitalised word after it."""
        follows = name.last < len(self.words) and self.gap(name.last) in _SPACE and self._capital(name, name.last)
        return not follows and not self._after_capital(name)

    def language_at(self, i: int) -> str:
        """Return the language of word i."""
        return self._spoken[bisect_right(self._passages, self.spans[i][0]) - 1]

    def _lists(self, unsure: list[Name]) -> set[int]:
        """Return the lines that name so many places, none of them sure by itself, that they vouch for each other."""
        met: defaultdict[int, set[str]] = defaultdict(set)
        for name in unsure:
            if not self._is_person(name):
                met[self._line(name)].add(name.senses[0].entity)
        return {line for line, places in met.items() if len(places) >= _MANY_PLACES}

    def _line(self, name: Name) -> int:
        return bisect_right(self._lines, name.start)

    def _former(self, name: Name) -> set[str]:
        """Return what a name may mean, if words beside it tell of an age in which that was something else."""
        return name.entities if self.cued(name, "era", _FARTHEST) else set()

    def _sense(self, name: Name, regions: Counter[str]) -> Form | None:
        """Return the one sense whose region is mentioned most; None where that does not decide."""
        if len(name.entities) == 1:
            return name.senses[0]
        votes = {form.entity: regions[self.entities[form.entity].region] for form in reversed(name.senses)}
        best = [entity for entity, count in votes.items() if count == max(votes.values()) > 0]
        return next(form for form in name.senses if form.entity in best) if len(best) == 1 else None

    def _is_backed(self, name: Name) -> bool:
        """Return whether the words around a name, or its own ending, say that it is one."""
        if self._is_person(name):
            return self.cued(name, "title", 2) or self.cued(name, "person", 1)
        located = ("locative", "ending", "") in cues(self.data, name.endings[-1]) or self.cued(name, "locative", 1)
        return located or self.cued(name, "place", 2)

    def _names(self) -> Iterator[Name]:
        past, end, is_address = 0, 0, False
        for i, word in enumerate(self.words):
            if word in self.first and i >= past and (name := self._name_at(i)):
                if name.start >= end:
                    end, is_address = address_around(self.text, name.start, end)
                if not is_address:
                    past = name.last
                    yield name

    def _name_at(self, i: int) -> Name | None:
        """Return the longest name that begins with word i; a reading without case ending wins over others."""
        language = self.language_at(i)
        known = lexicon(self.data, language)
        fitting: list[tuple[tuple[str, ...], list[Form]]] = []
        for reading in known[self.words[i]]:
            for entry in known.index.starts.get(reading.word, ()):
                last = i + len(entry.words)
                endings = known.endings(entry, reading.ending, self.words[i:last])
                if endings and all(self.gap(j) in GAPS for j in range(i + 1, last)):
                    senses = [sense.form for sense in entry.senses if sense.fits(self.words[i:last])]
                    fitting += [(endings, senses)] if senses else []
        if not fitting:
            return self._misspelt(i, known, language)
        endings, senses = max(fitting, key=lambda fit: len(fit[0]))
        senses.sort(key=lambda form: form.lang != language)
        last = i + len(endings)
        start, stop = self.spans[i][0], self.spans[last - 1][1]
        rivals = sum(len(fit[0]) == len(endings) for fit in fitting) > 1
        last = self.suffixed(last, known)
        return Name(i, last, start, stop, self.spans[last - 1][1], tuple(senses), endings, rivals, language)

    def suffixed(self, last: int, known: Lexicon) -> int:
        """Return where a name ends with the case ending after an apostrophe, as Turkish writes them: Şuşa'nın."""
        if last < len(self.words) and self.gap(last) in _APOSTROPHES:
            last += fold(self.words[last]) in known.suffixes
        return last

    def _misspelt(self, i: int, known: Lexicon, language: str) -> Name | None:
        """Return the name that begins with word i, with one slip of the keyboard in it."""
        near = near_names(self.data)
        for entry in near.entries(fold(self.words[i][:_LONGEST_WORD])):
            last = i + len(entry.words)
            words = self.words[i:last]
            meant = near.meant(self.data, entry, words, language)
            if meant is None or not all(self.gap(j) in GAPS for j in range(i + 1, last)):
                continue
            # what is a word of some name, or stands in lower case as well, is no slip
            if any(fold(word) not in entry.words and (known[word] or self._in_small(word)) for word in words):
                continue
            start, end = self.spans[i][0], self.spans[last - 1][1]
            form = replace(meant, form=self.text[start:end], kind="typo")
            return Name(
                i, last, start, end, end, (form,), ("",) * len(words), doubtful=False, language=language, meant=meant
            )
        return None

    def _in_small(self, word: str) -> bool:
        return f" {word.lower()}" in self.text

    def _is_person(self, name: Name) -> bool:
        return self.entities[name.senses[0].entity].is_person

    def gap(self, i: int) -> str:
        """Return what stands between words i - 1 and i."""
        return self.text[self.spans[i - 1][1] : self.spans[i][0]]

    def _near(self, name: Name, reach: int) -> Iterator[tuple[int, str]]:
        """Return the words beside a name in its sentence, at most `reach` on each side, and which side that is."""
        for i in range(name.first - 1, max(-1, name.first - 1 - reach), -1):
            if _BREAK.search(self.gap(i + 1)) and not (self.gap(i + 1) == ". " and len(self.words[i]) < 4):
                break
            yield i, "before"
        for i in range(name.last, min(len(self.words), name.last + reach)):
            if _BREAK.search(self.gap(i)):
                break
            yield i, "after"

    def cued(self, name: Name, kind: str, reach: int) -> bool:
        """Return whether a word that tells `kind` stands at most `reach` words away, on the side it should."""
        told = self._cues.get(name.first)
        if told is None:
            told = self._cues[name.first] = {}
            for i, side in self._near(name, _FARTHEST):
                for cue, its_side, entity in cues(self.data, self.words[i]):
                    if side == its_side and (not entity or entity in name.entities):
                        distance = name.first - i if side == "before" else i + 1 - name.last
                        told[cue] = min(distance, told.get(cue, distance))
        return told.get(kind, _FARTHEST + 1) <= reach

    def _capital(self, name: Name, i: int) -> bool:
        """Return whether word i has a capital that says something: not where the name is all capitals too."""
        shouted = self.text[name.start : name.stop].isupper() and self.words[i].isupper()
        return self.words[i][0].isupper() and not shouted

    def _after_capital(self, name: Name) -> bool:
        """Return whether a capitalised word of no known meaning comes right before, as given names do."""
        i = name.first - 1
        if i < 0 or self.gap(name.first) not in _SPACE or not self._capital(name, i) or i in self.taken:
            return False
        return not {kind for kind, side, _ in cues(self.data, self.words[i]) if side == "before"} - {"compound"}

    def _may_be_given(self, name: Name) -> bool:
        """Return whether a bare surname may be a given name: one capitalised word follows that says nothing else."""
        i = name.last
        if not self._is_person(name) or i - name.first > 1 or name.endings[0] or i >= len(self.words):
            return False
        if self.words[i] in self.first or self.gap(i) not in _SPACE or not self._capital(name, i):
            return False
        # a case ending after an apostrophe, or a headline
        if i + 1 < len(self.words) and (self.gap(i + 1) in _APOSTROPHES or self.words[i + 1][0].isupper()):
            return False
        return not cues(self.data, self.words[i]) and not self.cued(name, "title", 2)

    def _before_surname(self, name: Name) -> bool:
        """Return whether a bare place name is a given name here: a surname follows that is nobody's we know."""
        i = name.last
        if name.last - name.first > 1 or any(name.endings) or i >= len(self.words) or self.words[i] in self.first:
            return False
        surname = self.gap(i) in _SPACE and self._capital(name, i) and _SURNAME.search(fold(self.words[i][-16:]))
        return bool(surname) and not self.cued(name, "locative", 1) and not self.cued(name, "place", 1)

    def _beside_name(self, name: Name) -> bool:
        """Return whether a place's name is part of a longer proper name, or of a person's."""
        i = name.last
        followed = i < len(self.words) and self.gap(i) in _SPACE and self._capital(name, i)
        unknown = followed and self.words[i] not in self.first
        if unknown and not any(told[0] == "place" for told in cues(self.data, self.words[i])):
            return True
        if self._is_person(name):
            return False
        # a sentence begins with a capital whatever its first word is
        opening = name.first < 2 or _BREAK.search(self.gap(name.first - 1))
        return self.cued(name, "person", 1) or (not opening and self._after_capital(name))

    def _misleads(self, name: Name) -> bool:
        """Return whether a name's words mean something else here: a breed, a firm, a namesake."""
        if self._is_person(name):
            single = name.last - name.first == 1
            another = self._after_capital(name) and not self.cued(name, "title", 2)
            return single and (another or self.cued(name, "namesake", 1))
        followed = name.last < len(self.words) and self.gap(name.last) in _SPACE and self._capital(name, name.last)
        if self._before_surname(name) or (followed and self.cued(name, "person", 1)):
            return True
        firm = self.cued(name, "business", 1) and name.last < len(self.words) and self._capital(name, name.last)
        return firm or self.cued(name, "compound", 1)

    def protects(self, name: Name) -> bool:
        """Return whether a name stands where it is never rewritten."""
        line = self._line(name)
        start = self._lines[line - 1] if line else 0
        if line not in self._quoted:
            end = self._lines[line] if line < len(self._lines) else len(self.text)
            self._quoted[line] = quotations(self.text[start:end])
        quoted = self._quoted[line]
        at = bisect_right(quoted, (name.start - start, len(self.text)))
        if at and name.start - start < quoted[at - 1][1]:
            return True
        return not self._is_person(name) and (self.cued(name, "event", 2) or self._beside_name(name))

    def sentence(self, name: Name) -> int:
        """Return the number of the sentence a name stands in."""
        return bisect_right(self._sentences, name.start)
