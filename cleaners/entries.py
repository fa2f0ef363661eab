"""Entries of the index of names: folded words, and the forms that fold to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.gazetteer import Form


class Sense(NamedTuple):
    """A form, and which of its words are written with a capital."""

    form: Form
    capitals: tuple[bool, ...]

    def fits(self, words: Sequence[str]) -> bool:
        """Return whether the text has capitals where the form has them; abbreviations are capitals throughout."""
        if self.form.kind == "abbr" and not words[0][: len(self.form.form)].isupper():
            return False
        return not any(capital and word[0].islower() for capital, word in zip(self.capitals, words, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A name as folded words; `senses` are the forms that fold to them."""

    words: tuple[str, ...]
    senses: tuple[Sense, ...]
