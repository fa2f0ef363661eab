"""Hosts as most are: what a person would expect to be asked of them, and to come of it."""

import gzip
import zlib

import pyarrow as pa
import pytest
from website import article, hang_up, part_of, reply

from flows.fetch.client import user_agent
from flows.fetch.wanted import LISTINGS, Wanted

FERRY = article("Ferry")
TEXT = {"Content_Type": "text/plain"}


def only(found):
    (capture,) = found
    return capture


def verdicts(found):
    return [str(capture.verdict) for capture in found]


def test_a_page_is_fetched_with_how_it_was_fetched(website, fetch):
    website.host().page("/a", FERRY, etag='"1"', Last_Modified="Tue, 10 Nov 2020 00:00:00 GMT")
    listed = {"title": "Ferry", "published": "2020-11-10"}
    capture = only(fetch(Wanted(website.url("/a"), "harbour", listed=listed)))
    (exchange,) = capture.exchanges
    assert (capture.verdict, capture.body, capture.charset) == ("ok", FERRY, "utf-8")
    assert (capture.source, capture.url, capture.media_type) == ("harbour", website.url("/a"), "text/html")
    assert capture.metadata.items() >= {"ETag": '"1"', "http_status": "200", **listed}.items()
    assert exchange.request.startswith(b"GET /a HTTP/1.1\r\nHost: wire.example:%d\r\n" % website.port)
    assert exchange.response.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n")
    assert (exchange.payload, exchange.protocol, exchange.address) == (FERRY, "http/1.1", "127.0.0.1")


def test_hosts_are_told_who_asks_and_nothing_secret(website, fetch):
    website.host().on("/a", reply(FERRY, Set_Cookie="session=secret")).page("/b", FERRY)
    fetch("/a", "/b", contact="https://example.org/about-us")
    for request in website.requests:
        assert request.fields["user-agent"] == user_agent("https://example.org/about-us").decode()
        assert not {"cookie", "authorization", "referer"} & set(request.fields)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(FERRY)),
        ("deflate", zlib.compress(FERRY)),
        ("deflate", zlib.compress(FERRY)[2:-4]),
        ("br", pa.compress(FERRY, codec="brotli", asbytes=True)),
        ("zstd", pa.compress(FERRY, codec="zstd", asbytes=True)),
        ("gzip, br", pa.compress(gzip.compress(FERRY), codec="brotli", asbytes=True)),
        ("gzip", FERRY),
        ("identity", FERRY),
    ],
)
def test_codings_are_undone_and_the_payload_is_kept_as_it_came(website, fetch, coding, packed):
    website.host().page("/a", packed, Content_Encoding=coding)
    capture = only(fetch("/a"))
    assert (capture.verdict, capture.body, capture.exchanges[0].payload) == ("ok", FERRY, packed)


def test_chunks_are_no_part_of_the_payload_and_the_head_says_so(website, fetch):
    chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    website.host().on("/a", chunked)
    capture = only(fetch("/a"))
    assert capture.body == b"hello"
    assert b"\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\n" in capture.exchanges[0].response


@pytest.mark.parametrize(
    ("declared", "charset"),
    [("text/html; charset=windows-1251", "windows-1251"), ("text/html", None), ('text/html; charset="UTF-8"', "UTF-8")],
)
def test_what_a_host_says_of_the_charset_is_handed_on(website, fetch, declared, charset):
    website.host().page("/a", "<p>Шуша</p>".encode("cp1251"), Content_Type=declared)
    assert only(fetch("/a")).charset == charset


def test_redirects_are_followed_and_recorded_and_the_identity_stays(website, fetch):
    website.host().on("/a", reply(b"moved", "301 Moved Permanently", Location="/b?x=ä#top"))
    website.host().on("/b?x=%C3%A4", reply(b"", "307 Temporary Redirect", Location=website.url("/c", "other.example")))
    website.host("other.example").page("/c", FERRY)
    capture = only(fetch("/a"))
    assert (capture.verdict, capture.body, capture.url) == ("ok", FERRY, website.url("/a"))
    assert [e.url for e in capture.exchanges] == [
        website.url("/a"),
        website.url("/b?x=%C3%A4"),
        website.url("/c", "other.example"),
    ]
    assert capture.metadata["final_url"] == website.url("/c", "other.example")
    assert website.paths("other.example") == ["/robots.txt", "/c"]


