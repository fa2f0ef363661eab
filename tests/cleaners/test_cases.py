"""Whole texts, kept as data by origin, through all cleaners but that of names."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from cleaners import boilerplate, encoding, header, layout, lines, markup, rights
from cleaners.ledger import apply, settle
from schemas.edit import kind_of
from schemas.page import Document

CASES = Path(__file__).parent.parent / "cases"
CLEANERS = (
    *(encoding.CLEANER, markup.CLEANER, header.CLEANER, rights.CLEANER, boilerplate.CLEANER),
    *(lines.CLEANER, layout.CLEANER),
)
COUNTED = ("header", "rights", "boilerplate")


def cases(origin: str) -> list[object]:
    data = tomllib.loads((CASES / origin / "lines.toml").read_text("utf-8"))
    return [pytest.param(case, id=case["name"]) for case in data["cases"]]


def clean(text: str) -> tuple[str, list[str]]:
    """Return the clean text, and the kinds of what header, rights and boilerplate took."""
    document, kinds = Document(text), []
    for cleaner in CLEANERS:
        edits = settle(cleaner.propose(document))
        kinds += [kind_of(edit.rule) for edit in edits if cleaner.name in COUNTED]
        document = replace(document, text=apply(document.text, edits))
    return document.text, kinds


@pytest.mark.parametrize("case", cases("wild"))
def test_what_stands_round_an_article_goes(case: dict[str, object]) -> None:
    text, kinds = clean(str(case["text"]))
    assert text.strip() == str(case["left"]).strip()
    assert kinds == case["kinds"]


@pytest.mark.parametrize("case", cases("negative"))
def test_an_article_stays_whole(case: dict[str, object]) -> None:
    text, kinds = clean(str(case["text"]))
    assert kinds == []
    assert text.strip() == str(case["text"]).strip()


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize("case", cases("known-failures"))
def test_known_failures(case: dict[str, object]) -> None:
    text, kinds = clean(str(case["text"]))
    assert text.strip() == str(case["left"]).strip()
    assert kinds == case["kinds"]
