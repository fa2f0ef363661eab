"""`cleancopy names`: what the gazetteer knows of a name, and whether a gazetteer's data can be used."""

import difflib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.document import JsonOption
from flows.errors import UsageError
from flows.output import print_json_rows, print_table, safe, say

if TYPE_CHECKING:
    from cleaners.gazetteer import Entity, Form, Gazetteer

EXAMPLES = """Examples:

  cleancopy names show Shushi                     whose name it is, in every language, and what each policy writes

  cleancopy names show pl:shusha --json

  cleancopy names lint                            check the gazetteer that is shipped, and your own if configured

  cleancopy names lint my-names                   check a folder of your own
"""

_SEVERAL = 5


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name as a text has it, or an entity's id.")],
    gazetteer: Annotated[
        Path | None, typer.Option(help="Folder of names and policies of your own.", show_default="as configured")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show all that is known of a name: what it is the name of, its forms and their sources, what policies write."""
    from cleaners import naming

    folder = gazetteer or _configured()
    data = naming.load(naming.own(folder) if folder else None)
    entities = _meant(data, name)
    if json:
        print_json_rows(_row(data, entity) for entity in entities)
        return
    if len(entities) > 1:
        say(f"{name} can be {len(entities)} entities")
    for number, entity in enumerate(entities):
        if number:
            typer.echo()
        _print(data, entity)


def lint(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of a gazetteer.", show_default="the gazetteer in use"),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check a gazetteer's files: unknown entities, ambiguous names, missing sources, overlapping periods and more.

    Exits with 1 where something is wrong. Without FOLDER, what is shipped is checked, and the folder that `gazetteer`
    names in cleancopy.toml.
    """
    from cleaners.gazetteer import FOLDER
    from cleaners.gazetteer_lint import lint_folder

    folders = [folder] if folder else [FOLDER, *filter(None, [_configured()])]
    found = [(place, finding) for place in folders for finding in lint_folder(place)]
    if json:
        print_json_rows(
            {"code": finding.code, "file": str(place / finding.path), "detail": finding.detail}
            for place, finding in found
        )
    else:
        if found:
            rows = [(finding.code, finding.path, finding.detail) for _, finding in found]
            print_table(("code", "file", "what is wrong"), rows, width=160)
        say(f"{len(found)} finding{'s' * (len(found) != 1)} in {', '.join(safe(str(place)) for place in folders)}")
    if found:
        raise typer.Exit(1)


def _configured() -> Path | None:
    from schemas.config import Settings

    return Settings().gazetteer


def _meant(data: "Gazetteer", name: str) -> list["Entity"]:
    """Return the entities that have this id or this form, in any case; UsageError names those with forms like it."""
    from cleaners.folding import fold

    if entity := data.entities.get(name):
        return [entity]
    asked = fold(" ".join(name.split()))
    found = dict.fromkeys(form.entity for form in data.forms if fold(form.form) == asked)
    if found:
        return [data.entities[entity] for entity in found]
    known: dict[str, list[Form]] = {}
    for form in data.forms:
        known.setdefault(fold(form.form), []).append(form)
    near = [known[key][0] for key in difflib.get_close_matches(asked, known, _SEVERAL, 0.7)]
    advice = "; did you mean one of these?" + "".join(f"\n  {form.form} ({form.entity})" for form in near)
    raise UsageError(f"the gazetteer knows no name {safe(name)!r}{advice if near else ''}")


def _written(data: "Gazetteer", entity: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each policy with what it writes for an entity, by language."""
    from cleaners.gazetteer import KEEP_SOURCE

    for policy, chosen in data.policies.items():
        yield policy, {lang: form for (of, lang), form in chosen.items() if of == entity}
    yield KEEP_SOURCE, {}


def _row(data: "Gazetteer", entity: "Entity") -> dict[str, object]:
    forms = [asdict(form) | {"sources": form.sources} for form in data.by_entity.get(entity.id, ())]
    for form in forms:
        del form["entity"], form["source"]
    return asdict(entity) | {"forms": forms, "policies": dict(_written(data, entity.id))}


def _print(data: "Gazetteer", entity: "Entity") -> None:
    ids = (("GeoNames", entity.geonames), ("Wikidata", entity.wikidata), ("at", entity.coordinates))
    known = [f"{label} {value}" for label, value in ids if value]
    disputed = ["sides use competing names"] if entity.disputed == "yes" else []
    typer.echo(typer.style(safe(entity.id), bold=True) + "  " + safe("; ".join([entity.type, *known, *disputed])))
    if entity.note:
        typer.echo(safe(entity.note))
    header = ("lang", "script", "form", "kind", "used by", "valid", "match", "confidence", "source")
    typer.echo()
    print_table(header, map(_cells, _sorted(data, entity.id)))
    typer.echo()
    print_table(
        ("policy", "writes"), ((name, _choices(data, name, chosen)) for name, chosen in _written(data, entity.id))
    )


def _sorted(data: "Gazetteer", entity: str) -> list["Form"]:
    """Return an entity's forms by language, languages as they first come, and within one in their order."""
    forms = data.by_entity.get(entity, ())
    order = list(dict.fromkeys((form.lang, form.script) for form in forms))
    return sorted(forms, key=lambda form: order.index((form.lang, form.script)))


def _cells(form: "Form") -> tuple[str, ...]:
    valid = f"{form.valid_from}-{form.valid_to}" if form.valid_from or form.valid_to else ""
    said = (form.lang, form.script, form.form, form.kind, form.claimed_by, valid, form.match, form.confidence)
    return (*said, ", ".join(form.sources))


def _choices(data: "Gazetteer", policy: str, chosen: dict[str, str]) -> str:
    written = ", ".join(f"{lang} {form}" for lang, form in chosen.items()) or "as the publisher wrote it"
    table = data.tables.get(policy)
    return (
        f"{written}; beside the first mention what {' or '.join(table.beside)} writes"
        if table and table.beside
        else written
    )
