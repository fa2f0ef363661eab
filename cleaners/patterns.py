"""Patterns as rules have them, made ready to match lines and sentences. Texts are seen as `fragments.plain` has them."""

import functools
from collections.abc import Callable, Iterable

import re2

from cleaners.fragments import expand
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


class LineSet:
    """Line patterns that one pass over a line tells apart, for the few lines of a head; RulesetError names the rule whose pattern RE2 refuses."""

    def __init__(self, patterns: Iterable[tuple[int, str, str]]) -> None:
        """Take number, label and pattern of each rule; `match` answers with the numbers."""
        self._set = re2.Set.FullMatchSet(_options())
        self._numbers: list[int] = []
        for number, label, pattern in patterns:
            _add(self._set.Add, line_pattern(pattern), label)
            self._numbers.append(number)
        self.numbers = frozenset(self._numbers)
        self._set.Compile()

    def match(self, line: str) -> tuple[int, ...]:
        """Return the numbers of the rules that match a line, in order; none where it is longer than LONGEST."""
        if not self._numbers or not line or len(line) > LONGEST:
            return ()
        found = self._set.Match(line)
        return tuple(sorted(self._numbers[place] for place in found)) if found else ()


class Pattern:
    """A rule's pattern for a whole line or sentence; RulesetError where RE2 refuses it."""

    __slots__ = ("_set",)

    def __init__(self, whole: str, label: str) -> None:
        self._set = re2.Set.FullMatchSet(_options())
        _add(self._set.Add, whole, label)
        self._set.Compile()

    def matches(self, data: bytes) -> bool:
        """Tell whether a text in UTF-8 matches from end to end."""
        return bool(self._set.Match(data))


@functools.lru_cache(maxsize=1024)
def for_lines(pattern: str, label: str) -> Pattern:
    """Return the pattern of a rule for whole lines: one for all languages."""
    return Pattern(line_pattern(pattern), label)


@functools.lru_cache(maxsize=1024)
def for_sentences(pattern: str, label: str) -> Pattern:
    """Return the pattern of a rule for whole sentences, stripped: one for all languages."""
    return Pattern(f"{_BEFORE_SENTENCE}(?:{expand(pattern)}){_AFTER_SENTENCE}", label)


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
