"""What a page says of itself, and what it does not say for certain."""

import pytest
from said_of_itself import ld, meta, read

from cleaners.extract.dates import iso_date
from schemas.page import Dated


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
