"""What the removed lines say becomes metadata and rights; in doubt, nothing."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from cleaners import boilerplate, facts, header, markup, rights
from cleaners.dates import find_dates
from cleaners.ledger import apply, settle
from schemas.edit import Step
from schemas.page import Dated, Document, Metadata

TITLE = "The ferry between the two towns runs again"
PROSE = (
    "On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail "
    "that had waited in the customs house since the spring."
)


def steps(text: str, *, marks: bool = True) -> list[Step]:
    document, taken = Document(text), []
    for cleaner in (*([markup.CLEANER] if marks else []), header.CLEANER, rights.CLEANER, boilerplate.CLEANER):
        edits = tuple(settle(cleaner.propose(document)))
        taken.append(Step(cleaner.name, cleaner.version, edits))
        document = replace(document, text=apply(document.text, edits))
    return taken


def under_title(lines: Iterable[str], base: Metadata = Metadata()) -> Metadata:  # noqa: B008 - frozen
    return facts.metadata(steps("\n".join([TITLE, "", *lines, "", PROSE])), base)


def day(found: Dated | None) -> str | None:
    return found.value if found else None


def test_the_clock_of_the_page_is_never_the_day_of_publication() -> None:
    found = facts.metadata(steps(f"Sunday May 22, 2022\n{TITLE}\n\n{PROSE}"), Metadata())
    assert (found.page_date_rendered, found.published) == ("2022-05-22", None)


@pytest.mark.parametrize("marks", [True, False])
def test_a_byline_with_everything(marks: bool) -> None:
    line = (
        "By Desk One Example Analysis, November 05, 2020 Desk One 4 November 2020 "
        "Region: <u>Asia</u>, <u>Europe</u> Theme: <u>Media</u>, <u>Law and</u> <u>Order</u>"
    )
    found = facts.metadata(steps(f"{TITLE}\n\n{line}\n\n{PROSE}", marks=marks), Metadata())
    assert found.authors == ("Desk One",)
    assert found.publisher == "Example Analysis"
    assert (day(found.published), day(found.original_published)) == ("2020-11-05", "2020-11-04")
    assert found.published is not None
    assert found.published.evidence == "text:header:byline/by-with-region-and-theme"
    assert found.regions == ("Asia", "Europe")
    assert found.themes == ("Media", "Law and Order")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By News Desk", ("News Desk",)),
        ("By News Desk and Night Desk", ("News Desk", "Night Desk")),
        ("By News Desk, Night Desk and Map Desk", ("News Desk", "Night Desk", "Map Desk")),
        ("Written by News Desk, senior correspondent", ("News Desk",)),
        ("By News Desk in Tbilisi", ("News Desk",)),
        ("Posted by admin on 4 November 2020", ()),
        ("Автор: Редакция Примера", ("Редакция Примера",)),
        ("Müəllif: Xəbər Masası", ("Xəbər Masası",)),
        ("Հեղինակ՝ Լրատվական Բաժին", ("Լրատվական Բաժին",)),
        ("Yazar: Haber Masası", ("Haber Masası",)),
        ("Müəllif: İqtisadiyyat Masası", ("İqtisadiyyat Masası",)),
    ],
)
def test_who_a_byline_names(line: str, authors: tuple[str, ...]) -> None:
    assert under_title([line]).authors == authors


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("5 November 2020", "2020-11-05", None),
        ("Published: 5 November 2020 | Updated: 6 November 2020", "2020-11-05", "2020-11-06"),
        ("Last updated on November 6, 2020", None, "2020-11-06"),
        ("Опубликовано: 05.11.2020 14:20", "2020-11-05", None),
        ("Example Wire, November 05, 2020", "2020-11-05", None),
        ("05/11/2020", None, None),
    ],
)
def test_what_a_dateline_says(line: str, published: str | None, modified: str | None) -> None:
    found = under_title([line])
    assert (day(found.published), day(found.modified)) == (published, modified)


def test_two_datelines_are_this_page_and_its_source() -> None:
    found = under_title(["By Desk One", "Example Wire, November 05, 2020", "Desk One, 4 November 2020"])
    assert (day(found.published), day(found.original_published)) == ("2020-11-05", "2020-11-04")


@pytest.mark.parametrize(
    ("line", "section"),
    [
        (f"Home > World > Lakes > {TITLE}", "Lakes"),
        ("Home / News", "News"),
        ("Рубрика: Политика", "Политика"),
        (f"Home {TITLE}", "Home"),
    ],
)
def test_the_section_is_the_last_crumb_before_the_title(line: str, section: str) -> None:
    assert under_title([line], Metadata(title=TITLE)).section == section


def test_what_is_below_the_article() -> None:
    below = "https://example.org/film.mp4\nArticles by: Map Desk\nTags: ferry, lake; mail\n#lake #pier"
    found = facts.metadata(steps(f"{TITLE}\n\nBy News Desk\n\n{PROSE}\n\n{below}"), Metadata())
    assert found.media == ("https://example.org/film.mp4",)
    assert found.authors == ("News Desk", "Map Desk")
    assert found.tags == ("ferry", "lake", "mail", "pier")


def test_what_the_page_says_of_itself_wins_and_lists_are_joined() -> None:
    known = Dated("2020-11-01", "meta")
    base = Metadata(authors=("Map Desk",), published=known, section="Lakes", tags=("lake",))
    found = under_title(["Home > News", "By News Desk", "5 November 2020", "Tags: Lake, mail"], base)
    assert (found.published, found.section) == (known, "Lakes")
    assert found.authors == ("Map Desk", "News Desk")
    assert found.tags == ("lake", "mail")


def test_a_page_that_says_nothing_leaves_the_metadata_as_it_was() -> None:
    base = Metadata(title=TITLE)
    assert facts.metadata(steps(f"{TITLE}\n\n{PROSE}"), base) == base


def test_rights_are_kept_word_for_word_with_their_rules() -> None:
    notice = "Copyright © 2021 Example Wire. All rights reserved."
    grant = "You are free to republish this article."
    found = facts.rights(steps(f"{TITLE}\n\n{PROSE}\n\n{notice}\n{grant}\nShare"))
    assert [(right.kind, right.text, right.rule) for right in found] == [
        ("copyright", notice, "rights:copyright/notice"),
        ("licence_grant", grant, "rights:licence_grant/you-may-republish"),
    ]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("5 November 2020", "2020-11-05"),
        ("Nov. 5th, 2020", "2020-11-05"),
        ("2020-11-05", "2020-11-05"),
        ("05.11.2020", "2020-11-05"),
        ("25/11/2020", "2020-11-25"),
        ("11/25/2020", "2020-11-25"),
        ("5/5/2020", "2020-05-05"),
        ("05/11/2020", None),
        ("5 ноября 2020 года", "2020-11-05"),
        ("5 noyabr 2020", "2020-11-05"),
        ("նոյեմբերի 5, 2020", "2020-11-05"),
        ("5 KASIM 2020", "2020-11-05"),
        ("5. November 2020", "2020-11-05"),
        ("1er août 2020", "2020-08-01"),
        ("5 de noviembre de 2020", "2020-11-05"),
    ],
)
def test_a_date_is_read_or_left_open(written: str, iso: str | None) -> None:
    assert [found.value for found in find_dates(f"({written})")] == [iso]


@pytest.mark.parametrize(
    "written", ["31.02.2020", "2020-13-45", "115.11.2020", "05.11.20201", "Mayor 5 2020", "0 May 2020"]
)
def test_what_is_no_day_is_no_date(written: str) -> None:
    assert find_dates(written) == []
