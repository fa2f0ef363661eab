"""Surnames that stand alone, of persons whom the page names in full, or whose office it names.

A surname alone may be anybody's. It is taken for a listed person's where the page has that person's full name, and no
other person's of this surname; or where an office stands before it, the gazetteer has one person of this surname, and
the page has a name besides whose meaning is clear.
"""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import chain

from cleaners.entries import Name
from cleaners.folding import WORD, fold
from cleaners.forms import Lexicon, Reading, lexicon
from cleaners.gazetteer import Form
from cleaners.protected import address_around
from cleaners.sightings import Page

_OFFICE_REACH = 2


def bare_surnames(page: Page, placed: Sequence[tuple[Name, Form]]) -> Iterator[tuple[Name, Form]]:
    """Yield the surnames that stand alone in a page, each with a form of the person meant; `placed` are its names."""
    if not placed:
        return
    named: defaultdict[str, set[str]] = defaultdict(set)
    for _, form in placed:
        words = WORD.findall(form.form)
        if len(words) > 1 and page.entities[form.entity].type == "person":
            named[fold(words[-1])].add(form.entity)
    end, is_address = 0, False
    for i, word in enumerate(page.words):
        if not word[0].isupper() or i in page.taken:
            continue
        known = lexicon(page.data, page.language_at(i))
        if (reading := known.surname(word)) and (found := _person(page, i, reading, known, named)):
            if found[0].start >= end:
                end, is_address = address_around(page.text, found[0].start, end)
            if not is_address:
                yield found


def _person(
    page: Page, i: int, reading: Reading, known: Lexicon, named: dict[str, set[str]]
) -> tuple[Name, Form] | None:
    """Return the surname that word i is, and whose it is; None where that is not clear."""
    listed = {form.entity for form in known.index.surnames[reading.word]}
    # who is named in full under another spelling of the surname is the same
    here = set(chain.from_iterable(named.values())) & listed
    entities = here or listed
    if len(entities) != 1:
        return None
    name = _alone(page, i, reading, known, entities)
    if not page.stands_for_one(name):
        return None
    if not here and not page.cued(name, "title", _OFFICE_REACH):
        return None
    return name, name.senses[0]


def _alone(page: Page, i: int, reading: Reading, known: Lexicon, entities: Container[str]) -> Name:
    """Return word i as a surname that stands alone, with its case ending."""
    language, last = page.language_at(i), page.suffixed(i + 1, known)
    senses = sorted(
        (form for form in known.index.surnames[reading.word] if form.entity in entities),
        key=lambda form: form.lang != language,
    )
    start, stop = page.spans[i]
    return Name(
        first=i,
        last=last,
        start=start,
        stop=stop,
        end=page.spans[last - 1][1],
        senses=tuple(senses),
        endings=(reading.ending,),
        doubtful=False,
        language=language,
        alone=True,
    )
