"""Entries of the index of names, folded words and the forms that fold to them, and what of a text was found there."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A stretch of words that may be a name: words [first, last), text [start, end), up to `stop` without suffix.

    `language` is that of its paragraph. `meant` is the listed form that an unlisted misspelling is one slip away from.
    `alone` is a surname without the rest of the name.
    """

    first: int
    last: int
    start: int
    stop: int
    end: int
    senses: tuple[Form, ...]
    endings: tuple[str, ...]
    doubtful: bool
    language: str
    meant: Form | None = None
    alone: bool = False

    @property
    def entities(self) -> set[str]:
        """What it may be the name of."""
        return {form.entity for form in self.senses}
