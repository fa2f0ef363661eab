"""What a page says of itself, and what it does not say for certain."""

import json

import pytest

from cleaners.extract.dates import iso_date
from cleaners.extract.page import extract
from schemas.page import Dated, Metadata

BODY = "<p>On the morning of the second day the ferry left the pier with eleven people on board, and two dogs.</p>"


def read(head: str = "", body: str = "", url: str | None = None) -> Metadata:
    page = f"<html lang='en'><head>{head}</head><body>{body}{BODY}</body></html>"
    return extract(page, url, None).metadata


def ld(*nodes: object) -> str:
    content = json.dumps(nodes[0] if len(nodes) == 1 else list(nodes))
    return f'<script type="application/ld+json">{content}</script>'


def meta(**names: str) -> str:
    return "".join(f'<meta property="{name.replace("_", ":", 1)}" content="{value}">' for name, value in names.items())


def test_json_ld_is_read_first() -> None:
    found = read(
        ld(
            {
                "@context": "https://schema.org",
                "@graph": [
                    {"@type": "WebPage", "datePublished": "1999-01-01"},
                    {
                        "@type": ["NewsArticle"],
                        "headline": "The ferry &amp; the fog",
                        "author": [
                            {"@type": "Person", "name": "C. D."},
                            {"@id": "#ef"},
                            {"@type": "Organization", "name": "X"},
                        ],
                        "datePublished": "2020-10-27T09:05:00.120+04:00",
                        "dateModified": "2020-10-28",
                        "articleSection": ["Harbour"],
                        "keywords": "ferry, fog,",
                        "publisher": {"name": "Harbour News"},
                    },
                    {"@type": "Person", "@id": "#ef", "name": "E. F."},
                ],
            }
        )
        + meta(og_title="Another title", article_published_time="2001-01-01")
    )
    assert found.title == "The ferry & the fog"
    assert found.authors == ("C. D.", "E. F.")
    assert found.published == Dated("2020-10-27T09:05:00+04:00", "json-ld")
    assert found.modified == Dated("2020-10-28", "json-ld")
    assert (found.section, found.tags, found.publisher) == ("Harbour", ("ferry", "fog"), "Harbour News")
    assert found.declared_language == "en"


def test_meta_elements_are_read_next() -> None:
    found = read(
        meta(
            og_title="The ferry",
            og_site__name="x",
            article_published_time="2020-10-27T05:05:00Z",
            article_modified_time="2020-10-28",
            article_section="Harbour",
        )
        + '<meta name="author" content="By C. D. and E. F."><meta property="og:site_name" content="Harbour News">'
        + '<link rel="canonical" href="/ferry#x">',
        url="https://example.org/a?b",
    )
    assert found.title == "The ferry"
    assert found.authors == ("C. D.", "E. F.")
    assert found.published == Dated("2020-10-27T05:05:00Z", "meta:article:published_time")
    assert found.modified == Dated("2020-10-28", "meta:article:modified_time")
    assert (found.section, found.publisher) == ("Harbour", "Harbour News")
    assert found.canonical_url == "https://example.org/ferry#x"


def test_the_name_of_the_site_is_no_part_of_the_title() -> None:
    head = "<title>The ferry - Harbour News</title>" + meta(og_title="The ferry - Harbour News")
    assert read(head, "<h1>The ferry</h1>").title == "The ferry"


@pytest.mark.parametrize(
    "author", ["https://example.org/cd", "@cd", "admin", "Harbour News", "cd@example.org", "cd-example", "1234", " ; "]
)
def test_what_is_no_person_is_no_author(author: str) -> None:
    head = ld({"@type": "NewsArticle", "author": author, "publisher": {"name": "Harbour News"}})
    assert read(head).authors == ()


def test_authors_are_split() -> None:
    head = ld({"@type": "NewsArticle", "author": "C. D.; E. F. (ef)"})
    assert read(head).authors == ("C. D.", "E. F.")


def test_dates_in_the_body_count_where_they_are_marked_as_the_page_s() -> None:
    marked = '<time itemprop="datePublished" datetime="2020-10-27">x</time>'
    assert read(body=marked).published == Dated("2020-10-27", "itemprop:datePublished")
    assert read(body='<time datetime="2020-10-27T10:00">x</time>').published == Dated("2020-10-27T10:00:00", "time")
    two = '<time datetime="2020-10-27">x</time><time datetime="2020-10-28">y</time>'
    assert read(body=two).published is None
    assert read(url="https://example.org/2020/10/27/ferry").published == Dated("2020-10-27", "url")


