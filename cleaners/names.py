"""Names of places, people and organisations: each found and linked to what it means, some written in another form.

Three operations are kept apart, as the rule of an edit says: a misspelling corrected (`name_typo`), one spelling of
one name per language (`name_translit`), and a choice among competing names, which is a policy (`name_policy`).
"""

import functools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cleaners import gazetteer, ledger, naming
from cleaners.entries import Name
from cleaners.folding import WORD, fold
from cleaners.forms import language_of, lexicon
from cleaners.gazetteer import Form
from cleaners.rewriting import Written, capitals, operation, rewritten, target_of
from cleaners.sightings import Page
from cleaners.surnames import bare_surnames
from schemas.cleaner import Cleaner
from schemas.edit import Edit, Step
from schemas.page import Document, Mention, OwnGazetteer

_JOINING = frozenset("'’ʼ-\u2010\u2011\u2012\u2013/&")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text, with its case ending, in code points of that text.

    `kind` is the kind of its form (gazetteer.KINDS). `protected` names are never rewritten: they stand in a quotation,
    a title, or the name of an event or institution.
    """

    start: int
    end: int
    surface: str
    entity: str
    kind: str
    protected: bool


def find(text: str, language: str, own: OwnGazetteer | None = None, others: tuple[str, ...] = ()) -> list[Found]:
    """Return the names in a text in a language (BCP 47, "und" where unsure), in order and disjoint, in linear time.

    `own` are names of the user's beside those that are shipped; `others` are languages of paragraphs that are not in
    `language`.

    >>> [(name.surface, name.entity, name.kind) for name in find("Из Степанакерта в Баку", "ru")]
    [('Степанакерта', 'pl:stepanakert', 'exonym'), ('Баку', 'pl:baku', 'exonym')]
    """
    page, names = _read(text, language, others, naming.load(own))
    return [
        Found(name.start, name.end, text[name.start : name.end], form.entity, form.kind, page.protects(name))
        for name, form in names
    ]


@functools.lru_cache(maxsize=2)
def _read(
    text: str, language: str, others: tuple[str, ...], data: gazetteer.Gazetteer
) -> tuple[Page, list[tuple[Name, Form]]]:
    """Return a text read for names, and those whose meaning is clear: asked for twice, before and after rewriting."""
    page = Page(text, language, data, others)
    placed = page.resolved()
    placed += bare_surnames(page, placed)
    return page, sorted(placed, key=lambda found: found[0].start)


def mentions(
    extracted: str, text: str, steps: Sequence[Step], spoken: Sequence[str], own: OwnGazetteer | None = None
) -> tuple[Mention, ...]:
    """Return the names of a page in the extracted text's order, those in removed stretches among them.

    `steps` led from `extracted` to the clean `text`; `spoken` are the
    languages of the clean text: its own, then those of other paragraphs.
    """
    language, others = spoken[0], tuple(spoken[1:])
    # names are read where the cleaner reads them: before it rewrites some, and before layout, the only step after it
    at = next((i for i, step in enumerate(steps) if step.cleaner in {CLEANER.name, "layout"}), len(steps))
    earlier, later = ledger.flatten(steps[:at]), ledger.flatten(steps[at:])
    source, clean = ledger.Positions(earlier), ledger.Positions(later)
    places = [
        (source.back(name.start, name.end), clean.forward(name.start, name.end), name)
        for name in find(ledger.apply(extracted, earlier), language, own, others)
    ]
    removed = [
        ((name.start, name.end), None, name)
        for name in (find(extracted, language, own, others) if _may_name(earlier, spoken, own) else ())
        if source.forward(name.start, name.end) is None
    ]
    found = []
    for origin, place, name in [*places, *removed]:
        if origin:
            surface, (start, end) = extracted[slice(*origin)], place or (None, None)
            form = text[start:end] if place else surface
            found.append(Mention(*origin, surface, name.entity, name.kind, start, end, form))
    return tuple(sorted(found, key=lambda mention: mention.start))


def _may_name(removals: Sequence[Edit], spoken: Sequence[str], own: OwnGazetteer | None) -> bool:
    """Return whether a name may begin in what edits have removed: on most pages none does."""
    removed = ""
    end = 0
    for edit in removals:
        removed += edit.before if edit.start == end else f"\n{edit.before}"
        end = edit.end
    data = naming.load(own)
    return any(lexicon(data, language_of(language)).starts_in(removed) for language in spoken)


@dataclass(slots=True)
class _Policy:
    """What a policy writes in one text: its choices there, those it puts beside a first mention, and where it did."""

    chosen: gazetteer.Choices
    beside: tuple[gazetteer.Choices, ...]
    date: str
    accompanied: set[str] = field(default_factory=set)


def _propose(document: Document) -> Iterator[Edit]:
    chosen = naming.choices(document.policy, document.own)
    if document.policy == gazetteer.KEEP_SOURCE:
        return
    policy = _Policy(chosen, naming.beside(document.policy, document.own), document.published)
    page, names = _read(document.text, document.language, document.others, naming.load(document.own))
    written: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    # a surname alone goes with the full name, and is no other name for its bearer
    names = [(name, form) for name, form in names if not name.alone]
    for name, form in names:
        written[page.sentence(name), form.entity].add(form.form)
    bearers = {fold(words[-1]) for name, form in names if len(words := WORD.findall(form.form)) > 1}
    for name, form in names:
        if name.doubtful or page.protects(name) or page.cued(name, "naming", 6):
            continue
        if form.kind != "typo" and len(written[page.sentence(name), form.entity]) > 1:
            # "Lachin, which Armenians call Berdzor" must not become "Lachin, which Armenians call Lachin"
            policy.accompanied.add(form.entity)
            continue
        if page.data.entities[form.entity].type == "surname" and fold(form.form) not in bearers:
            continue  # nothing says whose name it is, so nothing says how he spells it
        if edit := _edit(page, name, form, policy):
            yield edit


def _edit(page: Page, name: Name, form: Form, policy: _Policy) -> Edit | None:
    before = page.text[name.start : name.stop]
    listed = policy.chosen.get((form.entity, name.language))
    target = target_of(page.data, form, listed, name.language, policy.date)
    if name.meant and (target is None or listed is None):
        target = name.meant
    after, rule = before, f"name_policy/{form.entity}"
    if target is not None:
        found = rewritten(page.data.endings, Written(form, before, name.endings, name.language), target)
        attached = name.end > name.stop and form.form[-2:] != target.form[-2:]  # an apostrophe and an ending follow
        if found is None or attached or _spoils_article(page, name, found):
            return None
        evidence = f"~{name.meant.form}" if name.meant else ""
        after, rule = found, f"{operation(form, target)}/{form.entity}{evidence}"
    after += _companion(page, name, target or form, policy)
    return Edit(name.start, name.stop, before, after, f"names:{rule}") if after != before else None


def _spoils_article(page: Page, name: Name, after: str) -> bool:
    article = page.words[name.first - 1].lower() if name.first else ""
    return article in {"a", "an"} and (after[0].lower() in "aeiou") != (article == "an")


def _companion(page: Page, name: Name, form: Form, policy: _Policy) -> str:
    """Return what follows the first mention of an entity: another side's form in parentheses, or nothing.

    It follows a name without ending, hyphen or possessive only, outside parentheses: the first that is so.
    """
    key = (form.entity, name.language)
    if not policy.beside or form.entity in policy.accompanied or form.lang != name.language:
        return ""
    others = [chosen[key] for chosen in policy.beside if key in chosen]
    other = next((other for other in others if fold(other) != fold(form.form)), None)
    if other is None or form.kind not in {"official", "endonym", "exonym", "translit", "typo"}:
        return ""
    if any(name.endings) or name.end > name.stop or not _may_be_followed(page, name):
        return ""
    policy.accompanied.add(form.entity)
    shouted = page.text[name.start : name.stop].isupper()
    return f" ({capitals(other, name.language) if shouted else other})"


def _may_be_followed(page: Page, name: Name) -> bool:
    """Return whether a remark in parentheses may follow a name: nothing is joined to it, and it is in none."""
    before, after = page.text[max(0, name.start - 1) : name.start], page.text[name.end : name.end + 2]
    line = page.text.rfind("\n", 0, name.start) + 1
    opened = page.text.rfind("(", line, name.start)
    inside = opened >= 0 and page.text.find(")", opened, name.start) < 0
    joined = before[:1] in _JOINING or after[:1] in _JOINING or after.startswith((" (", "(", ")"))
    return not inside and not joined


CLEANER = Cleaner("names", gazetteer.version(), _propose)
