"""Feeds in all dialects, whole and broken, and feeds that mean harm."""

import textwrap

import pytest
from website import reply

from flows.discover.document import RefusedError
from flows.discover.feeds import MOST_ITEMS, read_feed

HERE = "https://desk.example/news/feed.xml"


def feed(text: str) -> bytes:
    return textwrap.dedent(text).strip().encode()


def read(body: bytes) -> list[tuple[str, str, str]]:
    """Return address, title and day of each page that a feed lists."""
    found = read_feed(body, HERE)
    assert found.problems == ()
    return [(entry.url, entry.listed.get("title", ""), str(entry.dated.date())) for entry in found.entries]


DIALECTS = {
    "rss 2.0": """
        <?xml version="1.0"?>
        <rss version="2.0"><channel><title>Desk</title><link>https://desk.example/</link>
        <item><title>The road</title><link>https://desk.example/road</link>
        <pubDate>Mon, 02 Nov 2020 10:00:00 +0400</pubDate></item></channel></rss>""",
    "rss 2.0 with the address in its guid": """
        <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
        <item><guid>https://desk.example/road</guid><title><![CDATA[The road]]></title>
        <dc:date>2020-11-02T06:00:00Z</dc:date></item></channel></rss>""",
    "rss 0.91 with a document type": """
        <!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://wire.example/rss-0.91.dtd">
        <rss version="0.91"><channel><item><title>The road</title><link>https://desk.example/road</link>
        <pubDate>2 Nov 2020 06:00:00 GMT</pubDate></item></channel></rss>""",
    "rss 0.9": """
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"
          xmlns:dc="http://purl.org/dc/elements/1.1/">
        <item><title>The road</title><link>https://desk.example/road</link><dc:date>2020-11-02</dc:date></item>
        </rdf:RDF>""",
    "rss 1.0": """
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
          xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://desk.example/"><title>Desk</title></channel>
        <item rdf:about="https://desk.example/road"><title>The road</title><link>https://desk.example/road</link>
        <dc:date>2020-11-02T06:00:00Z</dc:date></item></rdf:RDF>""",
    "atom 1.0": """
        <feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title><entry>
        <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <b>road</b></div></title>
        <link rel="self" href="https://desk.example/entries/1"/><link href="https://desk.example/road"/>
        <link rel="enclosure" href="https://desk.example/road.mp3"/>
        <updated>2020-11-02T06:00:00Z</updated></entry></feed>""",
    "atom 0.3": """
        <feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>The road</title>
        <link rel="alternate" type="text/html" href="https://desk.example/road"/>
        <issued>2020-11-02T06:00:00Z</issued></entry></feed>""",
    "atom with a base and a relative link": """
        <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://desk.example/a/"><entry xml:base="../b/">
        <title type="html">The &lt;i&gt;road&lt;/i&gt;</title><link href="../road"/>
        <updated>2020-11-02T06:00:00Z</updated></entry></feed>""",
    "a link relative to the feed": """
        <rss><channel><item><title>The road</title><link>../road</link>
        <pubDate>Mon, 02 Nov 2020 10:00:00 +0400</pubDate></item></channel></rss>""",
    "a service that counts readers": """
        <rss xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>The road</title>
        <link>https://counting.example/1</link><fb:origLink>https://desk.example/road</fb:origLink>
        <pubDate>Mon, 02 Nov 2020 10:00:00 +0400</pubDate></item></channel></rss>""",
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_read(dialect):
    assert read(feed(DIALECTS[dialect])) == [("https://desk.example/road", "The road", "2020-11-02")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_the_encoding_is_that_of_the_feed(encoding):
    declared = f' encoding="{encoding}"' if encoding.startswith("win") else ""
    item = "<item><title>Дорога</title><link>https://desk.example/road</link></item>"
    text = f'<?xml version="1.0"{declared}?><rss><channel>{item}</channel></rss>'
    assert [(title, url) for url, title, _ in read(text.encode(encoding))] == [("Дорога", "https://desk.example/road")]


def test_an_address_keeps_its_ampersands_and_characters_their_names():
    item = "<item><title>Caf&eacute; &amp; bar</title><link>https://desk.example/?a=1&b=2</link></item>"
    body = feed(f"<rss><channel>{item}</channel></rss>")
    assert [entry[:2] for entry in read(body)] == [("https://desk.example/?a=1&b=2", "Café & bar")]


def test_of_a_broken_feed_the_items_before_the_break_are_read_and_it_is_said():
    body = b"<rss><channel><item><link>https://desk.example/1</link></item><item><link>https://desk.exam"
    found = read_feed(body, HERE)
    assert [entry.url for entry in found.entries] == ["https://desk.example/1"]
    assert "not well-formed" in found.problems[0]


def test_items_that_name_no_page_are_counted():
    found = read_feed(b'<rss><item><guid isPermaLink="false">7</guid></item><item><title>x</title></item></rss>', HERE)
    assert (found.entries, found.problems) == ((), ("2 of 2 items name no page",))


def test_of_a_feed_that_never_ends_the_first_items_are_read():
    item = b"<item><link>https://desk.example/%d</link></item>"
    found = read_feed(b"<rss>" + b"".join(item % n for n in range(MOST_ITEMS + 1000)) + b"</rss>", HERE)
    assert (len(found.entries), found.problems) == (MOST_ITEMS, (f"read up to the limit of {MOST_ITEMS:,} items",))


BOMBS = {
    "entities": b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><title>&b;</title></item></rss>',
    "an external entity": b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><title>&a;</title></rss>',
    "entities behind a comment": b'<!-- <rss> --><!DOCTYPE r [<!ENTITY a "b">]><rss></rss>',
    "entities in UTF-16": '<!DOCTYPE r [<!ENTITY a "b">]><rss></rss>'.encode("utf-16"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_feed_that_declares_entities_is_refused(bomb):
    with pytest.raises(RefusedError, match="entities"):
        read_feed(BOMBS[bomb], HERE)


@pytest.mark.parametrize(
    "hostile",
    [
        b"<rss><channel>" + b"<item " * 200_000,
        b"<rss>" + b"<a>" * 400_000,
        b"<rss><channel><item><title>" + b"<![CDATA[" * 100_000,
        b"<rss><item " + b" ".join(b"a%d='1'" % n for n in range(50_000)) + b"></item></rss>",
        b"<rss><channel>&" + b"\n" * 1_000_000,
        b"<rss><item>" + b"<title>x</title>" * 50_000 + b"</item></rss>",
        b"\n" * 3_000_000 + b"<rss></rss>",
    ],
    ids=["tags that never end", "nesting", "sections", "attributes", "lines", "titles", "nothing first"],
)
def test_hostile_feeds_end_and_give_nothing(hostile):
    assert [entry.url for entry in read_feed(hostile, HERE).entries] == []


def test_the_feeds_that_a_page_names_are_read(website, look):
    desk = website.host("desk.example")
    desk.page(
        "/",
        b"""<!doctype html><html><head><base href="/feeds/">
        <link rel="alternate" type="application/rss+xml" href="news.xml">
        <link rel="alternate" type="application/atom+xml" href="/comments/feed/" title="Comments">
        <link rel="stylesheet" href="/style.css"></head><body>The desk</body></html>""",
    )
    desk.on("/feeds/news.xml", reply(b"<rss><item><link>/a</link></item></rss>", Content_Type="application/rss+xml"))
    found = look(feed=website.url("/", "desk.example"))
    assert [entry.url for _, entry in found.chosen()] == [website.url("/a", "desk.example")]
    assert website.paths("desk.example") == ["/robots.txt", "/", "/feeds/news.xml"]
    assert found.problems == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(b"", "404 Not Found"), "gone: HTTP status 404"),
        (reply(b"<html><body>Welcome</body></html>"), "a page of HTML that names no feed"),
        (reply(b"{}", Content_Type="application/json"), "it holds no XML"),
        (reply(b"<opml></opml>", Content_Type="text/xml"), "no feed: its root element is 'opml'"),
        (reply(b'<!DOCTYPE r [<!ENTITY a "b">]><rss/>', Content_Type="text/xml"), "refused"),
        (reply(b""), "it is empty"),
    ],
    ids=["404", "html", "json", "opml", "bomb", "empty"],
)
def test_a_feed_that_cannot_be_read_is_told(website, look, answer, said):
    website.host("desk.example").on("/feed", answer)
    found = look(feed=website.url("/feed", "desk.example"))
    assert (found.found, len(found.problems)) == (0, 1)
    assert found.problems[0].startswith(website.url("/feed", "desk.example"))
    assert said in found.problems[0]


def test_a_feed_that_robots_txt_does_not_allow_is_told(website, look):
    website.host("desk.example").on("/robots.txt", reply(b"User-agent: *\nDisallow: /feed", Content_Type="text/plain"))
    found = look(feed=website.url("/feed", "desk.example"))
    assert "robots_disallowed" in found.problems[0]
    assert website.paths("desk.example") == ["/robots.txt"]
