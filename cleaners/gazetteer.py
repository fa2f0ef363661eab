"""The gazetteer: places, people and organisations with every form of their names, kept as data in `gazetteer/`.

What the files and their columns mean, and where the facts come from: `gazetteer/SOURCES.md`. No data file hides a
policy: a form says who uses it (`claimed_by`), and only `policies.toml` says which form is written.
"""

import csv
import functools
import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

FOLDER = Path(__file__).with_name("gazetteer")
"""The gazetteer that is shipped."""

KEEP_SOURCE = "keep-source"
"""The policy that changes nothing: names stay as written, misspellings included."""

SHARED = "transliteration"
"""The table of `policies.toml` that all policies share."""

DATA_FILES = ("cues.csv", "endings.csv", "entities.csv", "forms.csv", "policies.toml")
"""What `version.toml` holds the digests of."""

KINDS = ("official", "endonym", "exonym", "translit", "historical", "abbr", "typo", "adjective")
CONFIDENCES = ("high", "medium", "low")
MATCHES = ("always", "context", "never")
CUE_KINDS = (
    *("place", "locative", "title", "person", "namesake", "era"),
    *("opener", "compound", "business", "event", "naming"),
)
SIDES = ("before", "after", "both", "ending")


class GazetteerError(ValueError):
    """A gazetteer file that cannot be used: the message names file, line and field."""


class PolicyError(ValueError):
    """A naming policy that does not exist: the message lists those that do."""


@dataclass(frozen=True, slots=True)
class Entity:
    """What a name is the name of; `region` groups what is likely to be mentioned together.

    `coordinates` are latitude and longitude in degrees (WGS 84), a space between them, or empty.
    """

    id: str
    type: str
    region: str
    geonames: str
    wikidata: str
    disputed: str
    note: str
    coordinates: str = ""

    @property
    def is_person(self) -> bool:
        """Whether it is a person, or a surname that does not say whose."""
        return self.type in {"person", "surname"}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write one entity's name in one language. `valid_from` and `valid_to` are years, or empty."""

    entity: str
    form: str
    lang: str
    script: str
    kind: str
    claimed_by: str
    valid_from: str
    valid_to: str
    source: str
    confidence: str
    match: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the form comes from, one by one: `kind` or `kind:id`; a derived form has one source."""
        return (self.source,) if self.source.startswith("derived:") else tuple(self.source.split())


@dataclass(frozen=True, slots=True)
class Cue:
    """A word beside a name that tells what the name means; `cue` may end in `*`, `entity` may be empty for any.

    On side "ending" it is the name's own case ending.
    """

    lang: str
    kind: str
    side: str
    cue: str
    entity: str


@dataclass(frozen=True, slots=True)
class Endings:
    """The case endings that replace `final` in words that end so; the longest `final` that fits a word holds."""

    lang: str
    final: str
    endings: tuple[str, ...]


Choices = Mapping[tuple[str, str], str]
"""(entity, language) → the form that is written."""


@dataclass(frozen=True, slots=True)
class Table:
    """A naming policy as its table in `policies.toml` says it.

    `extends` is the policy whose choices it shares unless it has its own; `beside` are policies whose form follows the
    first mention in parentheses.
    """

    chosen: Choices
    extends: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Everything the files say.

    `tables` are the policies as they stand in the file, `policies` the choices of each, shared ones among them.
    """

    version: str
    entities: Mapping[str, Entity]
    forms: tuple[Form, ...]
    by_entity: Mapping[str, tuple[Form, ...]]
    cues: tuple[Cue, ...]
    endings: tuple[Endings, ...]
    tables: Mapping[str, Table]
    policies: Mapping[str, Choices]


@functools.cache
def load() -> Gazetteer:
    """Return the gazetteer that is shipped, read once."""
    return read(FOLDER)


