"""Patterns as rules have them, made ready to match lines and sentences, of texts as `fragments.plain` has them."""

import functools
from collections.abc import Callable, Iterable, Sequence

import re2

from cleaners.fragments import expand, on_one_line
from cleaners.literals import needs
from cleaners.sentences import Stretch, is_reported, sentence_starts, stretches
from cleaners.sieve import has, listed
from schemas.ruleset import LONGEST, RulesetError

# A set refuses patterns that need more; hostile text can make it use this much, once per process and set.
_MEMORY = 24 << 20
_BEFORE_LINE, _AFTER_LINE = r"[•·▪●►▶→➤➡👉📌🔔✅*#>|–—\s-]*", r"[\s:.!…→»›>|*]*"
_AFTER_FURTHER_LINE = r"[\s…→»›>|*]*"
_BEFORE_SENTENCE, _AFTER_SENTENCE = r"[*†(\[\s]*", r"[.!…։:)\]\s]*"


def line_pattern(pattern: str) -> str:
    """Return the pattern for a whole line, with the signs that may stand round its words."""
    return f"{_BEFORE_LINE}(?:{expand(pattern)}){_AFTER_LINE}"


def compiled(pattern: str, label: str) -> "re2._Regexp":
    """Return the pattern for a further line of a block, ready to match; RulesetError where RE2 refuses it.

    A stop after the words is the pattern's business there, because headlines have none and sentences do.
    """
    try:
        return re2.compile(f"{_BEFORE_LINE}(?:{expand(pattern)}){_AFTER_FURTHER_LINE}", _options())
    except re2.error as error:
        raise RulesetError(f"{label}: through: not a pattern that RE2 can match: {error}") from error


class Pattern:
    """A rule's pattern for a whole line or sentence, made ready when first asked; RulesetError where RE2 refuses it."""

    __slots__ = ("_ready", "_whole")

    def __init__(self, whole: str, label: str) -> None:
        _add(_full_match_set().Add, whole, label)
        self._whole = whole
        self._ready: re2.Set | None = None

    def matches(self, data: bytes) -> bool:
        """Tell whether a text in UTF-8 matches from end to end."""
        ready = self._ready
        if ready is None:
            ready = _full_match_set()
            ready.Add(self._whole)
            ready.Compile()
            self._ready = ready
        return bool(ready.Match(data))


def _full_match_set() -> "re2.Set":
    return re2.Set.FullMatchSet(_options())


@functools.lru_cache(maxsize=1024)
def for_lines(pattern: str, label: str) -> Pattern:
    """Return the pattern of a rule for whole lines: one for all languages."""
    return Pattern(line_pattern(pattern), label)


@functools.lru_cache(maxsize=1024)
def for_sentences(pattern: str, label: str) -> Pattern:
    """Return the pattern of a rule for whole sentences, stripped: one for all languages."""
    return Pattern(f"{_BEFORE_SENTENCE}(?:{expand(pattern)}){_AFTER_SENTENCE}", label)


class Lines:
    """The patterns of rules for lines, each with the number of its rule; RulesetError names what RE2 refuses."""

    def __init__(self, patterns: Iterable[tuple[int, str, str, int]]) -> None:
        """Take number, label and pattern of each rule, and the characters of the longest line that it takes."""
        self._patterns = {number: (longest, for_lines(match, label)) for number, label, match, longest in patterns}

    def matching(self, line: str, numbers: Iterable[int]) -> tuple[int, ...]:
        """Return which of some rules match a line, in order."""
        data, size = line.encode(), len(line)
        asked = ((number, *self._patterns[number]) for number in numbers)
        return tuple(sorted(number for number, longest, own in asked if size <= longest and own.matches(data)))


class Sentences:
    """The patterns of rules for sentences, each with a label; RulesetError names the rule whose pattern RE2 refuses."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        self._patterns = tuple(
            (label, for_sentences(pattern, label), tuple(map(listed, needs(on_one_line(pattern)))))
            for label, pattern in patterns
        )

    def taken(self, line: str, seen: str, numbers: Sequence[int]) -> tuple[list[Stretch], bool]:
        """Return what some rules, by their places, take of the sentences of a line, and whether that is all of them.

        `seen` is what patterns see of the line.
        """
        starts = sentence_starts(line)
        labels = [self._label(seen[a:b], numbers) for a, b in zip(starts, [*starts[1:], None], strict=True)]
        return (list(stretches(line, starts, labels)), None not in labels) if any(labels) else ([], False)

    def _label(self, sentence: str, numbers: Iterable[int]) -> str | None:
        """Return the first of some rules that takes the whole sentence; None where none does."""
        said = sentence.strip()
        if len(said) > LONGEST:
            return None
        folded, data = said.casefold(), said.encode()
        for number in numbers:
            label, pattern, needed = self._patterns[number]
            # a sentence without what a rule needs costs a tenth of one that its pattern is asked of
            if any(has(folded, need) for need in needed) and pattern.matches(data):
                return None if is_reported(sentence) else label
        return None


def _add(add: Callable[[str], int], pattern: str, label: str) -> None:
    try:
        add(pattern)
    except re2.error as error:
        raise RulesetError(f"{label}: not a pattern that RE2 can match: {error}") from error


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    return options
