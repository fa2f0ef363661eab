"""The last step: white space after removals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.layout import CLEANER
from cleaners.ledger import apply, settle
from schemas.page import Document

texts = st.text(alphabet="ab \t\n\xa0\u2003", max_size=40)


def lay_out(text: str) -> str:
    return apply(text, settle(CLEANER.propose(Document(text))))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n\n\n\nb  \n \n  c\n\n", "a\n\nb\n\n  c"),
        ("\n\n  a\n", "  a\n"),
        ("a \n", "a\n"),
        ("a\nb\n\nc", "a\nb\n\nc"),
        (" \n ", ""),
        ("a\n\xa0\n\nb", "a\n\nb"),
        ("", ""),
    ],
)
def test_blank_lines_are_folded(before: str, after: str) -> None:
    assert lay_out(before) == after


@given(texts)
def test_laying_out_twice_is_laying_out_once(text: str) -> None:
    assert lay_out(lay_out(text)) == lay_out(text)


@given(texts)
def test_only_white_space_goes(text: str) -> None:
    assert lay_out(text).split() == text.split()
    assert "\n\n\n" not in lay_out(text)


@given(texts)
def test_it_does_not_matter_what_the_words_are(text: str) -> None:
    assert lay_out(text.replace("a", "Step")) == lay_out(text).replace("a", "Step")