def read(folder: Path) -> Gazetteer:
    """Read a gazetteer folder; GazetteerError says which file, line and field cannot be used."""
    entities = [Entity(*row) for row in rows(folder / "entities.csv", Entity)]
    forms = tuple(Form(*row) for row in rows(folder / "forms.csv", Form))
    tables = read_tables(folder / "policies.toml")
    return Gazetteer(
        version=_version(folder),
        entities={entity.id: entity for entity in entities},
        forms=forms,
        by_entity=forms_of(forms),
        cues=tuple(Cue(*row) for row in rows(folder / "cues.csv", Cue)),
        endings=tuple(
            Endings(lang, end, tuple(all_.split())) for lang, end, all_ in rows(folder / "endings.csv", Endings)
        ),
        tables=tables,
        policies=choices_of(tables, "policies.toml"),
    )


def forms_of(forms: Iterable[Form]) -> dict[str, tuple[Form, ...]]:
    """Return the forms of each entity, in their order."""
    found: defaultdict[str, list[Form]] = defaultdict(list)
    for form in forms:
        found[form.entity].append(form)
    return {entity: tuple(own) for entity, own in found.items()}


def digests(folder: Path = FOLDER) -> dict[str, str]:
    """Return file name → SHA-256 of the gazetteer's data files."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in DATA_FILES}


def stated_digests(folder: Path = FOLDER) -> object:
    """Return the digests that `version.toml` states."""
    return _toml(folder / "version.toml").get("sha256")


@functools.cache
def version() -> str:
    """Return the version of the gazetteer that is shipped, without reading the rest of it."""
    return _version(FOLDER)


def rows(path: Path, kind: type[Entity | Form | Cue | Endings]) -> Iterator[list[str]]:
    """Yield the fields of each row; GazetteerError names the file, the line and what is wrong with it."""
    header = [field.name for field in fields(kind)]
    required = [field.name for field in fields(kind) if field.default is MISSING]
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream, strict=True)
        try:
            if (first := next(lines, [])) not in (header, required):
                raise GazetteerError(f"{path.name}: the header is {','.join(first)}, not {','.join(header)}")
            for row in lines:
                if len(row) != len(first):
                    raise GazetteerError(f"{path.name}: line {lines.line_num}: {len(row)} fields, not {len(first)}")
                yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise GazetteerError(f"{path.name}: line {lines.line_num}: {error}") from error


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path.name}: not TOML in UTF-8: {error}") from error


def _version(folder: Path) -> str:
    stated = _toml(folder / "version.toml").get("version")
    if not isinstance(stated, str):
        raise GazetteerError('version.toml: give the version as a string, such as version = "2026.01.1"')
    return stated


def read_tables(path: Path) -> dict[str, Table]:
    """Return the policies of a file as they stand there; GazetteerError where they are none."""
    return {name: _table(name, table, path.name) for name, table in _toml(path).items()}


def _table(policy: str, table: object, file: str) -> Table:
    said = f"{file}: [{policy}]"
    if not isinstance(table, dict):
        raise GazetteerError(f"{said}: a policy is a table")
    extends, beside = table.get("extends", ""), table.get("beside", [])
    if not isinstance(extends, str) or not isinstance(beside, list) or not all(isinstance(p, str) for p in beside):
        raise GazetteerError(f'{said}: give extends = "policy" and beside = ["policy", ...]')
    found: dict[tuple[str, str], str] = {}
    for entity, forms in table.items():
        if entity in {"extends", "beside"}:
            continue
        if not isinstance(forms, dict) or not all(isinstance(form, str) for form in forms.values()):
            raise GazetteerError(f'{said} {entity}: give language = "form" pairs')
        found.update({(entity, lang): form for lang, form in forms.items()})
    return Table(found, extends, tuple(beside))


def choices_of(tables: Mapping[str, Table], file: str) -> dict[str, Choices]:
    """Return the choices of each policy, with those it shares; GazetteerError where it extends what there is not."""
    shared = tables[SHARED].chosen if SHARED in tables else {}
    policies: dict[str, Choices] = {}
    for name, table in tables.items():
        if name == SHARED:
            continue
        for other in (table.extends, *table.beside):
            if other and other not in policies:
                raise GazetteerError(f"{file}: [{name}]: there is no policy {other!r} above it")
        policies[name] = {**shared, **policies.get(table.extends, {}), **table.chosen}
    return policies
