"""Which names and policies hold: the gazetteer that is shipped, joined with one of the user's own if there is any.

A folder of one's own has any of the files that `gazetteer/` has, with the same columns, but no `version.toml`: the
digest of its files stands in the recipe. It adds entities, forms, cues and endings; a policy it names anew extends
the one that is shipped, choice by choice.
"""

import csv
import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from cleaners import gazetteer
from cleaners.folding import WORD
from cleaners.gazetteer import (
    CUE_KINDS,
    DATA_FILES,
    KEEP_SOURCE,
    KINDS,
    MATCHES,
    SIDES,
    Choices,
    Cue,
    Endings,
    Entity,
    Form,
    Gazetteer,
    GazetteerError,
    PolicyError,
    Table,
)
from schemas.page import OwnGazetteer


def own(folder: Path) -> OwnGazetteer:
    """Return what names a folder as it is now; GazetteerError says which file and line cannot be used."""
    found = OwnGazetteer(str(folder.resolve()), _digest(folder))
    load(found)
    return found


@functools.cache
def load(own: OwnGazetteer | None = None) -> Gazetteer:
    """Return the gazetteer that is shipped, joined with the user's own; GazetteerError where that cannot be used."""
    shipped = gazetteer.load()
    return _joined(shipped, own) if own else shipped


def choices(policy: str, own: OwnGazetteer | None = None) -> Choices:
    """Return what a policy writes; PolicyError where there is no such policy."""
    if policy == KEEP_SOURCE:
        return {}
    known = load(own).policies
    if policy not in known:
        raise PolicyError(
            f"there is no naming policy {policy!r}; choose one of {', '.join([*known, KEEP_SOURCE])} "
            "(policies of your own stand in the folder that `gazetteer` names in cleancopy.toml)"
        )
    return known[policy]


def beside(policy: str, own: OwnGazetteer | None = None) -> tuple[Choices, ...]:
    """Return the choices of the policies whose form a policy puts beside the first mention, in the order to ask."""
    data = load(own)
    return tuple(data.policies[other] for other in data.tables[policy].beside) if policy in data.tables else ()


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    met = [name for name in DATA_FILES if (folder / name).is_file()]
    if not met:
        raise GazetteerError(f"{folder}: no gazetteer: none of {', '.join(DATA_FILES)} is there")
    for name in met:
        digest.update(f"{name} {hashlib.sha256((folder / name).read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a file, for messages, and its fields."""

    where: str
    fields: list[str]


def _rows(folder: Path, name: str, kind: type[Entity | Form | Cue | Endings]) -> Iterator[_Row]:
    path = folder / name
    if not path.is_file():
        return
    header = [field.name for field in fields(kind)]
    required = [field.name for field in fields(kind) if field.default is MISSING]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream, strict=True)
        try:
            if (first := next(rows, [])) not in (header, required):
                raise GazetteerError(f"{path}: line 1: the header is {','.join(first)}, not {','.join(header)}")
            for row in rows:
                if len(row) != len(first):
                    raise GazetteerError(f"{path}: line {rows.line_num}: {len(row)} fields, not {len(first)}")
                yield _Row(f"{path}: line {rows.line_num}", row)
        except (csv.Error, UnicodeDecodeError) as error:
            raise GazetteerError(f"{path}: line {rows.line_num}: {error}") from error


def _joined(shipped: Gazetteer, own: OwnGazetteer) -> Gazetteer:
    folder = Path(own.folder)
    if _digest(folder) != own.sha256:
        raise GazetteerError(f"{folder}: the files have changed while they were in use; run again")
    entities = dict(shipped.entities)
    for row in _rows(folder, "entities.csv", Entity):
        entity = Entity(*row.fields)
        if entity.id in entities or not entity.id or not entity.type:
            raise GazetteerError(f"{row.where}: entity {entity.id!r} has no type, or stands there already")
        entities[entity.id] = entity
    forms = (*shipped.forms, *(_form(row, entities) for row in _rows(folder, "forms.csv", Form)))
    cues = (*shipped.cues, *(_cue(row, entities) for row in _rows(folder, "cues.csv", Cue)))
    endings = tuple(
        Endings(lang, final, tuple(those.split()))
        for lang, final, those in (row.fields for row in _rows(folder, "endings.csv", Endings))
    )
    tables = dict(shipped.tables)
    if (path := folder / "policies.toml").is_file():
        added = gazetteer.read_tables(path)
        _check(added, forms, path)
        tables |= {name: _extended(tables.get(name), table) for name, table in added.items()}
    return Gazetteer(
        version=f"{shipped.version}+{own.sha256[:12]}",
        entities=entities,
        forms=forms,
        by_entity=gazetteer.forms_of(forms),
        cues=cues,
        endings=(*shipped.endings, *endings),
        tables=tables,
        policies=gazetteer.choices_of(tables, str(folder / "policies.toml")),
    )


def _form(row: _Row, entities: Mapping[str, Entity]) -> Form:
    form = Form(*row.fields)
    if form.entity not in entities:
        raise GazetteerError(f"{row.where}: no entities.csv has {form.entity!r}")
    if not WORD.search(form.form) or not form.lang or not form.script:
        raise GazetteerError(f"{row.where}: a form has words, a language and a script")
    for name, value, allowed in (("kind", form.kind, KINDS), ("match", form.match, MATCHES)):
        if value not in allowed:
            raise GazetteerError(f"{row.where}: {name} is {value!r}, not one of {', '.join(allowed)}")
    return form


def _cue(row: _Row, entities: Mapping[str, Entity]) -> Cue:
    cue = Cue(*row.fields)
    if cue.kind not in CUE_KINDS or cue.side not in SIDES or (cue.entity and cue.entity not in entities):
        raise GazetteerError(f"{row.where}: unknown kind, side or entity")
    return cue


def _check(tables: Mapping[str, Table], forms: tuple[Form, ...], path: Path) -> None:
    known = {(form.entity, form.lang, form.form) for form in forms if form.kind != "typo"}
    for policy, table in tables.items():
        for (entity, lang), form in table.chosen.items():
            if (entity, lang, form) not in known:
                line = _line(path, policy, entity)
                raise GazetteerError(f"{path}: line {line}: [{policy}] {entity}: {form!r} ({lang}) is no form of it")


def _line(path: Path, policy: str, entity: str) -> int:
    """Return the number of the line on which a policy chooses for an entity."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = next((n for n, line in enumerate(lines) if line.strip().startswith(f"[{policy}")), 0)
    return 1 + next((n for n, line in enumerate(lines) if n >= header and entity in line), header)


def _extended(shipped: Table | None, added: Table) -> Table:
    if shipped is None:
        return added
    return Table({**shipped.chosen, **added.chosen}, added.extends or shipped.extends, added.beside or shipped.beside)
