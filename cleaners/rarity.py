"""Which of several sets of strings fewest texts have one of: by the length of words, since nothing here counts them."""

import functools
from collections.abc import Sequence

from cleaners.alphabets import FUNCTION_WORDS
from cleaners.beginnings import Strings

Needs = tuple[Strings, ...]
"""What a text must hold: one string of each set; nothing where there is no set."""

_MOST = 3
"""Sets that are worth looking for."""
_TOO_OFTEN = 0.5
"""What is met more often is not looked for, unless there is nothing else."""
_LONG_ENOUGH, _LETTER, _DIGIT = 5, 8.0, 10.0
"""Characters from which a word is no rarer than with fewer, and how much rarer it is with each letter or digit."""
_FUNCTION_WORD = 0.2
"""How often a text has a word that many have where another could be."""
_COMMON = frozenset(
    ["like", "find", "help", "used", "use", "view", "see", "read", "make", "review", "content", "work"]
).union(*FUNCTION_WORDS.values())


def rarest(needs: Sequence[Strings]) -> Needs:
    """Return those of some sets that fewest texts have a string of, that of which fewest do first."""
    if len(needs) <= 1:
        return tuple(needs)
    first, *others = sorted(set(needs), key=lambda strings: (frequency(strings), sorted(strings)))
    return (first, *[strings for strings in others if frequency(strings) < _TOO_OFTEN][: _MOST - 1])


def shortest(needs: Needs) -> Needs:
    """Return the same without strings that hold another of their set."""
    found: list[Strings] = []
    for strings in needs:
        kept: list[str] = []
        for string in sorted(strings, key=len):
            if not any(other in string for other in kept):
                kept.append(string)
        found.append(frozenset(kept))
    return tuple(found)


def frequency(strings: Strings) -> float:
    """Return about how often a text has one of some strings, in a measure of its own."""
    return sum(map(_frequency, strings))


@functools.cache
def _frequency(string: str) -> float:
    chance = 1.0
    for word in string.split():
        once_in = _DIGIT if word.isdigit() else _LETTER
        chance *= _FUNCTION_WORD if word in _COMMON else once_in ** -min(_LONG_ENOUGH, len(word))
    return chance
