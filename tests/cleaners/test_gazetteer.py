"""The gazetteer's data can be used, and what is wrong with a copy of it is said."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners import gazetteer, naming
from cleaners.gazetteer import GazetteerError, PolicyError


def test_data_changes_only_with_its_version() -> None:
    stated = tomllib.loads((gazetteer.FOLDER / "version.toml").read_text(encoding="utf-8"))
    found = gazetteer.digests()
    lines = "\n".join(f'"{name}" = "{digest}"' for name, digest in found.items())
    assert stated["sha256"] == found, (
        f"the gazetteer's data changed: raise `version` in {gazetteer.FOLDER / 'version.toml'} "
        f"(now {stated['version']}) and write there\n[sha256]\n{lines}"
    )
    assert re.fullmatch(r"20\d\d\.\d\d\.\d+", stated["version"])


def test_every_source_is_explained() -> None:
    explained = (gazetteer.FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    kinds = {source.partition(":")[0] for form in gazetteer.load().forms for source in form.sources}
    assert {kind for kind in kinds if f"| `{kind}" not in explained} == set()


def test_every_kind_of_form_and_cue_is_explained() -> None:
    explained = (gazetteer.FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    terms = (*gazetteer.KINDS, *gazetteer.MATCHES, *gazetteer.CUE_KINDS)
    assert [term for term in terms if f"`{term}`" not in explained] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("forms.csv", "entity,form", "entity,name", r"forms\.csv: the header is entity,name"),
        ("forms.csv", "pl:hadrut,Hadrut,en,", "pl:hadrut,Hadrut,en", r"forms\.csv: line \d+: 10 fields, not 11"),
        ("policies.toml", "[common]", "[common", r"policies\.toml: not TOML"),
        ("policies.toml", '{ en = "Hadrut" }', '"Hadrut"', r"policies\.toml: \[transliteration\] pl:hadrut"),
        ("version.toml", 'version = "', "version = 1 # ", r"version\.toml: give the version"),
    ],
)
def test_a_broken_file_is_named(
    edited: Callable[[str, str, str], Path], name: str, old: str, new: str, message: str
) -> None:
    folder = edited(name, old, new)
    with pytest.raises(GazetteerError, match=message):
        gazetteer.read(folder)


def test_an_unknown_policy_names_the_known_ones() -> None:
    with pytest.raises(PolicyError, match="choose one of common, az, hy, both, keep-source"):
        naming.choices("official")


def test_keep_source_chooses_nothing() -> None:
    assert naming.choices("keep-source") == {}


def test_side_policies_write_their_own_side_everywhere() -> None:
    claimants = {(form.entity, form.lang, form.form): form.claimed_by for form in gazetteer.load().forms}
    shared = naming.choices("az").items() & naming.choices("hy").items()
    for side, other in (("az", "hy"), ("hy", "az")):
        chosen = naming.choices(side).items() - shared
        assert chosen
        assert [form for (entity, lang), form in chosen if claimants[entity, lang, form] == other] == []
