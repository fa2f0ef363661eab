"""What is wrong with the data of a gazetteer, the one that is shipped or a folder of the user's own.

The program reads a gazetteer strictly and stops at its first fault; this tells all faults at once.
"""

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from cleaners import gazetteer
from cleaners.folding import WORD, fold
from cleaners.forms import GAPS
from cleaners.gazetteer import (
    CONFIDENCES,
    CUE_KINDS,
    KINDS,
    MATCHES,
    SIDES,
    Cue,
    Endings,
    Entity,
    Form,
    Gazetteer,
    GazetteerError,
    Table,
)
from cleaners.rewriting import is_valid
from cleaners.transliteration import STANDARDS
from schemas.finding import Finding

CODES = {
    "name_unreadable": "a file cannot be read as what it should be",
    "name_unknown_entity": "a row tells of an entity that entities.csv does not have",
    "name_unknown_value": "a field has a value that is none of those it may have",
    "name_without_form": "an entity has no form, so it is never found",
    "name_without_source": "nothing says where a form comes from",
    "name_repeated": "a row or an id stands there twice",
    "name_ambiguous": "a form that is a name wherever it stands is one of several entities",
    "name_script": "a form is not in the script that is given, or its language is not written in that script",
    "name_unmatchable": "a form has a mark between its words, or no word, so no text can have it",
    "name_validity": "a period ends before it begins, or two official forms of one side hold at one time",
    "name_derived": "a derived form is not what the standard makes of the form it names, or the entity lacks that form",
    "name_policy_unlisted": "a policy writes what is no form of the entity in that language",
    "name_version": "the data is not what version.toml has the digests of",
}
"""Every code of `cleancopy names lint`, with what it means."""

