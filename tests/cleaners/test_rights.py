"""Statements about rights: sentence by sentence, and never out of somebody's mouth."""

from cleaners.ledger import apply, settle
from cleaners.rights import CLEANER
from schemas.edit import Edit, kind_of
from schemas.page import Document

LIABILITY = (
    "Disclaimer: The contents of this article are of sole responsibility of the author(s). Example Wire will not be "
    "responsible for any incorrect statement in this article."
)
GRANT = "Example Wire grants permission to repost its articles as long as the source is named with a hyperlink."
CONTACT = "For publication of our articles in print, contact: rights@example.org"


def taken(text: str) -> list[Edit]:
    return settle(CLEANER.propose(Document(text)))


def test_a_paragraph_of_three_statements_makes_three_edits() -> None:
    edits = taken(f"{LIABILITY} {GRANT} {CONTACT}\n")
    assert [(kind_of(edit.rule), edit.before.strip()) for edit in edits] == [
        ("disclaimer", LIABILITY),
        ("licence_grant", GRANT),
        ("permission_contact", CONTACT),
    ]
    assert apply(f"{LIABILITY} {GRANT} {CONTACT}\n", edits) == ""


def test_a_statement_between_sentences_that_stay_leaves_one_space() -> None:
    text = f"The ferry left. {GRANT} The ferry came back."
    assert apply(text, taken(text)) == "The ferry left. The ferry came back."


def test_a_statement_at_the_end_leaves_no_space() -> None:
    text = f"The ferry left.  {LIABILITY} {GRANT}\nIt came back."
    assert apply(text, taken(text)) == "The ferry left.\nIt came back."


def test_what_is_quoted_stays() -> None:
    for opening, closing in ("“”", '""', "«»", "„“"):
        text = f"The leaflet said: {opening}We sell fish. {GRANT} {LIABILITY}{closing} Nobody read it."
        assert taken(text) == []


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "The paper of Mr. Example, No. 5 of that year, says: J. B. Example Wire grants permission to nobody."
    assert taken(text) == []