def test_an_unchanged_page_costs_a_304_and_no_bytes(website, fetch):
    website.host().page("/a", FERRY, etag='"1"')
    capture = only(fetch(Wanted(website.url("/a"), "test", etag='"1"')))
    assert (capture.verdict, capture.body, len(capture.exchanges)) == ("not_modified", b"", 1)
    assert only(fetch(Wanted(website.url("/a"), "test", etag='"0"'))).verdict == "ok"


def test_validators_are_only_sent_to_the_url_that_gave_them(website, fetch):
    website.host().on("/a", reply(status="302 Found", Location="/b")).page("/b", FERRY, etag='"1"')
    wanted = Wanted(website.url("/a"), "test", etag='"1"', validates=website.url("/b"))
    assert only(fetch(wanted)).verdict == "not_modified"
    asked = {r.path: r.fields.get("if-none-match") for r in website.requests}
    assert asked == {"/robots.txt": None, "/a": None, "/b": '"1"'}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("404 Not Found", "gone"),
        ("410 Gone", "gone"),
        ("403 Forbidden", "error"),
        ("304 Not Modified", "error"),
        ("500 Internal Server Error", "error"),
        ("503 Service Unavailable", "deferred"),
        ("429 Too Many Requests", "deferred"),
        ("204 No Content", "error"),
    ],
)
def test_each_status_has_its_verdict(website, fetch, status, verdict):
    website.host().on("/a", reply(status=status, Retry_After="0"))
    capture = only(fetch("/a"))
    assert (capture.verdict, capture.detail.split(",")[0]) == (verdict, f"HTTP status {status[:3]}")


def test_feeds_are_no_pages_and_listings_may_be(website, fetch):
    website.host().page("/feed", b"<rss/>", Content_Type="application/rss+xml")
    url = website.url("/feed")
    assert verdicts(fetch(Wanted(url, "test"))) == ["unsupported_type"]
    assert verdicts(fetch(Wanted(url, "test", accept=LISTINGS))) == ["ok"]


ROBOTS = {
    "allowed": (b"User-agent: *\nDisallow: /private/\n", "ok"),
    "disallowed": (b"User-agent: *\nDisallow: /\n", "robots_disallowed"),
    "by name": (b"User-agent: cleancopy\nDisallow: /a\n\nUser-agent: *\nAllow: /\n", "robots_disallowed"),
    "others": (b"User-agent: somebot\nDisallow: /\n", "ok"),
    "longest match": (b"User-agent: *\nDisallow: /\nAllow: /a$\n", "ok"),
    "no text": (bytes(range(256)) * 50, "ok"),
    "a page": (b"<html><p>Welcome</p></html>", "ok"),
    "a mark first": (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n", "robots_disallowed"),
    "too long": (b"User-agent: *\nDisallow: /a\n" + b"#" * 600_000 + b"\nAllow: /a\n", "robots_disallowed"),
}


@pytest.mark.parametrize("case", ROBOTS)
def test_robots_txt_decides(website, fetch, case):
    text, verdict = ROBOTS[case]
    website.host().page("/robots.txt", text, **TEXT).page("/a", FERRY)
    assert verdicts(fetch("/a")) == [verdict]
    assert website.paths() == (["/robots.txt", "/a"] if verdict == "ok" else ["/robots.txt"])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (reply(status="404 Not Found"), "ok"),
        (reply(status="403 Forbidden"), "ok"),
        (reply(status="204 No Content"), "ok"),
        (reply(status="500 Internal Server Error"), "robots_disallowed"),
        (reply(status="503 Service Unavailable"), "robots_disallowed"),
        (reply(status="429 Too Many Requests"), "robots_disallowed"),
        (hang_up, "robots_disallowed"),
        (reply(status="302 Found", Location="/robots.txt"), "robots_disallowed"),
        (reply(status="302 Found", Location="http://10.0.0.1/"), "robots_disallowed"),
    ],
)
def test_without_robots_txt_its_absence_decides(website, fetch, answer, verdict):
    website.host().on("/robots.txt", answer).page("/a", FERRY)
    assert verdicts(fetch("/a")) == [verdict]


