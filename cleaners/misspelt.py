"""Misspellings that nobody has listed: a capitalised word one slip away from a name that a policy writes.

Names are alike by nature, so little is taken for a slip. The name must be one that a policy lists, in the language of
the text, and have nine letters or more. The word must be no word of any name, and stand nowhere in lower case. The slip
(a letter put in, left out, put for another, or two changed over) must lie inside the word: its ends are where words
are inflected and where other names differ. And it must not be of the kind that transliterations differ by.

A slip is sought among names of the same first letter and of like length, so looking a word up does not depend on how
many names there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cleaners.entries import Entry
from cleaners.folding import fold
from cleaners.gazetteer import Form, Gazetteer

_FEWEST_LETTERS = 9
_SHORTEST_SURNAME = 8
SHORTEST = 6
"""Letters that a misspelt word has at least."""

_PART = 3
"""Letters at the ends of a word by which words are sifted."""

_KINDS = frozenset({"official", "endonym", "exonym", "translit"})
# Letters that spellings of one sound differ by, and those that are put in or left out at will.
_ALIKE = ("bp", "dt", "gkqx", "iyje", "vwu", "szc", "ou", "aə", "гк", "бп", "дт", "ие", "йиы", "еэё")
_SILENT = frozenset("hyjьъй")


class Near:
    """The names a slip is sought for, by what is left of a first word when one letter is left out."""

    __slots__ = ("_by_rest", "_heads", "_initials", "_listed", "_tails")

    def __init__(self, data: Gazetteer, entries: Iterable[Entry]) -> None:
        chosen = {
            (entity, lang, form) for choices in data.policies.values() for (entity, lang), form in choices.items()
        }
        self._listed: dict[Entry, Form] = {}
        by_rest: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            form = next((s.form for s in entry.senses if (s.form.entity, s.form.lang, s.form.form) in chosen), None)
            alone = len({sense.form.entity for sense in entry.senses}) == 1
            if form is None or not alone or form.match != "always" or form.kind not in _KINDS:
                continue
            # a surname alone may be another's
            says_whom = not data.entities[form.entity].is_person or len(entry.words) > 1
            if sum(map(len, entry.words)) >= _FEWEST_LETTERS and says_whom:
                self._listed[entry] = form
                for rest in _rests(entry.words[0]):
                    by_rest[rest].append(entry)
        self._by_rest: Mapping[str, list[Entry]] = dict(by_rest)
        self._heads = frozenset(entry.words[0][:_PART] for entry in self._listed)
        self._initials = frozenset(entry.words[0][0] for entry in self._listed)
        self._tails = frozenset(entry.words[0][-_PART:] for entry in self._listed)

    def may_know(self, word: str) -> bool:
        """Return whether the ends of `word` (folded) allow that it is the first word of a name."""
        if len(word) <= 2 * _PART:
            return word[0] in self._initials
        # one slip leaves either end as it is, if they are not so near that two letters changed over are in both
        return word[-_PART:] in self._tails or word[:_PART] in self._heads

    def knows(self, word: str) -> bool:
        """Return whether `word` (folded) may be the first word of a name, with a slip or without."""
        return self.may_know(word) and not self._by_rest.keys().isdisjoint(_rests(word))

    def entries(self, word: str) -> Iterator[Entry]:
        """Yield the names whose first word `word` (folded) may be, with a slip or without."""
        seen: set[Entry] = set()
        for rest in _rests(word):
            for entry in self._by_rest.get(rest, ()):
                if entry not in seen:
                    seen.add(entry)
                    yield entry

    def meant(self, data: Gazetteer, entry: Entry, words: Sequence[str], language: str) -> Form | None:
        """Return the listed form that `words` are one slip away from, if `entry` is it and the text's language fits."""
        form = self._listed.get(entry)
        if form is None or form.lang != language or len(words) != len(entry.words):
            return None
        folded = list(map(fold, words))
        wrong = [i for i, (one, other) in enumerate(zip(folded, entry.words, strict=True)) if one != other]
        if len(wrong) != 1 or not all(word[0].isupper() for word in words):
            return None
        slip, right = folded[wrong[0]], entry.words[wrong[0]]
        least = _FEWEST_LETTERS if len(words) == 1 else SHORTEST
        if data.entities[form.entity].is_person:
            least = _SHORTEST_SURNAME
            if wrong[0] != len(words) - 1:
                return None
        return form if len(right) >= least and is_slip(slip, right) else None


def is_slip(word: str, name: str) -> bool:
    """Return whether `word` is `name` with one slip inside it, of a kind that no transliteration explains.

    >>> [is_slip(word, "stepanakert") for word in ("stepankert", "stepanakret", "stepanagert", "stepanakerts")]
    [True, True, False, False]
    """
    if abs(len(word) - len(name)) > 1:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    one, other = word[head:], name[head:]
    tail = next((i for i, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b), None)
    tail = min(len(one), len(other)) if tail is None else tail
    one, other = one[: len(one) - tail], other[: len(other) - tail]
    if head == 0 or not (one or other):
        return False
    if len(one) == len(other) == 2 and one == other[::-1]:
        return True
    if tail == 0:
        return False
    if len(one) > 1 or len(other) > 1:
        return False
    if not one or not other:
        return (one or other) not in _SILENT
    return not any(one in alike and other in alike for alike in _ALIKE)


def _rests(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))}
