"""A page met again under another recipe is cleaned again, and the history says which change had which effect."""

import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archive.archive import create_archive
from archive.audit import audit
from archive.versions import versions
from flows.batch import clean_batch
from flows.run import Options, staged
from schemas.choices import Choices
from schemas.page import Removal

ROOT = Path(__file__).parents[2]

DRIVER = """
import sys
from pathlib import Path
from archive.archive import open_archive
from flows.batch import clean_batch
from flows.run import Options, staged

with staged(open_archive(Path(sys.argv[1])), [sys.argv[2]], Options()) as run:
    for batch in run.batches():
        run.take(clean_batch(batch))
    run.commit()
"""

PAGE = """The ferry left the port at night, and all who were on board arrived safely in the morning.

Zebra line for readers

The harbour office said that the next ferry would leave on Friday, if the weather allowed it.
"""

RULE = """
[[rules]]
id = "zebra-line"
kind = "navigation"
why = "A line that this test takes away."
match = 'zebra line for readers'
where = "line"
removes = ["Zebra line for readers"]
keeps = ["A zebra crossed the line."]
"""


def ingest(code, archive, source):
    subprocess.run([sys.executable, "-c", DRIVER, archive, source], cwd=code, check=True, env={"PYTHONPATH": str(code)})


def revisions(archive):
    rows = [row for path in archive.table("revisions").files() for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: row["revision"])


@pytest.fixture
def newer(tmp_path):
    """The code with one more rule."""
    code = tmp_path / "newer"
    for folder in ("schemas", "cleaners", "archive", "flows"):
        shutil.copytree(ROOT / folder, code / folder, ignore=shutil.ignore_patterns("__pycache__"))
    with (code / "cleaners" / "rules" / "boilerplate.toml").open("a", encoding="utf-8") as rules:
        rules.write(RULE)
    return code


@pytest.fixture
def recleaned():
    """Return a function that ingests a folder once more with a setting, and gives the versions before and after."""

    def run(archive, source, removal):
        with staged(archive, [str(source)], Options(choices=Choices(removal=Removal(removal)))) as again:
            for batch in again.batches():
                again.take(clean_batch(batch))
            again.commit()
        return versions(archive)[-2:]

    return run


@pytest.fixture
def page(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "ferry.txt").write_text(PAGE, "utf-8")
    return folder / "ferry.txt"


@pytest.fixture
def archive(tmp_path, page):
    made = create_archive(tmp_path / "archive", "common")
    ingest(ROOT, made.folder.root, page.parent)
    return made


def test_new_rules_clean_an_unchanged_page_again(archive, page, newer):
    ingest(newer, archive.folder.root, page.parent)
    before, after = revisions(archive)
    assert (after["op"], after["cause"], after["version"]) == ("change", "rules", 2)
    assert "Zebra" in before["text"]
    assert "Zebra" not in after["text"]
    assert list(audit(archive.folder.root)) == []


def test_where_page_and_rules_have_both_changed_the_two_are_told_apart(archive, page, newer):
    page.write_text(PAGE.replace("Friday", "Monday"), "utf-8")
    ingest(newer, archive.folder.root, page.parent)
    told = [(row["cause"], "Zebra" in row["text"], "Monday" in row["text"]) for row in revisions(archive)]
    assert told == [("page", True, False), ("rules", False, False), ("page", False, True)]
    assert list(audit(archive.folder.root)) == []


def test_rules_that_change_nothing_make_no_revision(archive, page, newer):
    page.write_text(PAGE.replace("Zebra line for readers\n\n", ""), "utf-8")
    ingest(ROOT, archive.folder.root, page.parent)
    ingest(newer, archive.folder.root, page.parent)
    assert [row["version"] for row in revisions(archive)] == [1, 2]


def test_another_setting_of_the_line_model_cleans_again_and_is_told_as_rules(archive, page, recleaned):
    before, after = recleaned(archive, page.parent, "eager")
    assert before.recipe != after.recipe
    assert (before.recipe_parts.get("removal"), after.recipe_parts["removal"]) == (None, "eager")
    assert after.counts["cleaned"] == 1
