"""Every fault of a gazetteer's data is told, the shipped data has none, and its size is what was promised."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners import gazetteer
from cleaners.gazetteer import GazetteerError
from cleaners.gazetteer_lint import CODES, lint_folder

Edit = Callable[[str, str, str], Path]

FAULTS = [
    ("forms.csv", "pl:hadrut,Hadrut,en", "pl:hadrutt,Hadrut,en", "name_unknown_entity"),
    ("forms.csv", "wof:1125938249,high", ",high", "name_without_source"),
    ("forms.csv", "Hadrut,en,Latn,exonym", "Hadrut,en,Latn,nickname", "name_unknown_value"),
    ("forms.csv", "wof:1125938249,high", "wof:1125938249,certain", "name_unknown_value"),
    ("forms.csv", "pl:goris,Goris,en", "pl:goris,Hadrut,en", "name_ambiguous"),
    ("forms.csv", "pl:goris,Goris,en", "pl:goris,Karin-Tak,en", "name_ambiguous"),
    ("forms.csv", "pl:hadrut,Gadrut,en", "pl:hadrut,Hadrut,en", "name_repeated"),
    ("forms.csv", "pl:hadrut,Hadrut,en,Latn", "pl:hadrut,Нadrut,en,Latn", "name_script"),
    ("forms.csv", "pl:hadrut,Гадрут,ru,Cyrl", "pl:hadrut,Гадрут,en,Cyrl", "name_script"),
    ("forms.csv", "pl:hadrut,Gadrut,en", "pl:hadrut,Gadrut (town),en", "name_unmatchable"),
    (
        "forms.csv",
        "Kirovabad,en,Latn,historical,,1935,1989",
        "Kirovabad,en,Latn,historical,,1989,1935",
        "name_validity",
    ),
    (
        "forms.csv",
        "Kirovabad,en,Latn,historical,,1935,1989",
        "Kirovabad,en,Latn,historical,,1935,late",
        "name_validity",
    ),
    ("forms.csv", "Shoushi,en,Latn,translit", "Shoushi,en,Latn,official", "name_validity"),
    ("forms.csv", "entity,form", "entity,name", "name_unreadable"),
    ("entities.csv", "pl:hadrut,", "pl:hadrut2,town,,,,no,,\npl:hadrut,", "name_without_form"),
    ("entities.csv", "pl:hadrut,", "pl:goris,town,,,,no,,\npl:hadrut,", "name_repeated"),
    ("entities.csv", "148105,Q157919", "147105,Q157919", "name_repeated"),
    ("entities.csv", "39.5200 47.0318", "39.5200N 47.0318E", "name_unknown_value"),
    ("cues.csv", "en,place,both,city,", "en,spot,both,city,", "name_unknown_value"),
    ("cues.csv", "sauce*,pl:tartar", "sauce*,pl:nowhere", "name_unknown_entity"),
    ("forms.csv", "pl:hadrut,Һадрут,az,Cyrl", "pl:hadrut,Гадрут,az,Cyrl", "name_derived"),
    ("policies.toml", 'en = "Hadrut"', 'en = "Hadrud"', "name_policy_unlisted"),
    ("policies.toml", 'extends = "common"', 'extends = "uncommon"', "name_unreadable"),
    ("cues.csv", "en,place,both,city,\n", "", "name_version"),
]


def test_the_data_that_is_shipped_has_no_faults() -> None:
    assert lint_folder(gazetteer.FOLDER) == []


def test_the_gazetteer_covers_the_region() -> None:
    data = gazetteer.load()
    kinds = Counter(entity.id.partition(":")[0] for entity in data.entities.values())
    assert kinds["pl"] >= 150
    assert kinds["pe"] + kinds["or"] >= 60
    assert len(data.forms) >= 2_000
    assert {form.script for form in data.forms} >= {"Latn", "Cyrl", "Armn", "Geor", "Arab"}
    separate = {"pl:nagorno_karabakh", "pl:artsakh_republic", "pl:nkao"}
    assert separate <= data.entities.keys()


@pytest.mark.parametrize(("name", "old", "new", "code"), FAULTS)
def test_a_fault_is_found(edited: Edit, name: str, old: str, new: str, code: str) -> None:
    assert code in {finding.code for finding in lint_folder(edited(name, old, new))}


def test_every_code_has_a_fault_that_causes_it() -> None:
    assert {code for *_, code in FAULTS} == CODES.keys()


def test_names_of_ones_own_are_checked_beside_those_that_are_shipped(tmp_path: Path) -> None:
    row = "pl:hadrut,{form},en,Latn,translit,,,,general,low,always\n"
    header = "entity,form,lang,script,kind,claimed_by,valid_from,valid_to,source,confidence,match\n"
    (tmp_path / "forms.csv").write_text(header + row.format(form="Hadroot"), "utf-8")
    assert lint_folder(tmp_path) == []
    (tmp_path / "forms.csv").write_text(header + row.format(form="Shusha") + row.format(form="Hadrut"), "utf-8")
    assert [finding.code for finding in lint_folder(tmp_path)] == ["name_ambiguous", "name_repeated"]


def test_a_folder_without_a_gazetteer_is_named(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="no gazetteer"):
        lint_folder(tmp_path)