_SCRIPTS = {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Armn": "ARMENIAN", "Geor": "GEORGIAN", "Arab": "ARABIC"}
_WRITTEN_IN = {
    **{key: {"Latn"} for key in ("en", "de", "fr", "es", "it", "pl", "tr")},
    **{key: {"Cyrl"} for key in ("ru", "uk", "be", "bg")},
    **{key: {"Arab"} for key in ("fa", "ar")},
    "hy": {"Armn"},
    "ka": {"Geor"},
    "az": {"Latn", "Cyrl", "Arab"},
}
_DATE = re.compile(r"(?:[0-9]{4}(?:-[0-9]{2}){0,2})?")
_PLACE = re.compile(r"(?:-?[0-9]{1,2}\.[0-9]+ -?[0-9]{1,3}\.[0-9]+)?")


def lint(data: Gazetteer) -> list[Finding]:
    """Return what is wrong with a gazetteer: each finding names the file and the row."""
    found = (
        _entities(data),
        _forms(data),
        _ambiguous(data),
        _derived(data),
        _periods(data),
        _cues(data),
        _policies(data),
    )
    return sorted(set(itertools.chain(*found)))


def lint_folder(folder: Path) -> list[Finding]:
    """Return what is wrong with a folder: a whole gazetteer if it has a version.toml, else names beside the shipped.

    GazetteerError where there is no file of a gazetteer.
    """
    if not any((folder / name).is_file() for name in gazetteer.DATA_FILES):
        raise GazetteerError(f"{folder}: no gazetteer: none of {', '.join(gazetteer.DATA_FILES)} is there")
    faults: list[Finding] = []
    whole = (folder / "version.toml").is_file()
    data = _read(folder, None if whole else gazetteer.load(), faults)
    if whole and not faults and gazetteer.stated_digests(folder) != gazetteer.digests(folder):
        said = "the data changed: raise `version`, and put the new digests there"
        faults.append(Finding("name_version", "version.toml", said))
    return sorted({*faults, *lint(data)})


def _read(folder: Path, shipped: Gazetteer | None, faults: list[Finding]) -> Gazetteer:
    """Read what can be read of a folder, after what is shipped if that is given, and add to `faults` what cannot."""

    def rows(name: str, kind: type[Entity | Form | Cue | Endings]) -> list[list[str]]:
        try:
            path = folder / name
            return list(gazetteer.rows(path, kind)) if shipped is None or path.is_file() else []
        except (GazetteerError, OSError) as error:
            faults.append(Finding("name_unreadable", name, str(error)))
            return []

    tables: dict[str, Table] = {}
    if (policies := folder / "policies.toml").is_file() or shipped is None:
        try:
            tables = gazetteer.read_tables(policies)
            gazetteer.choices_of({**(shipped.tables if shipped else {}), **tables}, policies.name)
        except (GazetteerError, OSError) as error:
            faults.append(Finding("name_unreadable", policies.name, str(error)))
    forms = (*(shipped.forms if shipped else ()), *(Form(*row) for row in rows("forms.csv", Form)))
    entities = dict(shipped.entities) if shipped else {}
    for row in rows("entities.csv", Entity):
        entity = Entity(*row)
        if entity.id in entities:
            said = f"{entity.id}: stands there twice, or is shipped already"
            faults.append(Finding("name_repeated", "entities.csv", said))
        entities[entity.id] = entity
    return Gazetteer(
        version="",
        entities=entities,
        forms=forms,
        by_entity=gazetteer.forms_of(forms),
        cues=(*(shipped.cues if shipped else ()), *(Cue(*row) for row in rows("cues.csv", Cue))),
        endings=tuple(Endings(lang, end, tuple(those.split())) for lang, end, those in rows("endings.csv", Endings)),
        tables=tables,
        policies={name: table.chosen for name, table in tables.items()},
    )


def _entities(data: Gazetteer) -> Iterator[Finding]:
    ids: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for entity in data.entities.values():
        for name, value in (("geonames", entity.geonames), ("wikidata", entity.wikidata)):
            ids[name, value].append(entity.id)
        if not entity.id or not entity.type or entity.disputed not in {"yes", "no"}:
            yield Finding(
                "name_unknown_value", "entities.csv", f"{entity.id}: give id, type, and yes or no for disputed"
            )
        if not _PLACE.fullmatch(entity.coordinates):
            yield Finding("name_unknown_value", "entities.csv", f"{entity.id}: coordinates are two decimal numbers")
        if entity.id not in data.by_entity:
            yield Finding("name_without_form", "entities.csv", f"{entity.id}: forms.csv has no form of it")
    for (name, value), having in ids.items():
        if value and len(having) > 1:
            yield Finding("name_repeated", "entities.csv", f"{', '.join(having)}: all have the {name} id {value}")


def _forms(data: Gazetteer) -> Iterator[Finding]:
    seen: set[tuple[str, str, str]] = set()
    for form in data.forms:
        row = f"{form.entity} {form.form!r} ({form.lang})"
        if form.entity not in data.entities:
            yield Finding("name_unknown_entity", "forms.csv", f"{row}: entities.csv has no {form.entity}")
        if not form.source:
            yield Finding("name_without_source", "forms.csv", f"{row}: say where the form comes from")
        for field, value, allowed in (
            ("kind", form.kind, KINDS),
            ("confidence", form.confidence, CONFIDENCES),
            ("match", form.match, MATCHES),
        ):
            if value not in allowed:
                said = f"{row}: {field} is {value!r}, not one of {', '.join(allowed)}"
                yield Finding("name_unknown_value", "forms.csv", said)
        if (key := (form.entity, form.form, form.lang)) in seen:
            yield Finding("name_repeated", "forms.csv", f"{row}: stands there twice")
        seen.add(key)
        if said := _script(form):
            yield Finding("name_script", "forms.csv", f"{row}: {said}")
        if form.match != "never" and not _can_match(form.form):
            said = "only spaces and hyphens can stand between the words of a name that is looked for"
            yield Finding("name_unmatchable", "forms.csv", f"{row}: {said}")


def _script(form: Form) -> str:
    """Say what is wrong with the script of a form, nothing where all is right or cannot be told."""
    if form.script not in _WRITTEN_IN.get(form.lang, {form.script}):
        return f"{form.lang} is not written in {form.script}"
    wanted = _SCRIPTS.get(form.script)
    if wanted is None or (wanted == "LATIN" and form.form.isascii()):
        return ""
    strange = [c for c in form.form if c.isalpha() and not unicodedata.name(c, wanted).startswith(wanted)]
    return f"{''.join(strange)!r} is not in {form.script}" if strange else ""


def _can_match(form: str) -> bool:
    words = list(WORD.finditer(form))
    gaps = {form[one.end() : two.start()] for one, two in itertools.pairwise(words)}
    return bool(words) and gaps <= GAPS and words[0].start() == 0 and words[-1].end() == len(form)


def _ambiguous(data: Gazetteer) -> Iterator[Finding]:
    senses: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    keyed = [(form, tuple(map(fold, WORD.findall(form.form)))) for form in data.forms if form.match != "never"]
    sure = {key for form, key in keyed if form.match == "always"}
    for form, key in keyed:
        senses[key].add(form.entity)
    for form, key in keyed:
        if key in sure and len(senses[key]) > 1:
            several = ", ".join(sorted(senses[key]))
            yield Finding("name_ambiguous", "forms.csv", f"{form.form!r} is {several}: match = context for all")


def _derived(data: Gazetteer) -> Iterator[Finding]:
    for form in data.forms:
        if form.source.startswith("derived:") and form.source not in _derivations(data, form):
            row = f"{form.entity} {form.form!r} ({form.lang})"
            yield Finding("name_derived", "forms.csv", f"{row}: no form of the entity gives it by {form.source[9:]!r}")


def _derivations(data: Gazetteer, form: Form) -> Iterator[str]:
    """Yield the sources by which a form can be derived from the other forms of its entity."""
    for other in data.by_entity[form.entity]:
        said, standard = STANDARDS.get((other.lang, form.script), ("", None))
        if standard and standard(other.form) == form.form:
            yield f"derived: {said} {other.form}"


def _periods(data: Gazetteer) -> Iterator[Finding]:
    official: defaultdict[tuple[str, str, str, str], list[Form]] = defaultdict(list)
    for form in data.forms:
        row = f"{form.entity} {form.form!r} ({form.lang})"
        if not _DATE.fullmatch(form.valid_from) or not _DATE.fullmatch(form.valid_to):
            yield Finding(
                "name_validity", "forms.csv", f"{row}: valid_from and valid_to are YYYY, YYYY-MM or YYYY-MM-DD"
            )
        elif form.valid_to and form.valid_from > form.valid_to:
            yield Finding("name_validity", "forms.csv", f"{row}: {form.valid_from} is after {form.valid_to}")
        elif form.kind == "official":
            official[form.entity, form.lang, form.script, form.claimed_by].append(form)
    for (entity, lang, _, side), forms in official.items():
        for one, two in itertools.combinations(forms, 2):
            if _overlap(one, two):
                said = (
                    f"{entity} {one.form!r} and {two.form!r} ({lang}) are both official{f' for {side}' if side else ''}"
                )
                yield Finding("name_validity", "forms.csv", f"{said} at one time")


def _overlap(one: Form, two: Form) -> bool:
    begun = max(one.valid_from, two.valid_from)
    return is_valid(one, begun) and is_valid(two, begun) if begun else True


def _cues(data: Gazetteer) -> Iterator[Finding]:
    for cue in data.cues:
        if cue.kind not in CUE_KINDS or cue.side not in SIDES:
            yield Finding("name_unknown_value", "cues.csv", f"{cue.cue!r} ({cue.lang}): unknown kind or side")
        if cue.entity and cue.entity not in data.entities:
            yield Finding("name_unknown_entity", "cues.csv", f"{cue.cue!r} ({cue.lang}): no entity {cue.entity}")


def _policies(data: Gazetteer) -> Iterator[Finding]:
    known = {(form.entity, form.lang, form.form) for form in data.forms if form.kind != "typo"}
    for policy, table in data.tables.items():
        for (entity, lang), form in table.chosen.items():
            if (entity, lang, form) not in known:
                said = f"{policy}: {entity}: {form!r} ({lang}) is no form of it"
                yield Finding("name_policy_unlisted", "policies.toml", said)


def rows_of(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return findings as rows: code, file, detail."""
    return [{"code": found.code, "file": found.path, "detail": found.detail} for found in findings]
