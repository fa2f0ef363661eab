"""Which form is written for a name, and how: it keeps the case ending and the capitals, or nothing changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cleaners.folding import WORD, fold
from cleaners.forms import ending_language
from cleaners.gazetteer import Endings, Form, Gazetteer


def target_of(data: Gazetteer, form: Form, listed: str | None, language: str, date: str) -> Form | None:
    """Return the form to write for `form`: the policy's, or what a misspelling stands for; None to leave it.

    `listed` is the form the policy lists; `date` is that of the text (ISO 8601, "" where unknown). Where names
    changed with time, the form of the same side that was valid then is written instead.
    """
    if form.lang != language or form.kind in {"historical", "abbr", "adjective"}:
        return None
    others = [other for other in data.by_entity[form.entity] if other.lang == language and other.kind != "typo"]
    if data.entities[form.entity].is_person:
        words = len(WORD.findall(form.form))
        others = [other for other in others if len(WORD.findall(other.form)) == words]  # a surname stays one
    if form.kind == "typo" and listed is None:
        return next((other for other in others if other.claimed_by == form.claimed_by), None)
    chosen = _valid(others, next((other for other in others if other.form == listed), None), date)
    # two names that one side uses, such as Upper and Nagorno-Karabakh, are not spellings of each other
    if chosen is None or chosen.form == form.form:
        return None
    renamed = bool(form.valid_to and chosen.valid_from and date)
    changes = chosen.claimed_by != form.claimed_by or form.kind in {"typo", "translit"} or renamed
    return chosen if changes else None


def _valid(forms: Collection[Form], listed: Form | None, date: str) -> Form | None:
    """Return the listed form if it was valid at the date, else the only other one of its side that was."""
    if listed is None or is_valid(listed, date):
        return listed
    former = [
        form
        for form in forms
        if form.claimed_by == listed.claimed_by and (form.valid_from or form.valid_to) and is_valid(form, date)
    ]
    return former[0] if len({form.form for form in former}) == 1 else None


def is_valid(form: Form, date: str) -> bool:
    """Return whether a form was valid at a date, both ends included; without a date, whether it is so still.

    Dates are compared as far as both say: a year covers all its days.
    """
    if not date:
        return not form.valid_to
    begun = not form.valid_from or date[: len(form.valid_from)] >= form.valid_from[: len(date)]
    return begun and (not form.valid_to or date[: len(form.valid_to)] <= form.valid_to[: len(date)])


def operation(form: Form, target: Form) -> str:
    """Return which of the three operations writes `target` for `form`, as edits name it."""
    if form.kind == "typo":
        return "name_typo"
    return "name_translit" if form.claimed_by == target.claimed_by else "name_policy"


@dataclass(frozen=True, slots=True)
class Written:
    """A name as a text in a language has it: the form it is, its words there, and the folded ending each has."""

    form: Form
    text: str
    endings: Sequence[str]
    language: str


def rewritten(rows: Collection[Endings], name: Written, target: Form) -> str | None:
    """Return `target` with the case endings and capitals of `name`, or None where that may be wrong grammar.

    `rows` say how words are declined.
    """
    before, surface = name.text, WORD.findall(name.text)
    after = _inflected(rows, name, target)
    if after is None:
        return None
    if before.isupper() and len(before) > 1:
        return capitals(after, name.language)
    words = list(WORD.finditer(after))
    for old, new in zip(surface, words, strict=False) if len(words) == len(surface) else ():
        if old[0].isupper():
            after = after[: new.start()] + after[new.start()].upper() + after[new.start() + 1 :]
    return after


def capitals(name: str, language: str) -> str:
    """Return a name in capitals, as the language writes them.

    >>> capitals("Hadrut Bərdi", "az"), capitals("Երևան", "hy")
    ('HADRUT BƏRDİ', 'ԵՐԵՎԱՆ')
    """
    return (name.replace("i", "İ") if language in {"az", "tr"} else name.replace("և", "եվ")).upper()


def declension(word: str, language: str, endings: Collection[Endings]) -> Endings | None:
    """Return the longest row of the language whose `final` the word ends with."""
    fitting = [row for row in endings if row.lang == language and word.endswith(fold(row.final))]
    return max(fitting, key=lambda row: len(row.final), default=None)


def _inflected(rows: Collection[Endings], name: Written, target: Form) -> str | None:
    """Return `target` with the endings that `name` has.

    Endings carry over only between words that are declined alike: by the same row in Cyrillic, where a bare form has
    a case too; elsewhere by the last two letters.
    """
    cyrillic = target.script == "Cyrl"
    if not cyrillic and not any(name.endings):
        return target.form
    surface, endings = WORD.findall(name.text), name.endings
    old, new = WORD.findall(name.form.form), WORD.findall(target.form)
    if len(old) != len(new):
        return None
    spoken = ending_language(target.script, name.language)
    written = target.form
    # from the last word backwards: the places of those before stay right
    for match, before, seen, ending in reversed(list(zip(WORD.finditer(written), old, surface, endings, strict=True))):
        after = match.group()
        row = declension(fold(after), spoken, rows)
        if cyrillic and (row is None or row != declension(fold(before), spoken, rows)):
            return None
        if not ending:
            continue
        if row is None or len(fold(seen)) != len(seen) or (not cyrillic and before[-2:] != after[-2:]):
            return None
        stem = after.removesuffix(row.final) if cyrillic else after
        written = written[: match.start()] + stem + seen[len(seen) - len(ending) :] + written[match.end() :]
    return written
