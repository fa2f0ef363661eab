"""The rule engine: rulesets (`rules/*.toml`) and a text in, proposed edits out.

A pattern is matched from end to end of a line (bullets and arrows before it, colons, stops and arrows after it aside)
or of a sentence, without regard to case; `{date}` and the like stand for the pieces in `fragments.py`. A line longer
than 1,000 characters is prose to every rule. No rule, but one for the head, takes a line among short ones that have the
punctuation of a text, and none a sentence that says who said it.

*Prose* is a line of 100 characters or more that ends like a sentence (or 200 whatever its end) and that no rule
takes. The head lies above the first, the tail below the last; a text without prose has neither.

How an example of a rule is read (examples.py): with a title above it and paragraphs of prose before and after for LINE,
SENTENCE and BLOCK; under the title for HEAD; as the beginning of the text for TOP; as its end for TAIL. What `removes`
gives leaves whole, taken by this rule; what `keeps` gives, no rule of the cleaner touches.
"""

import functools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from cleaners.fragments import plain
from cleaners.patterns import Lines, Sentences, compiled
from cleaners.protected import quoted_lines
from cleaners.punctuated import apart
from cleaners.rulesets import ALL, read_ruleset
from cleaners.sentences import Stretch
from cleaners.sieve import Sieve
from schemas.edit import Edit
from schemas.ruleset import LONGEST, Ruleset, Where

_PROSE, _LONG_PROSE = 100, 200
_PROSE_ENDS = tuple(".!?…։:\"”“»’')。！？")
_BLANKS_IN_BLOCK = 3
_ONLY_IN_HEAD = frozenset({Where.TOP, Where.HEAD})


class Line(NamedTuple):
    """A line at [start, end) of a text, its line end included; `text` is what it says, stripped."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What the rules see in a text.

    `hits` maps the number of a line to the rules that match it as a line, wherever they may take it, rules for the
    head only down to the first prose; `sentences` maps it to what is taken out of it, in code points of the text.
    """

    text: str
    lines: tuple[Line, ...]
    hits: Mapping[int, tuple[int, ...]]
    sentences: Mapping[int, tuple[Stretch, ...]]
    first_prose: int
    last_prose: int


class _Matches(NamedTuple):
    """What all rules of an engine find in a text, by number of line; `prose` has the lines that read like prose."""

    lines: tuple[Line, ...]
    seen: tuple[str, ...]
    hits: Mapping[int, tuple[int, ...]]
    heads: Mapping[int, tuple[int, ...]]
    candidates: Mapping[int, tuple[int, ...]]
    prose: tuple[int, ...]


class _Own(NamedTuple):
    """The numbers of the rules of some rulesets: those for lines, and those for sentences."""

    lines: frozenset[int]
    sentences: frozenset[int]