def test_a_date_in_the_text_is_not_taken_for_the_page_s() -> None:
    assert read(body="<p>It ran last on 27 October 2020, or 2020-10-27, they say.</p>").published is None


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2020-10-27", "2020-10-27"),
        ("2020/10/27", "2020-10-27"),
        ("27.10.2020", "2020-10-27"),
        ("27.10.2020 09:05", "2020-10-27T09:05:00"),
        ("2020-10-27 09:05:07 +0400", "2020-10-27T09:05:07+04:00"),
        ("2020-10-27T09:05:07+00:00", "2020-10-27T09:05:07Z"),
        ("2020-10-27T09:05:07.5Z", "2020-10-27T09:05:07Z"),
        ("Tue, 27 Oct 2020 09:05:07 +0400", "2020-10-27T09:05:07+04:00"),
        ("2020-13-27", None),
        ("10/11/2020", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01", None),
        ("9999-12-31", None),
        ("27 October 2020", None),
        ("2020", None),
        ("", None),
        (None, None),
        ("Tue, 2020", None),
        ("9" * 100_000, None),
    ],
)
def test_dates_are_iso_8601_or_none(stated: str | None, date: str | None) -> None:
    assert iso_date(stated) == date


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[[[]]]",
        "null",
        '{"@type": "NewsArticle", "headline": 5, "author": [[1, {"name": {}}], null], "datePublished": {}}',
        '{"@type": [1], "@id": []}',
        '{"@graph": 1, "mainEntity": [null]}',
    ],
)
def test_json_ld_of_another_shape_says_nothing(content: str) -> None:
    found = read(f'<script type="application/ld+json">{content}</script>')
    assert (found.authors, found.published, found.tags) == ((), None, ())


def test_json_ld_in_old_wrappings_is_read() -> None:
    content = '\n/*<![CDATA[*/ {"@type": "Article", "headline": "The\nferry"}; /*]]>*/'
    assert read(f'<script type="application/ld+json">{content}</script>').title == "The ferry"


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "http://[", "//", "ftp://example.org/", "http://" + "a/" * 2_000]
)
def test_a_canonical_address_is_an_address(target: str) -> None:
    assert read(f'<link rel="canonical" href="{target}">').canonical_url is None


def test_a_licence_and_a_paywall_are_read_with_their_places() -> None:
    terms = "https://creativecommons.org/licenses/by/4.0/"
    found = read(
        ld({"@type": "NewsArticle", "headline": "The ferry", "isAccessibleForFree": "False", "license": terms})
    )
    assert (found.licence, found.free_to_read) == (terms, False)
    assert dict(found.evidence) == {
        "title": "json-ld:headline",
        "licence": "json-ld",
        "free_to_read": "json-ld",
    }
    assert read(body=f'<a rel="license" href="{terms}">CC</a>').licence == terms
    assert read().free_to_read is None


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By C. D.", ("C. D.",)),
        ("By C. D. and E. F.", ("C. D.", "E. F.")),
        ("Von C. D. | 27.10.2020", ("C. D.",)),
        ("By our newsroom", ()),
        ("By Anna Example ⋅ Harbour master ⋅ Updated May 6, 2025", ("Anna Example",)),
        ("October 27, 2020 By Anna Example In Harbour", ("Anna Example",)),
        ("27 October 2020 · 3 min · by Anna Example", ("Anna Example",)),
        ("October 27, 2020 by the quay", ()),
        ("Written by</p><p>Anna Example", ("Anna Example",)),
        ("Seen by</p><p>Anna Example", ()),
        ("By the time the ferry left, it rained", ()),
        ("Harbour Quay", ()),
        ("Anna Example | 27.10.2020", ("Anna Example",)),
        ("Anna Example, 27 October 2020", ()),
        ("By Anna ExampleOctober 27, 2020", ("Anna Example",)),
    ],
)
def test_a_byline_under_the_heading_names_people_only_where_it_is_names(line: str, authors: tuple[str, ...]) -> None:
    assert read(body=f"<h1>The ferry</h1><p>{line}</p>").authors == authors


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("27 October 2020", "2020-10-27", None),
        ("Published on October 27, 2020 | Updated October 28, 2020", "2020-10-27", "2020-10-28"),
        ("Last updated: 28 October 2020", None, "2020-10-28"),
        ("10/11/2020", None, None),
        ("Member since 27 October 2020", None, None),
    ],
)
def test_a_date_under_the_heading_is_the_page_s(line: str, published: str | None, modified: str | None) -> None:
    found = read(body=f"<h1>The ferry</h1><div>{line}</div>")
    assert (found.published and found.published.value, found.modified and found.modified.value) == (published, modified)


@pytest.mark.parametrize(
    ("head", "url", "kind"),
    [
        (ld({"@type": "NewsArticle"}), "https://example.org/x", "article"),
        (ld({"@type": "DiscussionForumPosting"}), "https://example.org/x", "forum"),
        (ld({"@type": "Product", "name": "A rope"}), "https://example.org/x", "product"),
        ("", "https://docs.example.org/x", "documentation"),
        ("", "https://example.org/collections/rope", "collection"),
        ("", "https://example.org/tag/", "listing"),
        ("", "https://example.org/services/towing", "service"),
    ],
)
def test_the_kind_of_a_page_is_recorded(head: str, url: str, kind: str) -> None:
    assert read(head, "<h1>The ferry</h1><p>One.</p><p>Two.</p>", url).page_type == kind


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
