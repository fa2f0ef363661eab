"""What stands above an article, where it takes the rest of the page to tell."""

import pytest

from cleaners.header import CLEANER
from cleaners.ledger import apply, settle
from schemas.page import Document

TITLE = "The ferry between the two towns runs again"
PROSE = (
    "On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail "
    "that had waited in the customs house since the spring."
)


def clean(text: str, title: str | None = None, *, is_html: bool = False) -> list[str]:
    document = Document(text, title=title, is_html=is_html)
    return [line for line in apply(text, settle(CLEANER.propose(document))).split("\n") if line]


@pytest.mark.parametrize("home", ["Home", "Home »", "Home /", "Главная", "Ana səhifə", "Ana Sayfa", "Գլխավոր"])
def test_home_and_the_title_is_a_breadcrumb(home: str) -> None:
    assert clean(f"{home} {TITLE}\n{TITLE}\n\n{PROSE}") == [TITLE, PROSE]


def test_home_and_the_title_of_a_page_that_has_it_beside_its_text() -> None:
    assert clean(f"Home {TITLE}\n\n{PROSE}", TITLE, is_html=True) == [PROSE]


def test_a_title_that_begins_with_home_stays() -> None:
    assert clean(f"Home rule comes to the two towns\n\n{PROSE}") == ["Home rule comes to the two towns", PROSE]


def test_text_keeps_its_title_once() -> None:
    assert clean(f"{TITLE}\nLake district\n{TITLE.upper()}\n\n{PROSE}") == [TITLE, "Lake district", PROSE]


def test_html_has_its_title_in_a_column_and_not_in_the_text() -> None:
    assert clean(f"{TITLE}\n\n{PROSE}", TITLE, is_html=True) == [PROSE]


def test_a_short_title_can_be_said_twice() -> None:
    assert clean(f"War\n\nWar\n\n{PROSE}") == ["War", "War", PROSE]


def test_a_date_above_the_title_and_one_below_it_both_go() -> None:
    text = f"Sunday May 22, 2022\n{TITLE}\nMay 20, 2022\n\n{PROSE}"
    rules = [edit.rule for edit in CLEANER.propose(Document(text))]
    assert rules == ["header:page_clock/date-on-top", "header:dateline/date-line"]


def test_a_byline_under_a_title_that_is_not_in_the_text_goes() -> None:
    assert clean(f"By News Desk\n\n{PROSE}", TITLE) == [PROSE]
    assert clean(f"By News Desk\n\n{PROSE}") == ["By News Desk", PROSE], "here it is the title"


def test_nothing_of_a_page_without_prose_is_above_an_article() -> None:
    assert clean("5 November 2020\nHome > News\nShort line") == ["5 November 2020", "Home > News", "Short line"]
