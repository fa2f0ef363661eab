"""What stands where in a page: threads, cards, lists, and dates far from the heading."""

import pytest
from said_of_itself import BODY, ld, meta, read

from schemas.page import Dated

THREAD = "https://forum.example.org/viewtopic.php?t=1"
POSTS = (
    f"<div class='post'><p>{BODY}</p></div><div class='post'><h4 class='username'>second_hand</h4><p>{BODY}</p></div>"
)


@pytest.mark.parametrize(
    "markup",
    [
        "<li><span>Thread starter</span> <a class='username'>quay_7</a></li>",
        "<p>Started by quay_7, 27 October 2020</p>",
        "<p class='author'>Post by <b>quay_7</b> » Tue Oct 27, 2020 1:47 am</p>",
        "<p>By quay_7,<br>October 27, 2020 in Ropes and lines</p>",
        "<h4 class='message-name'><span class='username'>quay_7</span></h4><p>A rope.</p>",
        "<div class='post_author'>quay_7 Moderator</div><p>A rope.</p>",
    ],
)
def test_who_began_a_thread_is_its_author(markup: str) -> None:
    found = read(body=f"<h1>Which rope?</h1>{markup}{POSTS}", url=THREAD)
    assert (found.page_type, found.authors) == ("forum", ("quay_7",))


def test_who_began_a_thread_counts_more_than_whose_name_is_marked() -> None:
    last = "<span itemprop='author' itemscope><span itemprop='name'>second_hand</span></span>"
    assert read(body=f"<h1>Which rope?</h1><p>Thread starter quay_7</p>{last}{POSTS}", url=THREAD).authors == (
        "quay_7",
    )
    assert read(body=f"<h1>By the quay » a guide</h1><p class='username'>quay_7</p>{POSTS}").authors == ()


def test_the_day_of_the_first_post_is_a_threads_and_not_that_of_an_account() -> None:
    first = "<p>Joined: 1 May 2001</p><p>#1 2020-10-27 15:14</p>"
    found = read(body=f"<h1>Which rope?</h1>{first}{POSTS}<p>#2 2020-10-28 10:00</p>", url=THREAD)
    assert found.published == Dated("2020-10-27", "shown")
    assert (
        read(body=f"<h1>Which rope?</h1><p>#1 10/11/2020</p><p>#2 2020-11-20</p>{POSTS}", url=THREAD).published is None
    )


def test_a_line_anywhere_that_says_published_dates_the_page_unless_another_says_otherwise() -> None:
    long = f"<p>{BODY[3:-4] * 3}</p>" * 3
    assert read(body=f"<h1>The ferry</h1>{long}<p>Posted on October 27, 2020</p>").published == Dated(
        "2020-10-27", "shown"
    )
    two = "<p>Posted on October 27, 2020</p><p>Posted on October 28, 2020</p>"
    assert read(body=f"<h1>The ferry</h1>{long}{two}").published is None


def test_an_element_named_for_the_date_dates_the_page_from_afar_unless_several_do() -> None:
    long = f"<p>{BODY[3:-4] * 3}</p>" * 3
    one = "<div class='single-post-date'>October 27, 2020</div>"
    assert read(body=f"<h1>The ferry</h1>{long}{one}").published == Dated("2020-10-27", "shown")
    assert read(body=f"<h1>The ferry</h1>{long}{one}{one.replace('27', '28')}").published is None
    assert read(body=f"<h1>The ferry</h1>{long}{one.replace('single-post', 'related')}").published is None


def test_a_page_of_headlines_made_alike_is_a_list_unless_its_address_says_that_it_is_an_article() -> None:
    headlines = "".join(
        f"<article><h2><a href='/{n}'>The ferry of day {n} is late</a></h2></article>" for n in range(12)
    )
    assert read(body=headlines, url="https://example.org/ferries").page_type == "listing"
    assert read(body=headlines, url="https://example.org/blog/the-ferry-is-late").page_type == "article"
    listed = ld({"@type": "ItemList"})
    assert read(listed, "<h1>Ropes</h1><p>One.</p><p>Two.</p>", "https://example.org/ropes").page_type == "listing"


def test_a_person_whose_name_the_site_bears_is_its_author() -> None:
    site = meta(og_site_name="Anna Example", author="Anna Example")
    person = ld({"@type": "BlogPosting", "publisher": {"@type": "Person", "name": "Anna Example"}})
    assert read(site, url="https://annaexample.example/1").authors == ()
    assert read(site + person, url="https://annaexample.example/1").authors == ("Anna Example",)


def test_people_are_read_from_cards_and_from_glued_bylines() -> None:
    card = "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Anna Example'>"
    assert read(card).authors == ("Anna Example",)
    assert read(card.replace("Written by", "Reading time")).authors == ()
    line = "<p class='byline'><span>By</span><a>Anna Example</a> Updated on October 27, 2020</p>"
    assert read(body=f"<h1>The ferry</h1>{line}").authors == ("Anna Example",)
