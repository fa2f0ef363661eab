"""Policies: whose form is written, when, and with what beside it; and gazetteers of the user's own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners import gazetteer, ledger, names, naming
from cleaners.gazetteer import GazetteerError, PolicyError
from cleaners.recipe import cause_of, recipe, recipe_parts
from schemas.choices import Choices
from schemas.edit import kind_of
from schemas.page import Document, OwnGazetteer

ENTITIES = """id,type,region,geonames,wikidata,disputed,note
pl:astana,city,kazakhstan,1526273,Q1520,no,Renamed three times
pl:west_bank,region,levant,,Q36678,yes,
"""
FORMS = """entity,form,lang,script,kind,claimed_by,valid_from,valid_to,source,confidence,match
pl:astana,Tselinograd,en,Latn,official,,1961,1992,general,medium,always
pl:astana,Akmola,en,Latn,official,,1992,1998-05-06,general,medium,always
pl:astana,Astana,en,Latn,official,,2022-09-17,,general,medium,always
pl:astana,Nur-Sultan,en,Latn,official,,2019-03-23,2022-09-17,general,medium,always
pl:west_bank,West Bank,en,Latn,exonym,,,,general,medium,always
pl:west_bank,Judea and Samaria,en,Latn,official,il,,,general,medium,always
pl:shusha,Choucha,fr,Latn,exonym,az,,,general,medium,always
pl:shusha,Chouchi,fr,Latn,exonym,hy,,,general,medium,always
"""
POLICIES = """[common]
"pl:astana" = { en = "Astana" }
"pl:shusha" = { fr = "Choucha" }

[desk]
extends = "hy"
"pl:west_bank" = { en = "West Bank" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gazetteer of the user's own."""
    made = tmp_path / "names"
    made.mkdir()
    (made / "entities.csv").write_text(ENTITIES, "utf-8")
    (made / "forms.csv").write_text(FORMS, "utf-8")
    (made / "policies.toml").write_text(POLICIES, "utf-8")
    return made


@pytest.fixture
def own(folder: Path) -> OwnGazetteer:
    return naming.own(folder)


def rewritten(text: str, policy: str, language: str = "en", date: str = "", own: OwnGazetteer | None = None) -> str:
    document = Document(text, language=language, policy=policy, published=date, own=own)
    return ledger.apply(text, ledger.settle(names.CLEANER.propose(document)))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Shushi fell. In Shushi, guns.", "Shusha (Shushi) fell. In Shusha, guns."),
        ("Shusha's walls in Shusha.", "Shusha's walls in Shusha (Shushi)."),
        ("A Shushi-based unit left Shushi.", "A Shusha-based unit left Shusha (Shushi)."),
        ("Roads (Stepanakert) to Stepanakert", "Roads (Stepanakert) to Stepanakert (Khankendi)"),
        ("SHUSHI UNDER FIRE", "SHUSHA (SHUSHI) UNDER FIRE"),
        ("Shusha (Shushi) fell. Shushi was quiet.", "Shusha (Shushi) fell. Shusha was quiet."),
        ("“Shushi is ours,” he said in Shusha.", "“Shushi is ours,” he said in Shusha."),
        ("Dashalty was taken.", "Dashalty (Karin Tak) was taken."),
        ("Baku and Yerevan talked.", "Baku and Yerevan talked."),
    ],
)
def test_both_puts_the_other_form_beside_the_first_mention(text: str, after: str) -> None:
    assert rewritten(text, "both") == after


def test_both_leaves_inflected_names_without_a_remark() -> None:
    text = "В Степанакерте тихо. Степанакерт спит."
    assert rewritten(text, "both", "ru") == "В Степанакерте тихо. Степанакерт (Ханкенди) спит."


def test_what_both_wrote_it_leaves() -> None:
    once = rewritten("The road from Stepanakert to Shushi is open.", "both")
    assert rewritten(once, "both") == once


@pytest.mark.parametrize(
    ("date", "after"),
    [
        ("1985-04-01", "Talks in Stepanakert began."),
        ("1991", "Talks in Khankendi began."),
        ("2020-11-10", "Talks in Khankendi began."),
        ("", "Talks in Khankendi began."),
    ],
)
def test_a_form_is_not_written_in_texts_from_before_it_was_valid(date: str, after: str) -> None:
    assert rewritten("Talks in Stepanakert began.", "az", date=date) == after


