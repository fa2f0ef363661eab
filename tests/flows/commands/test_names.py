"""names show and names lint, as a user runs them."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from cleaners import gazetteer
from flows.cli import app

HEADER = "entity,form,lang,script,kind,claimed_by,valid_from,valid_to,source,confidence,match"


def names(*args):
    """Run `cleancopy names`; no archive is needed."""
    return CliRunner().invoke(app, ["names", *args])


@pytest.fixture
def own_names(tmp_path):
    """Return a folder of names of one's own: an entity, and a policy that writes it."""
    (tmp_path / "entities.csv").write_text(
        "id,type,region,geonames,wikidata,disputed,note\npl:ferry,town,coast,,,no,A port\n", "utf-8"
    )
    rows = [
        "pl:ferry,Ferrytown,en,Latn,endonym,,,,general,low,always",
        "pl:ferry,Ferriton,en,Latn,translit,,,,general,low,always",
    ]
    (tmp_path / "forms.csv").write_text("\n".join([HEADER, *rows, ""]), "utf-8")
    (tmp_path / "policies.toml").write_text('[common]\n"pl:ferry" = { en = "Ferrytown" }\n', "utf-8")
    return tmp_path


def test_show_tells_whose_name_it_is_and_what_policies_write():
    said = names("show", "shushi").stdout
    assert "pl:shusha" in said
    for form in ("Shusha", "Şuşa", "Շուշի", "Шуши", "შუშა", "شوشی"):
        assert form in said
    assert "geonames:147105" in said
    policies = {line.split()[0]: line for line in said.split("policy", 1)[1].splitlines()[1:]}
    assert "en Shusha" in policies["common"]
    assert "en Shushi" in policies["hy"]
    assert "beside" in policies["both"]
    assert "as the publisher wrote it" in policies["keep-source"]


def test_show_in_json_is_one_object_for_each_entity():
    rows = json.loads(names("show", "Martuni", "--json").stdout)
    assert [row["id"] for row in rows] == ["pl:khojavend", "pl:martuni_am"]
    assert rows[0]["policies"]["hy"]["en"] == "Martuni"
    assert {"form", "lang", "kind", "claimed_by", "sources", "match"} <= rows[0]["forms"][0].keys()


def test_show_takes_an_id_and_what_is_written_otherwise():
    assert json.loads(names("show", "pl:shusha", "--json").stdout) == json.loads(names("show", "ŞUŞA", "--json").stdout)


def test_an_unknown_name_gets_names_like_it():
    ran = names("show", "Shushy")
    assert ran.exit_code == 2
    assert "did you mean" in ran.stderr
    assert "Shushi (pl:shusha)" in ran.stderr
    assert names("show", "qqqqqqq").exit_code == 2


def test_names_of_ones_own_are_shown_and_checked(own_names, monkeypatch):
    assert "Ferrytown" in names("show", "Ferriton", "--gazetteer", str(own_names)).stdout
    monkeypatch.setenv("CLEANCOPY_GAZETTEER", str(own_names))
    assert "en Ferrytown" in names("show", "Ferriton").stdout
    assert json.loads(names("lint", "--json").stdout) == []
    with (own_names / "forms.csv").open("a", encoding="utf-8") as forms:
        forms.write("pl:nowhere,Nowhere,en,Latn,endonym,,,,general,low,always\n")
    ran = names("lint", "--json")
    assert ran.exit_code == 1
    assert [(row["code"], row["file"]) for row in json.loads(ran.stdout)] == [
        ("name_unknown_entity", str(own_names / "forms.csv"))
    ]


def test_lint_has_three_answers(tmp_path):
    assert names("lint").exit_code == 0
    folder = shutil.copytree(gazetteer.FOLDER, tmp_path / "copy")
    assert names("lint", str(folder)).exit_code == 0
    (folder / "forms.csv").write_text("nonsense\n", "utf-8")
    ran = names("lint", str(folder))
    assert ran.exit_code == 1
    assert "name_unreadable" in ran.stdout
    assert names("lint", str(tmp_path / "nowhere")).exit_code == 2
