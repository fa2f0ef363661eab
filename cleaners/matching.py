"""The rule engine: rulesets (`rules/*.toml`) and a text in, proposed edits out.

A pattern is matched from end to end of a line (bullets and arrows before it, colons, stops and arrows after it
aside) or of a sentence, without regard to case; `{date}` and the like stand for the pieces in `fragments.py`.
Lines longer than 1,000 characters are prose to every rule.

*Prose* is a line of 100 characters or more that ends like a sentence (or 200 whatever its end) and that no rule
takes. The head lies above the first, the tail below the last; a text without prose has neither.

How an example of a rule is read (tests/cleaners/test_rules.py): with a title above it and paragraphs of prose
before and after for LINE, SENTENCE and BLOCK; under the title for HEAD; as the beginning of the text for TOP; as its
end for TAIL. What `removes` gives leaves whole, taken by this rule; what `keeps` gives, no rule of the cleaner touches.
"""

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import re2

from cleaners.fragments import expand, plain
from cleaners.rulesets import read_ruleset
from cleaners.sentences import Stretch, sentence_starts, stretches
from schemas.edit import Edit
from schemas.ruleset import Rule, Ruleset, RulesetError, Where

_LONGEST = 1000
_PROSE, _LONG_PROSE = 100, 200
_PROSE_ENDS = tuple(".!?…։:\"”“»’')。！？")
_BLANKS_IN_BLOCK = 3
# Linear: neither side of the bar can pass a mark of its own kind.
_QUOTATION = re.compile("“[^“”]*”|«[^«»]*»")
_LONGEST_QUOTATION = 2000
# A set refuses patterns that need more; hostile text can make it use this much, once per process and set.
_MEMORY = 24 << 20
_BEFORE_LINE, _AFTER_LINE = r"[•·▪●►▶→➤➡👉📌🔔✅*#>|–—\s-]*", r"[\s:.!…→»›>|*]*"
_BEFORE_SENTENCE, _AFTER_SENTENCE = r"[*†(\[\s]*", r"[.!…։:)\]\s]*"


class Line(NamedTuple):
    """A line at [start, end) of a text, its line end included; `text` is what it says, stripped."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What the rules see in a text.

    `hits` has, for each line, the rules that match it as a line, wherever they may take it; `sentences` maps
    the number of a line to what is taken out of it, in code points of the text.
    """

    text: str
    lines: tuple[Line, ...]
    hits: tuple[tuple[int, ...], ...]
    sentences: Mapping[int, tuple[Stretch, ...]]
    first_prose: int
    last_prose: int


class Engine:
    """Rulesets made ready to match; patterns are compiled once per process and language."""

    def __init__(self, rulesets: Iterable[Ruleset], language: str) -> None:
        chosen = [
            (ruleset.label(rule), rule)
            for ruleset in rulesets
            for rule in ruleset.rules
            if language == "und" or not rule.languages or language in rule.languages
        ]
        lines = [(label, rule) for label, rule in chosen if rule.where is not Where.SENTENCE]
        sentences = [(label, rule) for label, rule in chosen if rule.where is Where.SENTENCE]
        self.labels = tuple(label for label, _ in lines)
        self._wheres = tuple(rule.where for _, rule in lines)
        self._throughs = tuple(_through(rule) for _, rule in lines)
        self._line_set = _PatternSet(re2.Set.FullMatchSet, [(label, _line_pattern(r.match)) for label, r in lines])
        self._sentence_labels = tuple(label for label, _ in sentences)
        bare = [(label, expand(rule.match)) for label, rule in sentences]
        whole = [(label, f"{_BEFORE_SENTENCE}(?:{pattern}){_AFTER_SENTENCE}") for label, pattern in bare]
        self._sentence_set = _PatternSet(re2.Set.FullMatchSet, whole)
        self._gate = _PatternSet(re2.Set.SearchSet, bare)

    def scan(self, text: str) -> Scan:
        """Match every line, and every sentence of the lines that can hold one that matches."""
        lines = split_lines(text)
        quoted = quoted_lines(text, lines)
        hits = tuple(() if n in quoted else self._line_set.match(line.text) for n, line in enumerate(lines))
        sentences: dict[int, tuple[Stretch, ...]] = {}
        if self._gate.match(text, longest=len(text)):
            for number, line in enumerate(lines):
                if number not in quoted and (taken := self._sentences(line, text)):
                    sentences[number] = taken
        prose = [
            number
            for number, line in enumerate(lines)
            if is_prose(line.text) and not hits[number] and not _all_taken(line, sentences.get(number, ()))
        ]
        first, last = (prose[0], prose[-1]) if prose else (0, len(lines))
        return Scan(text, lines, hits, sentences, first, last)

    def propose(self, scan: Scan, also: Mapping[int, str]) -> Iterator[Edit]:
        """Yield an edit for each line and stretch of sentences that rules take; `also` maps lines to further labels."""
        taken = self._lines(scan, also)
        for number, line in enumerate(scan.lines):
            if number in taken:
                yield Edit(line.start, line.end, scan.text[line.start : line.end], "", taken[number])
            else:
                for start, end, label in scan.sentences.get(number, ()):
                    yield Edit(start, end, scan.text[start:end], "", label)

    def _lines(self, scan: Scan, also: Mapping[int, str]) -> dict[int, str]:
        """Return the label for each line that goes as a whole."""
        taken: dict[int, str] = {}
        top = True
        for number, line in enumerate(scan.lines):
            if number in also:
                taken[number] = also[number]
            elif line.text and number not in taken:
                for rule in scan.hits[number]:
                    block = self._block(scan, number, rule)
                    if block or self._in_place(scan, number, rule, top=top):
                        taken |= dict.fromkeys(block or (number,), self.labels[rule])
                        break
            top = top and (not line.text or number in taken)
        return taken

    def _in_place(self, scan: Scan, number: int, rule: int, *, top: bool) -> bool:
        match self._wheres[rule]:
            case Where.LINE:
                return True
            case Where.TOP:
                return top and number < scan.first_prose
            case Where.HEAD:
                return number < scan.first_prose
            case Where.TAIL:
                return number > scan.last_prose
            case _:
                return False

    def _block(self, scan: Scan, opener: int, rule: int) -> list[int]:
        """Return the lines of the block that `opener` opens by `rule`; none where nothing follows that belongs."""
        through = self._throughs[rule]
        if through is None:
            return []
        members, blanks = [opener], 0
        for number in range(opener + 1, len(scan.lines)):
            text = scan.lines[number].text
            if not text:
                blanks += 1
                if blanks > _BLANKS_IN_BLOCK:
                    break
            elif len(text) <= _LONGEST and through.fullmatch(plain(text)):
                members.append(number)
                blanks = 0
            else:
                break
        return members if len(members) > 1 else []

    def _sentences(self, line: Line, text: str) -> tuple[Stretch, ...]:
        """Return what rules take of the sentences of `line`; the whole line, with its end, where they take all."""
        if not self._gate.match(line.text, longest=len(text)):
            return ()
        starts = sentence_starts(line.text)
        labels = [self._sentence_label(line.text[a:b]) for a, b in zip(starts, [*starts[1:], None], strict=True)]
        offset = text.index(line.text, line.start)
        taken = [Stretch(offset + s.start, offset + s.end, s.label) for s in stretches(line.text, starts, labels)]
        if taken and None not in labels:
            taken[0] = taken[0]._replace(start=line.start)
            taken[-1] = taken[-1]._replace(end=line.end)
        return tuple(taken)

    def _sentence_label(self, sentence: str) -> str | None:
        matched = self._sentence_set.match(sentence.strip())
        return self._sentence_labels[matched[0]] if matched else None


