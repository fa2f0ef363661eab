"""What extraction leaves out and yet says something of the text becomes a column; the text knows nothing of it."""

import pytest

from cleaners.clean import clean
from cleaners.leftover import read_leftovers
from schemas.page import Cleaned, Dated, Document, LeftOut, Metadata, Page, Right, Side

PROSE = (
    "On the morning of the second day the ferry left the pier with eleven people on board, two dogs, and the mail "
    "that had waited in the customs house since the spring. The captain had painted the name on the bow himself, in "
    "letters so large that they could be read from the other bank."
)
GRANT = "This article is licensed under a Creative Commons Attribution 4.0 licence."
NOTICE = "Copyright © 2020 Example Wire. All rights reserved."


def cleaned(below: str, above: str = "") -> Cleaned:
    html = (
        "<html lang='en'><head><title>The ferry between the two towns runs again</title></head><body>"
        "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><main>"
        f"<h1>The ferry between the two towns runs again</h1>{above}<p>{PROSE}</p>"
        f"<p>Nobody could say who had paid for the repair. {PROSE[:150]}</p><p>It was late. {PROSE[40:250]}</p></main>"
        f"{below}</body></html>"
    )
    return clean(Page(html.encode(), "text/html"), "common")


def said(found: Cleaned) -> list[tuple[str, str, str]]:
    return [(right.kind, right.text, right.rule) for right in found.rights]


def test_a_grant_in_the_foot_of_a_page_is_a_right_and_no_part_of_the_text() -> None:
    without, found = cleaned(""), cleaned(f"<footer><p>{NOTICE} {GRANT}</p><p>Imprint</p></footer>")
    assert said(found) == [("licence_grant", GRANT, "extract:licence_grant/creative-commons")]
    assert (found.text, found.extracted, found.steps) == (without.text, without.extracted, without.steps)
    assert GRANT not in found.extracted


def test_the_notice_in_the_foot_of_a_page_is_the_sites() -> None:
    assert said(cleaned(f"<footer><p>{NOTICE}</p></footer>")) == []
    assert said(cleaned(f"<div id='foot'><p>{NOTICE}</p></div>")) == []


@pytest.mark.parametrize("kind", ["comments", "related", "cookie-banner"])
def test_what_readers_related_articles_and_banners_say_of_rights_is_not_read(kind: str) -> None:
    assert said(cleaned(f"<div class='{kind}'><p>{GRANT}</p></div>")) == []


def around(*left_out: LeftOut, base: Metadata = Metadata()) -> tuple[Metadata, tuple[Right, ...]]:  # noqa: B008 - frozen
    return read_leftovers(left_out, Document(PROSE, is_html=True, title="The ferry"), base, ())


def test_a_notice_right_below_the_text_is_its_own_and_above_it_a_pictures() -> None:
    assert [right.kind for right in around(LeftOut(NOTICE, Side.BELOW))[1]] == ["copyright"]
    assert around(LeftOut(NOTICE, Side.ABOVE))[1] == around(LeftOut(NOTICE, Side.FOOT))[1] == ()


def test_people_and_date_above_the_text_fill_what_the_page_leaves_open() -> None:
    line = LeftOut("By Anna Example | 5 November 2020, 17:40", Side.ABOVE)
    found, _ = around(line)
    assert found.authors == ("Anna Example",)
    assert dict(found.evidence)["authors"] == "extract:byline/by-names"
    assert found.published == Dated("2020-11-05", "extract:byline/by-names")
    stated = Metadata(authors=("News Desk",), published=Dated("2020-11-04", "json-ld"))
    assert around(line, base=stated)[0] == stated


@pytest.mark.parametrize("side", [Side.BELOW, Side.FOOT])
def test_a_byline_below_the_text_is_another_articles(side: Side) -> None:
    assert around(LeftOut("By Anna Example | 5 November 2020, 17:40", side)) == (Metadata(), ())


def test_a_desk_is_nobody() -> None:
    assert around(LeftOut("By Example Wire staff | 5 November 2020", Side.ABOVE))[0].authors == ()


def test_a_page_without_a_paragraph_has_no_surroundings() -> None:
    left_out = (LeftOut(GRANT, Side.BELOW),)
    assert read_leftovers(left_out, Document("Nothing here.", is_html=True), Metadata(), ()) == (Metadata(), ())


def test_what_the_text_says_itself_is_not_said_twice() -> None:
    right = Right("licence_grant", GRANT, "rights:licence_grant/creative-commons")
    assert read_leftovers((LeftOut(GRANT, Side.FOOT),), Document(PROSE), Metadata(), (right,))[1] == (right,)
