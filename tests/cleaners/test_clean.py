"""Pages cleaned together: each is what it would be alone, and one that fails fails alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import clean as fold
from cleaners import lines
from cleaners.clean import clean, clean_each, read
from cleaners.ledger import LedgerError
from cleaners.model.weights import Model
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Page

PROSE = (
    "The ferry left the pier at seven in the morning with eleven people on board, two dogs, and the mail of a month.",
    "By noon the wind had turned, and the captain decided to wait behind the island until the worst of it was over.",
    "The harbour office said in the evening that the line would run again on Monday, unless the forecast changed.",
)
# No rule takes these: whatever goes, the line model has taken.
LOOSE = (
    *("Five harbours to see before you die", "More from the coast", "Harbour news every week", "Our newsroom"),
    *("Ferry firm names new captain", "What to know before you sail", "See all harbour stories", "Watch the film"),
    *("Photo of the week", "Listen to this story", "The port of the month", "Join us"),
)
UNLUCKY = "This page is the one that meets a bug."


def text(*lines, url=None):
    return Page("\n".join(lines).encode(), "text/plain", url, "utf-8")


HTML = "".join(f"<p>{line}</p>" for line in PROSE)
PAGES = (
    text(*PROSE, *LOOSE, "Share this article on Facebook"),
    text(*LOOSE, *PROSE, *LOOSE, url="https://desk.example/five-harbours"),
    text("Shushi and its ferry", *PROSE, *LOOSE, "Leave a comment"),
    text(PROSE[0]),
    text(""),
    Page(f"<html><body><article><h1>Late</h1>{HTML}</article></body></html>".encode(), "text/html"),
    Page(b"\xff\xfe\x00", "text/plain", charset="utf-8"),
    Page(b"\x00\x01\x02\x03" * 100, "application/octet-stream"),
)


@settings(max_examples=20)
@given(st.lists(st.sampled_from(PAGES), max_size=40))
def test_pages_cleaned_together_are_what_each_is_alone(pages):
    assert list(clean_each(read(pages), "az")) == [clean(page, "az") for page in pages]


def test_the_line_model_takes_lines_of_some_of_these_pages():
    taken = ["model" in {step.cleaner for step in clean(page, "az").steps} for page in PAGES]
    assert any(taken)
    assert not all(taken)


def buggy(document):
    """Give an edit that is not true of the text."""
    return [Edit(0, 4, "None", "", "buggy")] if UNLUCKY in document.text else []


def crash(document):
    if UNLUCKY in document.text:
        raise ZeroDivisionError
    return []


@pytest.mark.parametrize("first", [True, False], ids=["before the model", "after it"])
@pytest.mark.parametrize(("proposing", "error"), [(buggy, LedgerError), (crash, ZeroDivisionError)])
def test_a_page_that_meets_a_bug_does_not_take_others_along(monkeypatch, first, proposing, error):
    added = (Cleaner("added", "1", proposing),)
    monkeypatch.setattr(fold, "CLEANERS", (*added, *fold.CLEANERS) if first else (*fold.CLEANERS, *added))
    unlucky = text(*PROSE, UNLUCKY, *LOOSE)
    found = list(clean_each(read([*PAGES, unlucky, *PAGES]), "az"))
    assert isinstance(found.pop(len(PAGES)), error)
    assert found == [clean(page, "az") for page in PAGES] * 2
    with pytest.raises(error):
        clean(unlucky, "az")


class Faulty(Model):
    """A model that fails for texts with a line of so many characters."""

    def scores(self, seen):
        if (seen.length == len(UNLUCKY)).any():
            raise ZeroDivisionError
        return super().scores(seen)


def test_a_text_that_the_model_fails_for_does_not_take_others_along(monkeypatch):
    shipped = lines.model()
    monkeypatch.setattr(lines, "model", lambda: Faulty(shipped.lexicon, shipped.network))
    found = list(clean_each(read([*PAGES, text(*PROSE, UNLUCKY, *LOOSE), *PAGES]), "az"))
    assert isinstance(found.pop(len(PAGES)), ZeroDivisionError)
    monkeypatch.undo()
    assert found == [clean(page, "az") for page in PAGES] * 2