def split_lines(text: str) -> tuple[Line, ...]:
    """Return the lines of `text`, split at line feeds only."""
    lines, at = [], 0
    for raw in text.split("\n"):
        end = min(at + len(raw) + 1, len(text))
        lines.append(Line(at, end, raw.strip()))
        at = end
    return tuple(lines)


def engine(names: tuple[str, ...], language: str) -> Engine:
    """Return the engine of the rulesets called `names`, for texts in `language` ("und": every rule holds)."""
    spoken = {code for name in names for rule in read_ruleset(name).rules for code in rule.languages}
    # one engine for all languages that no rule names, so that a page cannot make us compile without end
    return _compiled(names, language if language in spoken else "other" if spoken and language != "und" else "und")


@functools.cache
def _compiled(names: tuple[str, ...], language: str) -> Engine:
    return Engine([read_ruleset(name) for name in names], language)


def quoted_lines(text: str, lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines that begin inside a quotation between typographic marks that runs over several lines."""
    quoted: set[int] = set()
    for quotation in _QUOTATION.finditer(text):
        if "\n" in quotation[0] and len(quotation[0]) <= _LONGEST_QUOTATION:
            first = bisect_right(lines, quotation.start(), key=_start)
            quoted.update(range(first, bisect_left(lines, quotation.end(), key=_start)))
    return frozenset(quoted)


def _start(line: Line) -> int:
    return line.start


def is_prose(line: str) -> bool:
    """Tell whether a line is a paragraph: 100 characters that end like a sentence, or 200 whatever their end."""
    return len(line) >= _LONG_PROSE or (len(line) >= _PROSE and line.endswith(_PROSE_ENDS))


def _all_taken(line: Line, taken: Sequence[Stretch]) -> bool:
    return bool(taken) and taken[0].start == line.start and taken[-1].end == line.end


def _line_pattern(pattern: str) -> str:
    return f"{_BEFORE_LINE}(?:{expand(pattern)}){_AFTER_LINE}"


def _through(rule: Rule) -> "re2._Regexp | None":
    """Return what the lines after the opener must match, None for a rule that takes no block."""
    if rule.through is None:
        return None
    return re2.compile(_line_pattern(rule.through), _options())


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


class _PatternSet:
    """Patterns that one pass over a text tells apart; RulesetError names the rule whose pattern RE2 refuses."""

    def __init__(self, anchored: Callable[[re2.Options], re2.Set], patterns: Sequence[tuple[str, str]]) -> None:
        options = _options()
        options.max_mem = _MEMORY
        self._set = anchored(options)
        for label, pattern in patterns:
            try:
                self._set.Add(pattern)
            except re2.error as error:
                raise RulesetError(f"{label}: not a pattern that RE2 can match: {error}") from error
        self._set.Compile()
        self._empty = not patterns

    def match(self, text: str, longest: int = _LONGEST) -> tuple[int, ...]:
        """Return the numbers of the patterns that match, in order; none for a text longer than `longest`."""
        if self._empty or not text or len(text) > longest:
            return ()
        found = self._set.Match(plain(text))
        return tuple(sorted(found)) if found else ()