@pytest.mark.parametrize(
    ("date", "name"),
    [
        ("1975-01-01", "Tselinograd"),
        ("1998-05-06", "Akmola"),
        ("2021", "Nur-Sultan"),
        ("2023-02-01", "Astana"),
    ],
)
def test_renamings_follow_the_date_of_the_text(own: OwnGazetteer, date: str, name: str) -> None:
    for written in ("Tselinograd", "Akmola", "Nur-Sultan"):
        assert rewritten(f"Trains left {written} on time.", "common", date=date, own=own) == (
            f"Trains left {name} on time."
        )


def test_a_text_without_a_date_keeps_former_names(own: OwnGazetteer) -> None:
    assert rewritten("Trains left Akmola on time.", "common", own=own) == "Trains left Akmola on time."


def test_names_and_policies_of_ones_own_are_added(own: OwnGazetteer) -> None:
    text = "From Judea and Samaria to Shusha."
    assert rewritten(text, "desk", own=own) == "From West Bank to Shushi."
    assert rewritten("La route de Chouchi.", "common", "fr", own=own) == "La route de Choucha."
    assert [(n.surface, n.entity) for n in names.find(text, "en", own)] == [
        ("Judea and Samaria", "pl:west_bank"),
        ("Shusha", "pl:shusha"),
    ]
    assert [kind_of(e.rule) for e in names.CLEANER.propose(Document(text, language="en", policy="desk", own=own))] == [
        "name_policy",
        "name_policy",
    ]


def test_without_the_folder_they_are_unknown() -> None:
    assert names.find("From Judea and Samaria.", "en") == []
    with pytest.raises(PolicyError, match=r"'desk'.*`gazetteer` names in cleancopy.toml"):
        rewritten("Shusha", "desk")


def test_the_digest_of_the_folder_is_part_of_the_recipe(folder: Path, own: OwnGazetteer) -> None:
    assert recipe("common", Choices(own)) != recipe("common")
    (folder / "forms.csv").write_text(FORMS.replace("Akmola", "Aqmola"), "utf-8")
    changed = naming.own(folder)
    assert recipe("common", Choices(changed)) != recipe("common", Choices(own))
    assert cause_of(recipe_parts("common", Choices(own)), recipe_parts("common", Choices(changed))) == "rules"


def test_files_that_change_while_in_use_are_noticed(folder: Path) -> None:
    stale = OwnGazetteer(str(folder), "0" * 64)
    with pytest.raises(GazetteerError, match="have changed while they were in use"):
        naming.load(stale)


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = (folder / name).read_text("utf-8")
        assert old in content
        (folder / name).write_text(content.replace(old, new, 1), "utf-8")

    return change


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_replace("forms.csv", "pl:west_bank,West", "pl:east_bank,West"), r"forms\.csv: line 6: .*'pl:east_bank'"),
        (_replace("forms.csv", "medium,always", "medium,allways"), r"forms\.csv: line 2: match is 'allways'"),
        (_replace("forms.csv", "general,medium,", "general,"), r"forms\.csv: line 2: 10 fields, not 11"),
        (_replace("forms.csv", "entity,form", "entity,name"), r"forms\.csv: line 1: the header is"),
        (
            _replace("entities.csv", "pl:astana,city", "pl:shusha,city"),
            r"entities\.csv: line 2: .*stands there already",
        ),
        (_replace("policies.toml", "West Bank", "Westbank"), r"policies\.toml: line 7: \[desk\] pl:west_bank"),
        (_replace("policies.toml", '"hy"', '"hyy"'), r"policies\.toml: \[desk\]: there is no policy 'hyy'"),
        (_replace("policies.toml", "[desk]", "[desk"), r"policies\.toml: not TOML"),
        (shutil.rmtree, "no gazetteer: none of"),
    ],
)
def test_what_cannot_be_used_is_told_with_file_and_line(
    folder: Path, damage: Callable[[Path], None], told: str
) -> None:
    damage(folder)
    with pytest.raises(GazetteerError, match=told):
        naming.own(folder)


def test_the_shipped_files_can_serve_as_a_start(tmp_path: Path) -> None:
    shutil.copy(gazetteer.FOLDER / "endings.csv", tmp_path / "endings.csv")
    assert naming.load(naming.own(tmp_path)).forms == gazetteer.load().forms