def test_robots_txt_is_read_once_for_a_host_also_behind_a_redirect(website, fetch):
    website.host().on("/robots.txt", reply(status="301 Moved Permanently", Location="/rules"))
    website.host().on("/rules", reply(b"User-agent: *\nDisallow: /b", **TEXT)).page("/a", FERRY).page("/b", FERRY)
    assert verdicts(fetch("/a", "/b", "/c")) == ["ok", "robots_disallowed", "gone"]
    assert website.paths() == ["/robots.txt", "/rules", "/a", "/c"]


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(website, fetch):
    website.host().page("/robots.txt", b"User-agent: *\nDisallow: /b", **TEXT)
    website.host().on("/a", reply(status="302 Found", Location="/b")).page("/b", FERRY)
    capture = only(fetch("/a"))
    assert (capture.verdict, website.paths()) == ("robots_disallowed", ["/robots.txt", "/a"])
    assert f"redirected to {website.url('/b')}" in capture.detail


def test_what_fails_for_a_moment_is_asked_again(website, fetch):
    busy = reply(status="429 Too Many Requests", Retry_After="0")
    website.host().on("/a", busy, reply(status="503 Service Unavailable", Retry_After="0"), reply(FERRY))
    website.host().on("/b", hang_up, part_of(reply(FERRY), 200), reply(FERRY))
    website.host().on("/c", *[reply(status="500 Oops")] * 9)
    assert verdicts(fetch("/a", "/b", "/c", retries=3)) == ["ok", "ok", "error"]
    assert website.paths().count("/c") == 4


def test_what_is_gone_is_not_asked_for_again(website, fetch):
    website.host().on("/a", reply(status="404 Not Found"))
    fetch("/a", retries=3)
    assert website.paths() == ["/robots.txt", "/a"]


@pytest.mark.parametrize("wait", ["7200", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_host_that_wants_to_be_left_alone_for_long_is_left_to_a_later_run(website, fetch, wait):
    website.host().on("/a", reply(status="429 Too Many Requests", Retry_After=wait)).page("/b", FERRY)
    website.host("other.example").page("/c", FERRY)
    found = fetch("/a", "/b", website.url("/c", "other.example"), retries=3)
    assert {c.url.rpartition("/")[2]: str(c.verdict) for c in found} == {"a": "deferred", "b": "deferred", "c": "ok"}
    assert website.paths() == ["/robots.txt", "/a"]


def test_a_crawl_delay_that_a_run_cannot_keep_defers_the_rest(website, fetch):
    website.host().page("/robots.txt", b"User-agent: *\nCrawl-delay: 100000", **TEXT).page("/a", FERRY)
    assert verdicts(fetch("/a", host_budget=10)) == ["deferred"]


def test_when_the_time_of_a_run_is_spent_the_rest_is_deferred(website, fetch):
    website.host().page("/a", FERRY).page("/b", FERRY)
    assert verdicts(fetch("/a", "/b", run_budget=1e-9))[-1] == "deferred"


def test_a_page_that_is_listed_twice_is_fetched_once_for_the_first(website, fetch):
    website.host().page("/a", FERRY).page("/a?utm_source=x", FERRY)
    found = fetch(
        Wanted(website.url("/a"), "first"),
        Wanted(website.url("/a"), "second"),
        Wanted(website.url("/a?utm_source=x"), "x"),
    )
    assert [capture.source for capture in found] == ["first"]


def test_a_slow_host_does_not_keep_the_others_waiting(website, fetch):
    """The pages of the host with a long delay come last, though they were listed first."""
    website.host("slow.example").page("/robots.txt", b"User-agent: *\nCrawl-delay: 0.3", **TEXT)
    for number in range(3):
        website.host("slow.example").page(f"/{number}", FERRY)
        website.host().page(f"/{number}", FERRY)
    slow = [website.url(f"/{number}", "slow.example") for number in range(3)]
    found = fetch(*slow, "/0", "/1", "/2")
    assert set(verdicts(found)) == {"ok"}
    assert [c.url for c in found][-2:] == slow[1:]
