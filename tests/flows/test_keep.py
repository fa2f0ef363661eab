"""Kinds of blocks that are kept: from the command line to the recipe, and what an archive makes of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive.archive import create_archive
from archive.audit import audit
from cleaners.extract.kinds import asked_for
from cleaners.recipe import recipe, recipe_parts
from flows.batch import clean_batch
from flows.run import Options, staged
from schemas.choices import Choices

BIN = Path(sys.executable).with_name("cleancopy")
SENTENCE = "The ferry left the port at night, and all who were on board arrived safely in the morning."
PAGE = f"""<html><head><title>The ferry</title><meta property="og:type" content="article"></head><body>
<article><h1>The ferry</h1>
<p>{SENTENCE} One.</p><figure><figcaption>The ferry in March</figcaption></figure><p>{SENTENCE} Two.</p>
<p>{SENTENCE} Three.</p></article></body></html>"""


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "ferry.html").write_text(PAGE, "utf-8")
    return folder


def ingest(archive, pages, *keep):
    with staged(archive, [str(pages)], Options(choices=Choices(keep=asked_for(keep)))) as run:
        for batch in run.batches():
            run.take(clean_batch(batch))
        return run.commit()


def test_another_choice_of_kinds_cleans_a_page_again_and_is_told_as_the_cause(pages, tmp_path, cleancopy):
    archive = create_archive(tmp_path / "archive", "common")
    ingest(archive, pages)
    ingest(archive, pages, "captions")
    ingest(archive, pages, "captions")
    rows = cleancopy("history", "ferry.html", "--json", on=archive).json
    assert [(row["version"], row["cause"], row["recipe_changed"]) for row in rows] == [
        (1, "page", []),
        (2, "extractor", ["keep"]),
    ]
    assert "in March" not in cleancopy("show", "ferry.html", "--at", "1", on=archive).out
    assert "in March" in cleancopy("show", "ferry.html", on=archive).out
    assert list(audit(archive.folder.root)) == []


def test_the_recipe_is_another_only_where_something_is_kept():
    assert "keep" not in recipe_parts("common")
    assert recipe("common") == recipe("common", Choices())
    assert recipe_parts("common", Choices(keep=asked_for(["comments", "captions"])))["keep"] == "caption,comments"
    assert recipe("common", Choices(keep=asked_for(["captions"]))) != recipe("common")


def run(*options, folder, given=PAGE):
    return subprocess.run(
        [BIN, *options], input=given, capture_output=True, check=False, text=True, cwd=folder, timeout=120
    )


def test_clean_keeps_what_it_is_told_to(tmp_path, pages):
    plain = run("clean", str(pages / "ferry.html"), folder=tmp_path)
    asked = run("clean", "--keep", "captions", str(pages / "ferry.html"), folder=tmp_path)
    assert asked.stdout == plain.stdout.replace("One.\n", "One.\n\nThe ferry in March\n")
    row = json.dumps({"id": 1, "html": PAGE}) + "\n"
    assert "in March" in run("clean", "--jsonl", "--keep", "captions", folder=tmp_path, given=row).stdout
    assert "in March" not in run("clean", "--jsonl", "--keep", "none", folder=tmp_path, given=row).stdout


@pytest.mark.parametrize("command", ["clean", "ingest"])
def test_a_kind_that_cannot_be_kept_is_wrong_usage(tmp_path, pages, command):
    told = run(command, "--keep", "menus", str(pages), folder=tmp_path)
    assert told.returncode == 2
    assert "captions" in told.stderr
    assert not (tmp_path / "archive-data").exists()
    (tmp_path / "cleancopy.toml").write_text('keep = "menus"\n')
    if command == "ingest":
        assert run("ingest", str(pages), folder=tmp_path).returncode == 2
