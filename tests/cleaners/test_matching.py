"""Laws of the rule cleaners, on any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import boilerplate, header, rights
from cleaners.ledger import apply, invert, settle
from cleaners.matching import split_lines
from cleaners.protected import quoted_lines
from schemas.cleaner import Cleaner
from schemas.page import Document

CLEANERS = (header.CLEANER, rights.CLEANER, boilerplate.CLEANER)
PIECES = (
    *("Sunday May 22, 2022", "Home > News", "By News Desk", "SUPPORT US:", "PayPal: a@example.org", "Share", "* * *"),
    *("Disclaimer: The views expressed in this article are the author's own.", "© 2021 Example", "“", "”", '"', "."),
    *("We use cookies.", "All rights reserved", "\n", "\n\n", " ", "\u00a0", "\u2028", "İ", "ı", "։"),
    *("e\u0301", "\x00"),
    "On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail.",
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8))).map("".join))


@pytest.mark.parametrize("cleaner", CLEANERS, ids=lambda cleaner: cleaner.name)
@settings(deadline=None)  # the first text loads what the cleaner needs
@given(text=TEXTS, is_html=st.booleans(), title=st.one_of(st.none(), st.sampled_from(PIECES)))
def test_every_edit_is_true_of_the_text_and_only_takes_away(
    cleaner: Cleaner, text: str, is_html: bool, title: str | None
) -> None:
    edits = list(cleaner.propose(Document(text, title=title, is_html=is_html)))
    assert edits == settle(edits), "no two overlap"
    clean = apply(text, edits)
    assert apply(clean, invert(edits)) == text
    assert all(edit.after == "" for edit in edits)


@pytest.mark.slow
@pytest.mark.parametrize("cleaner", CLEANERS, ids=lambda cleaner: cleaner.name)
@pytest.mark.parametrize(
    ("piece", "size"),
    [
        *(("a", 5_000_000), (". ", 5_000_000), ("share ", 5_000_000), ("“", 5_000_000), ('"', 5_000_000)),
        *(("by By ", 5_000_000), ("disclaimer: the views ", 5_000_000), ("5 November 2020 > ", 5_000_000)),
        *(("We use cookies. ", 2_000_000), ("Opinions expressed here are my own. “A ", 2_000_000)),
        *(("\nSupport us\n\n\n", 400_000), ("“\n", 200_000), ("Home > News\n", 400_000)),
    ],
)
def test_time_is_linear_in_hostile_text(cleaner: Cleaner, piece: str, size: int) -> None:
    cleaner.propose(Document("ready"))
    text = piece * (size // len(piece))
    start = time.process_time()
    for _ in cleaner.propose(Document(text)):
        pass
    assert time.process_time() - start < 20, "quadratic work would take hours"


@given(st.text("ab|\n", max_size=40), st.sampled_from(["“”", "«»"]))
def test_lines_are_quoted_that_begin_inside_marks(text: str, marks: str) -> None:
    text = text.translate(str.maketrans("ab", marks))
    lines = split_lines(text)
    inside = {n for n, line in enumerate(lines) if _is_open(text[: line.start], text[line.start :], *marks)}
    assert quoted_lines(text, lines) == inside


def _is_open(before: str, after: str, opening: str, closing: str) -> bool:
    closes = after.find(closing)
    is_last = before.rfind(opening) > before.rfind(closing)
    return is_last and closes >= 0 and opening not in after[:closes]
