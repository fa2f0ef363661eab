r"""What a text must hold, or begin with, for a pattern to match it: strings that are found faster than patterns match.

What is told is never too much. A part of a pattern that is not understood here (a class of many characters, what may be
left out) is taken to match anything, so that an answer can only be weaker than it could be.

Strings are folded (`str.casefold`), which makes one of all characters that RE2 takes for one where case does not count.
"""

import functools
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from cleaners import beginnings
from cleaners.beginnings import EMPTY, OPEN, REACH, SKIPPED, Strings
from cleaners.fragments import FRAGMENTS, plain
from cleaners.rarity import Needs, frequency, rarest, shortest

_MOST = 16
"""Strings beyond which a part of a pattern is not written out, and characters beyond which a range is not."""
_WIDEST = 40
"""Characters that a class has at most to be written out."""
_RARE, _TELLING = 0.03, 3
"""What is met less often is better than a beginning of fewer characters."""
# Characters that mean themselves, but for one that is repeated.
_PLAIN = re.compile(r"[^\\.\[(){}|*+?^$]+(?![*+?{])")
_BOUNDS = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_FRAGMENT = re.compile(r"\{([a-z]+)\}")
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?")
_CODE = re.compile(r"\\x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))")
_FLAGS = re.compile(r"\(\?[a-zA-Z-]+\)")
_QUOTED = "\\Q"
_BLANKLESS = "dSw"
"""Letters that, after a backslash, stand for characters none of which is a blank."""


class Branch(NamedTuple):
    """What one branch of a pattern asks of a text, signs at its beginning aside.

    The text is one of `wholes`, or begins with one of `starts`, where there are any; then, or where there are none, it
    has all that `needs` asks for, and no more than so many `blanks`, signs at its ends aside.
    """

    wholes: Strings
    starts: Strings
    needs: Needs
    blanks: float


class _Part(NamedTuple):
    """What a part of a pattern can match.

    All of it is in `exact`, None where that is not known. Each has what `needs` asks for, rarest first, and begins as
    one of `starts` does, or is one of them. None has more than so many `blanks`.
    """

    exact: Strings | None
    needs: Needs
    starts: Strings
    blanks: float

    @property
    def required(self) -> Needs:
        """What all that the part matches has, rarest first."""
        return self.needs if self.exact is None else _telling(self.exact)


_ANYTHING = _Part(None, (), beginnings.ANY, math.inf)
_ANY_SIGN, _NO_BLANK = _ANYTHING._replace(blanks=1), _ANYTHING._replace(blanks=0)
_DIGIT = _Part(None, (), frozenset(digit + OPEN for digit in "0123456789"), 0)
_NOTHING = _Part(EMPTY, (), EMPTY, 0)


@functools.cache
def clues(pattern: str) -> tuple[Branch, ...]:
    r"""Return what tells that a line may match a pattern from end to end: by one of these branches.

    The pattern is one of RE2's, with `{fragment}` as rule files write them.

    >>> for found in clues(r"this(?: one)?|get \S+ by|{name} wrote .* home"):
    ...     print(sorted(found.wholes), sorted(found.starts), sorted(map(sorted, found.needs)), found.blanks)
    ['this'] ['this on'] [['this']] 1.0
    [] ['get '] [[' by'], ['get ']] 2.0
    [] [] [[' home'], [' wrote ']] inf
    """
    found = []
    for part in _branches(pattern):
        begun = beginnings.bare(part.starts)
        short = any(start.endswith(OPEN) and len(start) <= _TELLING for start in begun)
        wholes, starts = set[str](), set[str]()
        if not (OPEN in begun or (short and part.required and frequency(part.required[0]) < _RARE)):
            starts = {start.rstrip(OPEN) for start in begun if start.endswith(OPEN) or len(start) >= REACH}
            wholes = {start.rstrip(SKIPPED) for start in begun if not start.endswith(OPEN) and len(start) < REACH}
        found.append(Branch(frozenset(wholes), frozenset(starts), shortest(part.required), part.blanks))
    return tuple(found)


@functools.cache
def needs(pattern: str) -> tuple[Needs, ...]:
    r"""Return what any text has that a pattern matches in: all that one of these asks for, case aside.

    >>> [[sorted(strings) for strings in each] for each in needs(r"(?:do )?share(?: this| \S+)? with us|\d+ votes?")]
    [[['share'], [' with us']], [[' vote']]]
    """
    return tuple(shortest(part.required) for part in _branches(pattern))


def _branches(pattern: str) -> list[_Part]:
    """Return what stands between bars, in place of a group that is all between two bars what stands between its own."""
    if _QUOTED in pattern:
        return [_ANYTHING]
    reader = _Reader(pattern)
    found: list[_Part] = []
    while reader.at <= len(pattern):
        begin = reader.at
        part = reader.sequence()
        branch = pattern[begin : reader.at]
        found += _branches(branch[3:-1]) if _is_group(branch) else [part]
        reader.at += 1
    return found


def _is_group(pattern: str) -> bool:
    if not (pattern.startswith("(?:") and pattern.endswith(")")):
        return False
    inner = _Reader(pattern[3:-1])
    inner.branches()
    return inner.at == len(inner.pattern)


@functools.cache
def _fragment(name: str) -> _Part:
    return _Reader(plain(FRAGMENTS[name])).branches()


