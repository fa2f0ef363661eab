"""Many patterns against many lines at little cost: sets of RE2 patterns, and a sieve that finds who is worth asking.

Both are exact: what they leave out cannot match. Texts are seen as `fragments.plain` has them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

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
    """Line patterns that one pass over a line tells apart; RulesetError names the rule whose pattern RE2 refuses."""

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

    def match_all(self, lines: Sequence[str]) -> dict[int, tuple[int, ...]]:
        """Return what matches, by number of line."""
        if not self._numbers:
            return {}
        match = self._set.Match
        places = {n: found for n, line in enumerate(lines) if 0 < len(line) <= LONGEST and (found := match(line))}
        return {number: tuple(sorted(self._numbers[place] for place in found)) for number, found in places.items()}


class SentenceSieve:
    """Sentence patterns behind a sieve: the words that each cannot do without are looked for first."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        """Take label and pattern of each rule; RulesetError names the rule whose pattern RE2 refuses."""
        self._filter = re2.Filter()
        self._labels: list[str] = []
        for label, pattern in patterns:
            whole = f"{_BEFORE_SENTENCE}(?:{expand(pattern)}){_AFTER_SENTENCE}"
            _add(lambda text: self._filter.Add(text, _options()), whole, label)
            self._labels.append(label)
        if self._labels:
            self._filter.Compile()

    def candidates(self, lines: Sequence[str]) -> Iterator[tuple[int, list[int]]]:
        """Yield the number of each line that may hold a sentence some rule takes, and these rules in order."""
        if self._labels:
            match = self._filter.Match
            for number, line in enumerate(lines):
                if line and (rules := match(line, potential=True)):
                    yield number, rules

    def label(self, sentence: str, candidates: Iterable[int]) -> str | None:
        """Return the first of the candidates that matches the whole sentence, None where none does."""
        said = sentence.strip()
        if len(said) > LONGEST:
            return None
        return next((self._labels[rule] for rule in candidates if self._filter.re(rule).fullmatch(said)), None)


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
