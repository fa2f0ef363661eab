"""Sitemaps of all kinds: sets, indexes, gzipped, of news, as text, named by robots.txt, and hostile ones."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from website import reply

from flows.discover import document, reading
from flows.discover.document import LARGEST
from flows.discover.entry import Reason
from flows.discover.sitemaps import read_sitemap

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XMLNS = f'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="{NEWS}"'


def urlset(*entries: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {XMLNS}>{"".join(entries)}</urlset>'.encode()


def url(loc: str, lastmod: str = "", more: str = "") -> str:
    return f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}{more}</url>"


def index(*entries: tuple[str, str]) -> bytes:
    maps = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{lastmod}</lastmod></sitemap>" for loc, lastmod in entries)
    return f"<sitemapindex {XMLNS}>{maps}</sitemapindex>".encode()


def xml(body: bytes) -> bytes:
    return reply(body, Content_Type="application/xml")


@pytest.fixture
def desk(website):
    """The host, and a function that gives its addresses."""
    return website.host("desk.example"), lambda path: website.url(path, "desk.example")


def taken(selection) -> list[str]:
    return [entry.url.rpartition("/")[2] for _, entry in selection.chosen()]


def test_ten_thousand_pages_are_listed_the_newest_first(desk, look):
    host, at = desk
    days = [f"2020-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(10_000)]
    host.on("/map.xml", xml(urlset(*(url(at(f"/{n}"), day) for n, day in enumerate(days)))))
    found = look(sitemap=at("/map.xml"), limit=50)
    newest = sorted(range(10_000), key=lambda n: (days[n], -n), reverse=True)[:50]
    assert taken(found) == [str(n) for n in newest]
    assert (found.found, found.skipped) == (10_000, {Reason.OVER_LIMIT: 9_950})
    assert len(taken(look(sitemap=at("/map.xml"), limit=20_000))) == 10_000


def test_a_gzipped_sitemap_is_read(desk, look):
    host, at = desk
    host.on("/map.xml.gz", reply(gzip.compress(urlset(url(at("/a")))), Content_Type="application/gzip"))
    assert taken(look(sitemap=at("/map.xml.gz"))) == ["a"]


def test_a_news_sitemap_says_title_and_date(desk, look):
    host, at = desk
    news = "<news:publication_date>2020-11-02T10:00:00+04:00</news:publication_date>"
    news = f"<news:news>{news}<news:title>The road &amp; the\nbridge</news:title></news:news>"
    host.on("/news.xml", xml(urlset(url(at("/a"), more=news))))
    [(_, entry)] = look(sitemap=at("/news.xml")).chosen()
    assert entry.listed == {"title": "The road & the bridge", "published": "2020-11-02T06:00:00Z"}


def test_the_sitemaps_of_an_index_are_read_and_older_ones_are_not_where_newer_ones_suffice(website, desk, look):
    host, at = desk
    host.on("/index.xml", xml(index(*((at(f"/{year}.xml"), f"{year}-12-31") for year in (2018, 2020, 2019)))))
    for year in (2018, 2019, 2020):
        host.on(f"/{year}.xml", xml(urlset(*(url(at(f"/{year}-{n}"), f"{year}-06-0{n}") for n in (1, 2)))))
    found = look(sitemap=at("/index.xml"), limit=3)
    assert taken(found) == ["2020-2", "2020-1", "2019-2"]
    assert "/2018.xml" not in website.paths("desk.example")
    assert "limit: 1" in found.remarks[0]
    assert len(taken(look(sitemap=at("/index.xml")))) == 6


def test_the_sitemaps_that_robots_txt_names_are_those_of_the_site(website, desk, look):
    host, at = desk
    robots = f"User-agent: *\nDisallow:\nSitemap: {at('/one.xml')}\nsitemap: {at('/two.txt')}\n"
    host.on("/robots.txt", reply(robots.encode(), Content_Type="text/plain"))
    host.on("/one.xml", xml(urlset(url(at("/a")))))
    host.on("/two.txt", reply(f"{at('/b')}\n\n{at('/c')}\n".encode(), Content_Type="text/plain"))
    assert taken(look(sitemap=at("/"))) == ["a", "b", "c"]
    assert "/sitemap.xml" not in website.paths("desk.example")


def test_without_such_lines_the_usual_place_is_looked_at(desk, look):
    host, at = desk
    host.on("/sitemap.xml", xml(urlset(url(at("/a")))))
    assert taken(look(sitemap=at(""))) == ["a"]
    host.on("/sitemap.xml", reply(b"", "404 Not Found"))
    assert "/sitemap.xml: gone: HTTP status 404" in look(sitemap=at("")).problems[0]


def test_a_sitemap_speaks_for_its_own_site_only(desk, look):
    host, at = desk
    elsewhere = (url("https://www.desk.example/b"), url("https://bank.example/transfer"))
    host.on("/map.xml", xml(urlset(url(at("/a")), *elsewhere)))
    found = look(sitemap=at("/map.xml"))
    assert found.skipped[Reason.OTHER_SITE] == 1
    assert found.examples[Reason.OTHER_SITE] == ["https://bank.example/transfer"]


def test_relative_addresses_are_those_of_the_sitemap_and_what_is_no_page_is_left_out(desk, look):
    host, at = desk
    addresses = ("../a", "file:///etc/passwd", "https://me:secret@desk.example/b", "ftp://desk.example/c")
    host.on("/maps/map.xml", xml(urlset(*map(url, addresses))))
    found = look(sitemap=at("/maps/map.xml"))
    assert taken(found) == ["a"]
    assert found.skipped == {Reason.NOT_WEB: 2, Reason.CREDENTIALS: 1}
    assert "secret" not in str(found.examples)


def test_an_index_of_a_sitemap_that_names_itself_ends(website, desk, look):
    host, at = desk
    host.on("/index.xml", xml(index((at("/index.xml"), "2020-01-01"), (at("/deeper.xml"), "2020-01-01"))))
    for n, name in enumerate(("deeper", "deep-1", "deep-2", "deep-3")):
        host.on(f"/{name}.xml", xml(index((at(f"/deep-{n + 1}.xml"), "2020-01-01"))))
    found = look(sitemap=at("/index.xml"))
    assert website.paths("desk.example").count("/index.xml") == 1
    assert any("nested too deep" in problem for problem in found.problems)


@pytest.mark.slow
def test_a_million_entries_are_cut(desk, look, monkeypatch):
    host, at = desk
    monkeypatch.setattr(reading, "MOST_LISTINGS", 2)
    host.on("/map.xml", xml(urlset(*(url(at(f"/{n}")) for n in range(60_000)))))
    host.on("/index.xml", xml(index(*((at(f"/map.xml?{n}"), "2020-01-01") for n in range(3)))))
    for n in range(3):
        host.on(f"/map.xml?{n}", *host.answers["/map.xml"])
    found = look(sitemap=at("/index.xml"), limit=10)
    assert len(taken(found)) == 10
    assert found.found == 50_000
    assert any("read up to the limit of 50,000 entries" in problem for problem in found.problems)
    assert any("the source has 2 listings already" in problem for problem in found.problems)


@given(st.lists(st.tuples(st.booleans(), st.text("a&>=;x", max_size=8)), max_size=8), st.integers(1, 40))
def test_addresses_come_through_whole_however_they_are_written(addresses, chunk):
    """In a section or not, with ampersands escaped or not, and wherever the document is cut to be parsed."""
    plain = [f"http://desk.example/?q={text}" for _, text in addresses]
    written = [
        f"<![CDATA[{address}]]>" if section else address.replace("&", "&amp;").replace(">", "&gt;")
        for (section, _), address in zip(addresses, plain, strict=True)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_CHUNK", chunk)
        found = read_sitemap(urlset(*map(url, written)), "http://desk.example/map.xml")
    assert [entry.url for entry in found.entries] == plain
    assert found.problems == ()


HOSTILE = {
    "gzip bomb": gzip.compress(b" " * (LARGEST + 1000)),
    "entities": b'<!DOCTYPE r [<!ENTITY a "b">]><urlset/>',
    "damaged gzip": gzip.compress(urlset())[:20] + b"xxxxxxxxxxxxxxxx",
    "nested": b"<urlset>" + b"<url>" * 300_000,
    "html": b"<!doctype html><html><body>Not here</body></html>",
    "nothing": b"",
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_no_sitemap_is_told_and_gives_nothing(desk, look, hostile):
    host, at = desk
    host.on("/map.xml", xml(HOSTILE[hostile]))
    found = look(sitemap=at("/map.xml"))
    assert (taken(found), len(found.problems)) == ([], 1)


def test_of_a_broken_sitemap_what_came_before_the_break_is_taken(desk, look):
    host, at = desk
    host.on("/map.xml", xml(urlset(url(at("/a")), url(at("/b")))[:-30]))
    found = look(sitemap=at("/map.xml"))
    assert taken(found) == ["a"]
    assert "not well-formed XML" in found.problems[0]
