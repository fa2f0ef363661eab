"""A gazetteer of one's own from cleancopy.toml to the archive, and policies there and back."""

from pathlib import Path

import pytest

from archive.archive import Archive, create_archive
from archive.audit import audit
from flows.batch import clean_batch
from flows.commands.running import chosen
from flows.run import Options, recleaning, staged
from schemas.config import Settings

ENTITIES = """id,type,region,geonames,wikidata,disputed,note
pl:dokdo,island,east-asia,,Q47039,yes,
"""
FORMS = """entity,form,lang,script,kind,claimed_by,valid_from,valid_to,source,confidence,match
pl:dokdo,Liancourt Rocks,en,Latn,exonym,,,,general,medium,always
pl:dokdo,Dokdo,en,Latn,official,kr,,,general,medium,always
pl:dokdo,Takeshima,en,Latn,official,jp,,,general,medium,always
"""
POLICIES = """[common]
"pl:dokdo" = { en = "Liancourt Rocks" }

[kr]
extends = "common"
"pl:dokdo" = { en = "Dokdo" }
"""
TEXT = (
    "Boats went round Takeshima on Monday. The road to Stepanakert was closed until the evening, the governor said, "
    "and nobody in Shushi could leave the town before it was dark.\n"
)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Return an archive of one page in a folder whose cleancopy.toml names a gazetteer."""
    monkeypatch.chdir(tmp_path)
    for folder in ("my-names", "pages"):
        (tmp_path / folder).mkdir()
    for name, content in (("entities.csv", ENTITIES), ("forms.csv", FORMS), ("policies.toml", POLICIES)):
        (tmp_path / "my-names" / name).write_text(content, "utf-8")
    (tmp_path / "cleancopy.toml").write_text('archive = "archive"\ngazetteer = "my-names"\n', "utf-8")
    (tmp_path / "pages" / "boats.txt").write_text(TEXT, "utf-8")
    made = create_archive(tmp_path / "archive", "common")
    ingest(made)
    return made


def ingest(archive: Archive) -> None:
    with staged(archive, ["pages"], Options(choices=chosen(Settings(), None, None))) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        run.commit()


def reclean(archive: Archive, policy: str) -> None:
    with recleaning(archive, policy, Options(choices=chosen(Settings(), None, None))) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        run.commit()


def test_a_policy_of_ones_own_is_written_and_told_as_the_cause(archive, cleancopy):
    assert "round Liancourt Rocks on" in cleancopy("show", "boats.txt", on=archive).out
    reclean(archive, "kr")
    assert "round Dokdo on" in cleancopy("show", "boats.txt", on=archive).out
    rows = cleancopy("history", "boats.txt", "--json", on=archive).json
    assert [(row["version"], row["op"], row["cause"]) for row in rows] == [(1, "add", "page"), (2, "change", "policy")]
    assert list(audit(archive.folder.root)) == []


def test_policies_there_and_back_give_the_first_text_again(archive, cleancopy):
    texts = [cleancopy("show", "boats.txt", on=archive).out]
    for policy in ("az", "both", "keep-source", "common"):
        reclean(archive, policy)
        texts.append(cleancopy("show", "boats.txt", on=archive).out)
    assert "Stepanakert" in texts[0]
    assert "Shusha" in texts[0]
    assert "Khankendi" in texts[1]
    assert "Shusha (Shushi)" in texts[2]
    assert TEXT.strip() in texts[3].strip()
    assert texts[4] == texts[0]
    rows = cleancopy("history", "boats.txt", "--json", on=archive).json
    assert [row["cause"] for row in rows] == ["page", *["policy"] * 4]
    assert list(audit(archive.folder.root)) == []


def test_a_changed_file_of_names_counts_as_changed_rules(archive, cleancopy):
    forms = Path("my-names/policies.toml")
    forms.write_text(forms.read_text("utf-8").replace("Liancourt Rocks", "Takeshima"), "utf-8")
    ingest(archive)
    assert "round Takeshima on" in cleancopy("show", "boats.txt", on=archive).out
    rows = cleancopy("history", "boats.txt", "--json", on=archive).json
    assert [row["cause"] for row in rows] == ["page", "rules"]
