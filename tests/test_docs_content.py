"""The documents tell of the program as it is: every command, every generated part, and no link into nothing."""

import re
from pathlib import Path

import pytest

from flows.commands import COMMANDS
from flows.reference import pages

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
RULES = ROOT / "docs" / "rules.md"
READING = ROOT / "docs" / "using-the-archive.md"
SCHEDULING = ROOT / "docs" / "scheduling.md"
EXAMPLES = ROOT / "examples" / "README.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), EXAMPLES])


def test_generated_parts_are_up_to_date():
    for name, page in pages().items():
        assert (ROOT / "docs" / name).read_text("utf-8") == page, f"docs/{name} is out of date: run `make docs`"


@pytest.mark.parametrize("command", [name for name, _ in COMMANDS])
def test_every_command_is_shown(command):
    said = "".join(page.read_text("utf-8") for page in (README, READING, RULES, SCHEDULING))
    assert f"cleancopy {command}" in said


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    for target, _, mark in (
        link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    ):
        if not target.startswith("http"):
            file = document.parent / target if target else document
            assert file.exists(), f"{document.name}: {target}"
            if mark:
                titles = re.findall(r"(?m)^#+ (.*)$", file.read_text("utf-8"))
                assert mark in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}, mark


_STRAY = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|work|Users)/|\bsessions?\b(?!_)|\bagents?\b|\bissue #?\d|(?<!\w)#\d+\b", re.IGNORECASE
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_tell_of_the_program_and_nothing_else(document):
    assert [found[0] for found in _STRAY.finditer(document.read_text("utf-8"))] == []