class Engine:
    """Rulesets made ready to match, each text once for all of them."""

    def __init__(self, rulesets: Iterable[Ruleset], language: str) -> None:
        chosen = [
            (ruleset, rule)
            for ruleset in rulesets
            for rule in ruleset.rules
            if language == "und" or not rule.languages or language in rule.languages
        ]
        lines = [(ruleset, rule) for ruleset, rule in chosen if rule.where is not Where.SENTENCE]
        self.labels = tuple(ruleset.label(rule) for ruleset, rule in lines)
        self._wheres = tuple(rule.where for _, rule in lines)
        self._throughs = tuple(
            compiled(rule.through, of.label(rule)) if rule.through is not None else None for of, rule in lines
        )
        patterns = {number: rule.match for number, (_, rule) in enumerate(lines)}
        self._whole_lines = Lines((n, self.labels[n], match, lines[n][1].longest) for n, match in patterns.items())
        self._head = frozenset(number for number, where in enumerate(self._wheres) if where in _ONLY_IN_HEAD)
        sentences = [(ruleset, rule) for ruleset, rule in chosen if rule.where is Where.SENTENCE]
        self._sentences = Sentences((ruleset.label(rule), rule.match) for ruleset, rule in sentences)
        self._sieve = Sieve(patterns, {number: rule.match for number, (_, rule) in enumerate(sentences)})
        self._rulesets = tuple(tuple(ruleset.name for ruleset, _ in rules) for rules in (lines, sentences))
        self._owned: dict[tuple[str, ...], _Own] = {}

    def matches(self, text: str) -> _Matches:
        """Match every line but for the rules that hold in the head alone, and sift the sentences."""
        lines, seen = _split(text)
        prose = tuple([number for number, line in enumerate(seen) if len(line) >= _PROSE and is_prose(line)])
        likely, worth_asking = self._sieve.sift(seen)
        asked = {number: own for number, rules in likely.items() if (own := rules - self._head)}
        hits = {n: rules for n, own in asked.items() if (rules := self._whole_lines.matching(seen[n], own))}
        heads = {number: tuple(own) for number, rules in likely.items() if (own := rules & self._head)}
        candidates = {number: tuple(sorted(rules)) for number, rules in worth_asking.items()}
        return _Matches(lines, seen, hits, heads, candidates, prose)

    def matches_apart(self, text: str) -> _Matches:
        """Match as `matches` does, but for lines among short ones that have the punctuation of a text."""
        found = self.matches(text)
        sure = {n for n, rules in found.hits.items() if any(self._wheres[rule] is Where.LINE for rule in rules)}
        hits, candidates = apart(found.hits, sure, found.seen), apart(found.candidates, sure, found.seen)
        return found._replace(hits=hits, candidates=candidates)

    def scan(self, text: str, names: Iterable[str]) -> Scan:
        """Return what the rulesets called `names` find in a text."""
        lines, seen, every_hit, every_head, every_candidate, like_prose = _matches(self, text)
        own = self._own(tuple(names))
        heads_of_own = own.lines & self._head
        hits = {n: rules for n, rules in _only(own.lines, every_hit).items() if n not in _quoted(text)}
        sentences = {}
        for number, rules in _only(own.sentences, every_candidate).items():
            if number not in _quoted(text) and (taken := self._taken(lines[number], text, seen[number], rules)):
                sentences[number] = taken

        def heads(numbers: Sequence[int]) -> dict[int, tuple[int, ...]]:
            if not heads_of_own:
                return {}
            asked = _only(heads_of_own, {number: every_head[number] for number in numbers if number in every_head})
            found = {number: self._whole_lines.matching(seen[number], rules) for number, rules in asked.items()}
            return {number: rules for number, rules in found.items() if rules and number not in _quoted(text)}

        def prose(numbers: Iterable[int]) -> int | None:
            left = (number for number in numbers if number not in hits)
            untaken = (number for number in left if not _all_taken(lines[number], sentences.get(number, ())))
            return next((number for number in untaken if not heads((number,))), None)

        first, last = prose(like_prose), prose(reversed(like_prose))
        for number, rules in heads(range(len(lines) if first is None else first)).items():
            hits[number] = tuple(sorted((*hits.get(number, ()), *rules)))
        # a text without prose has neither head nor tail
        return Scan(text, lines, hits, sentences, first or 0, len(lines) if last is None else last)

    def _own(self, names: tuple[str, ...]) -> "_Own":
        if names not in self._owned:
            self._owned[names] = _Own(
                *(frozenset(n for n, name in enumerate(of) if name in names) for of in self._rulesets)
            )
        return self._owned[names]

    def heads_below(self, scan: Scan, rules: AbstractSet[int]) -> bool:
        """Return whether any of `rules`, which are for the head, matches a line below it."""
        found = _matches(self, scan.text)
        asked = {n: own for n, those in found.heads.items() if n >= scan.first_prose and (own := rules & set(those))}
        below = {number for number, own in asked.items() if self._whole_lines.matching(found.seen[number], own)}
        return bool(below) and not _quoted(scan.text).issuperset(below)

    def propose(self, scan: Scan, also: Mapping[int, str]) -> Iterator[Edit]:
        """Yield an edit for each line and stretch of sentences that rules take; `also` maps lines to further labels."""
        taken = self._lines(scan, also)
        for number in sorted(taken.keys() | scan.sentences.keys()):
            line = scan.lines[number]
            if number in taken:
                yield Edit(line.start, line.end, scan.text[line.start : line.end], "", taken[number])
            else:
                for start, end, label in scan.sentences.get(number, ()):
                    yield Edit(start, end, scan.text[start:end], "", label)

    def _lines(self, scan: Scan, also: Mapping[int, str]) -> dict[int, str]:
        """Return the label for each line that goes as a whole."""
        taken: dict[int, str] = {}
        top = 0
        for number in sorted(scan.hits.keys() | also.keys()):
            # lines above `top` are blank or taken
            while top < number and (top in taken or not scan.lines[top].text):
                top += 1
            if number in also:
                taken[number] = also[number]
            elif number not in taken:
                for rule in scan.hits[number]:
                    if members := self._members(scan, number, rule, top=top == number):
                        taken |= dict.fromkeys(members, self.labels[rule])
                        break
        return taken

    def _members(self, scan: Scan, number: int, rule: int, *, top: bool) -> Sequence[int]:
        """Return the lines that `rule` takes from line `number` on, which matches it; none where it is out of place."""
        match self._wheres[rule]:
            case Where.LINE:
                in_place = True
            case Where.TOP:
                in_place = top and number < scan.first_prose
            case Where.HEAD:
                in_place = number < scan.first_prose
            case Where.TAIL:
                in_place = number > scan.last_prose
            case _:
                block = self._block(scan, number, rule, frozenset())
                return block if len(block) > 1 else ()
        return self._block(scan, number, rule, scan.hits.keys()) if in_place else ()

    def _block(self, scan: Scan, opener: int, rule: int, others: Container[int]) -> list[int]:
        """Return the lines of the block that `opener` opens by `rule`, but for the `others`, which have a rule each."""
        through = self._throughs[rule]
        members, blanks = [opener], 0
        for number in range(opener + 1, len(scan.lines)) if through is not None else ():
            text = scan.lines[number].text
            if not text:
                blanks += 1
                if blanks > _BLANKS_IN_BLOCK:
                    break
            elif number in others:
                blanks = 0
            elif through is not None and len(text) <= LONGEST and through.fullmatch(plain(text)):
                members.append(number)
                blanks = 0
            else:
                break
        return members

    def _taken(self, line: Line, text: str, seen: str, rules: Sequence[int]) -> tuple[Stretch, ...]:
        """Return what `rules` take of the sentences of `line`; the whole line, with its end, where they take all."""
        found, is_whole = self._sentences.taken(line.text, seen, rules)
        offset = text.index(line.text, line.start) if found else 0
        taken = [Stretch(offset + s.start, offset + s.end, s.label) for s in found]
        if is_whole:
            taken[0] = taken[0]._replace(start=line.start)
            taken[-1] = taken[-1]._replace(end=line.end)
        return tuple(taken)