class _Reader:
    """A pattern as it is read from the left."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def branches(self) -> _Part:
        """Read what stands between bars, up to the end of the group, as one."""
        parts = [self.sequence()]
        while self.pattern.startswith("|", self.at):
            self.at += 1
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else _either(parts)

    def sequence(self) -> _Part:
        """Read up to the next bar, or the end of the group."""
        run: Strings = EMPTY
        needs: list[Strings] = []
        blanks = 0.0
        starts, all_told, whole = EMPTY, False, True
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            part = self._repeated(self._piece())
            blanks += part.blanks
            if not all_told:
                starts = beginnings.joined(starts, part.starts)
                all_told = all(map(beginnings.is_told, starts))
            if part.exact is not None and len(run) * len(part.exact) <= _MOST:
                run = frozenset([one + other for one in run for other in part.exact])
                continue
            whole = False
            needs += (*_telling(run), *part.required)
            run = EMPTY if part.exact is None else part.exact
        if whole:
            return _Part(run, (), starts, blanks)
        return _Part(None, rarest([*needs, *_telling(run)]), starts, blanks)

    def _piece(self) -> _Part:
        """Read a character, a class, a group or a fragment."""
        sign = self.pattern[self.at]
        if flags := _FLAGS.match(self.pattern, self.at):
            self.at = flags.end()
            return _NOTHING
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escaped()
        if sign == "{" and (named := _FRAGMENT.match(self.pattern, self.at)) and named[1] in FRAGMENTS:
            self.at = named.end()
            return _fragment(named[1])
        if plain_signs := _PLAIN.match(self.pattern, self.at):
            self.at = plain_signs.end()
            return _sign(plain_signs[0])
        self.at += 1
        return _ANY_SIGN if sign == "." else _NOTHING if sign in "^$" else _sign(sign)

    def _group(self) -> _Part:
        opened = _GROUP.match(self.pattern, self.at)
        self.at = opened.end() if opened else len(self.pattern)
        part = self.branches()
        self.at += 1
        return part

    def _escaped(self) -> _Part:
        if code := _CODE.match(self.pattern, self.at):
            self.at = code.end()
            return _sign(chr(int(code[1] or code[2], 16)))
        sign = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if sign in "bBAz":
            return _NOTHING
        if sign == "d":
            return _DIGIT
        if sign in "pP":
            self.at = self.pattern.find("}", self.at) + 1 if self.pattern.startswith("{", self.at) else self.at + 1
        if sign.isalnum():
            return _NO_BLANK if sign in _BLANKLESS else _ANY_SIGN
        return _sign(sign)

    def _class(self) -> _Part:
        """Read a class: the characters of a short one."""
        first = self.at + 1 + self.pattern.startswith("^", self.at + 1)
        members: set[str] = set()
        known = is_positive = first == self.at + 1
        may_be_blank = is_surely_blank = False
        self.at = first
        while not self.pattern.startswith("]", self.at) or self.at == first:
            written = self.pattern[self.at : self.at + 2]
            low = high = self._member()
            if self.pattern.startswith("-", self.at) and not self.pattern.startswith("-]", self.at):
                self.at += 1
                high = self._member()
                known = known and low is not None and high is not None and ord(high) - ord(low) < _MOST
                members |= (
                    {chr(code).casefold() for code in range(ord(low or "b"), ord(high or "a") + 1)} if known else set()
                )
            else:
                known = known and low is not None
                members.add((low or "").casefold())
            is_space = written == r"\s" or (low is not None and high is not None and low <= " " <= high)
            is_surely_blank = is_surely_blank or is_space
            may_be_blank = may_be_blank or is_space or (None in {low, high} and written[1] not in _BLANKLESS)
        self.at += 1
        blanks = int(may_be_blank if is_positive else not is_surely_blank)
        if not known or len(members) > _WIDEST:
            return _ANYTHING._replace(blanks=blanks)
        found = frozenset(members)
        return _Part(found if len(found) <= _MOST else None, (), found, blanks)

    def _member(self) -> str | None:
        """Read one character of a class; None where it stands for others."""
        sign = self.pattern[self.at]
        if sign == "\\":
            exact = self._escaped().exact
            return next(iter(exact)) if exact and exact != EMPTY else None
        if self.pattern.startswith("[:", self.at):
            self.at = self.pattern.index(":]", self.at) + 2
            return None
        self.at += 1
        return sign

    def _repeated(self, part: _Part) -> _Part:
        """Read how often a piece may stand."""
        sign = self.pattern[self.at : self.at + 1]
        bounds = _BOUNDS.match(self.pattern, self.at) if sign == "{" else None
        if bounds:
            self.at = bounds.end()
        elif sign and sign in "?*+":
            self.at += 1
        else:
            return part
        self.at += self.pattern.startswith("?", self.at)
        if sign == "?":
            exact = None if part.exact is None else part.exact | EMPTY
            return _Part(exact, (), part.starts | EMPTY, part.blanks)
        least = int(bounds[1]) if bounds else sign == "+"
        most = float((bounds[1] if bounds[2] is None else bounds[2]) or "inf") if bounds else math.inf
        blanks = most * part.blanks if most and part.blanks else 0
        starts = beginnings.repeated(part.starts)
        return _Part(None, part.required, starts, blanks) if least else _Part(None, (), starts | EMPTY, blanks)


def _sign(signs: str) -> _Part:
    folded = signs.casefold()
    return _Part(frozenset((folded,)), (), beginnings.of(folded), signs.count(" "))


def _either(parts: Sequence[_Part]) -> _Part:
    starts = beginnings.fewer(frozenset[str]().union(*(part.starts for part in parts)))
    blanks = max(part.blanks for part in parts)
    if all(part.exact is not None for part in parts):
        exact = frozenset[str]().union(*(part.exact or () for part in parts))
        if len(exact) <= _MOST:
            return _Part(exact, (), starts, blanks)
    needs = [part.required for part in parts]
    rarest = frozenset[str]().union(*(need[0] for need in needs if need))
    return _Part(None, (rarest,) if all(needs) else (), starts, blanks)


def _telling(strings: Strings) -> Needs:
    return () if "" in strings else (strings,)