def split_lines(text: str) -> tuple[Line, ...]:
    """Return the lines of `text`, split at line feeds only."""
    return _split(text)[0]


# Three cleaners and the model read the lines of what is mostly one text.
@functools.lru_cache(maxsize=2)
def _split(text: str) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines of `text`, and what patterns see of each."""
    raw = text.split("\n")
    ends = [*accumulate([len(line) + 1 for line in raw])]
    starts, ends[-1] = [0, *ends[:-1]], len(text)
    said, seen = [*map(str.strip, raw)], plain(text)
    return tuple(map(Line, starts, ends, said)), tuple(said if seen == text else map(str.strip, seen.split("\n")))


def engine(language: str) -> Engine:
    """Return the engine of all rulesets of the project, for texts in `language` ("und": every rule holds)."""
    # one engine for all languages that no rule names, so that a page cannot make us compile without end
    return _compiled(language if language == "und" or language in _spoken() else "other")


@functools.cache
def _spoken() -> frozenset[str]:
    """Return the languages that rules are limited to."""
    return frozenset(code for name in ALL for rule in read_ruleset(name).rules for code in rule.languages)


@functools.cache
def _compiled(language: str) -> Engine:
    return Engine(map(read_ruleset, ALL), language)


# As with lines: a text that one cleaner leaves alone is the next one's.
@functools.lru_cache(maxsize=2)
def _matches(matcher: Engine, text: str) -> _Matches:
    return matcher.matches_apart(text)


def _only(own: frozenset[int], found: Mapping[int, Iterable[int]]) -> dict[int, tuple[int, ...]]:
    """Return what of `found` is `own`, in order, without lines of which nothing is left."""
    chosen = ((number, tuple(rule for rule in rules if rule in own)) for number, rules in found.items())
    return {number: rules for number, rules in chosen if rules}


@functools.lru_cache(maxsize=2)
def _quoted(text: str) -> frozenset[int]:
    return quoted_lines(text, split_lines(text))


def is_prose(line: str) -> bool:
    """Tell whether a line reads like a paragraph."""
    return len(line) >= _LONG_PROSE or (len(line) >= _PROSE and line.endswith(_PROSE_ENDS))


def _all_taken(line: Line, taken: Sequence[Stretch]) -> bool:
    return bool(taken) and taken[0].start == line.start and taken[-1].end == line.end
