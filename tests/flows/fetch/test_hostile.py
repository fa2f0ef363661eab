"""Hosts that mean harm: each is refused with a verdict and a reason, and the run goes on."""

import asyncio
import gzip
import itertools
import json
import subprocess
import sys

import pytest
from website import article, drip, hang_up, part_of, reply

from flows.fetch.address import Guard
from flows.fetch.robots import TOKEN, parsed
from flows.fetch.wanted import Wanted

BOMB = gzip.compress(bytes(5_000_000))
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>"


def only(captures):
    (capture,) = captures
    return capture


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://127.0.0.2/", "no public address"),
        ("http://169.254.169.254/latest/meta-data/", "no public address"),
        ("http://[::1]/", "no public address"),
        ("http://[::ffff:10.0.0.1]/", "no public address"),
        ("http://intranet.example/", "no public address"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://wire.example/", "only http and https"),
        ("http://user:secret@wire.example/", "credentials"),
        ("http://[::1", "not a URL"),
        ("https://wire.example:99999/", "a port"),
    ],
)
def test_a_redirect_to_where_nothing_may_be_asked_is_refused(website, fetch, target, said):
    website.host().on("/a", reply(status="302 Found", Location=target)).page("/b", article("Ferry"))

    async def resolve(name, port):
        return ["10.0.0.7"] if name == "intranet.example" else await website.resolve(name, port)

    refused, after = fetch("/a", "/b", resolve=resolve, allow=["127.0.0.1/32"])
    assert (refused.verdict, after.verdict) == ("error", "ok")
    assert said in refused.detail
    assert "secret" not in refused.detail
    assert [exchange.url for exchange in refused.exchanges] == [website.url("/a")]


def test_a_name_that_leads_to_loopback_is_refused_unless_it_is_allowed(website, fetch):
    website.host().page("/a", article("Ferry"))
    capture = only(fetch("/a", allow=()))
    assert (capture.verdict, website.requests) == ("error", [])
    assert "127.0.0.1, which is no public address" in capture.detail
    assert only(fetch("/a")).verdict == "ok"


def test_a_name_that_changes_its_address_between_two_connections_gains_nothing(website, fetch):
    """The address that was checked is the one that is connected to, for every connection anew."""
    website.host().page("/robots.txt", b"", Content_Type="text/plain", Connection="close")
    website.host().page("/a", article("Ferry"))
    website.host().on("/robots.txt", part_of(reply(b"", Content_Type="text/plain"), 1000))
    answers = itertools.chain([["127.0.0.1"]], itertools.repeat(["169.254.169.254"]))

    async def rebind(_name, _port):
        return next(answers)

    capture = only(fetch("/a", resolve=rebind))
    assert capture.verdict == "error"
    assert "169.254.169.254" in capture.detail
    assert website.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.0.192", "198.18.0.1", "168.63.129.16"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1"),
        *(
            "::ffff:127.0.0.1",
            "::ffff:a9fe:a9fe",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2002:a00:1::1",
        ),
        *("2001:0:a00:1::1", "::127.0.0.1", "2001:db8::1", "not an address", ""),
    ],
)
def test_addresses_that_are_not_public_are_refused(address):
    assert not Guard(()).permits(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_permitted(address):
    assert Guard(()).permits(address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://wire.example/a",
        "javascript:alert(1)",
        "//wire.example/a",
        "http://user:secret@wire.example/a",
        "http:///a",
        "http://wire.example:99999/",
        "http://" + "a" * 9000 + ".example/",
        "",
    ],
)
def test_a_listed_url_that_is_none_of_the_web_is_an_error(fetch, url):
    capture = only(fetch(Wanted(url, "test")))
    assert (capture.verdict, capture.exchanges) == ("error", ())
    assert "secret" not in json.dumps([capture.identity, capture.url, capture.detail, capture.metadata])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (reply(BOMB, Content_Encoding="gzip"), "too_large"),
        (reply(gzip.compress(BOMB), Content_Encoding="gzip, gzip"), "too_large"),
        (reply(BOMB, Content_Encoding=", ".join(["gzip"] * 50)), "undecodable"),
        (reply(BOMB, "404 Not Found", Content_Encoding="gzip"), "gone"),
        (reply(b"x", Content_Length="99999999999"), "too_large"),
        (drip(ENDLESS, b"<p>on and on" * 1000, 0), "too_large"),
        (drip(ENDLESS, b".", 0.02), "timed_out"),
        (drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.02), "timed_out"),
        (drip(b"HTTP/1.1 200 OK\r\n", b"X-A: %s\r\n" % (b"b" * 9000), 0), "error"),
        (drip(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 9000, 0), "error"),
        (drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.01), "timed_out"),
        (drip(b"", b"", 0.01), "timed_out"),
        (part_of(reply(article("Ferry")), 300), "truncated"),
        (hang_up, "error"),
        (part_of(b"220 wire.example ESMTP\r\n", 100), "error"),
        (reply(b"\x00\x01", Content_Encoding="unheard-of"), "undecodable"),
        (reply(gzip.compress(article("Ferry"))[:-20], Content_Encoding="gzip"), "truncated"),
        (reply(b"%PDF", Content_Type="application/pdf"), "unsupported_type"),
        (reply(status="302 Found", Location="/c"), "error"),
    ],
)
def test_a_hostile_answer_gets_a_verdict_and_the_run_goes_on(website, fetch, answer, verdict):
    website.host().on("/c", answer).page("/after", article("Ferry"))
    limits = {"page_timeout": 1.5, "timeout": 1} if verdict == "timed_out" else {}
    hostile, after = fetch("/c", "/after", max_bytes=1_000_000, **limits)
    assert (hostile.verdict, after.verdict) == (verdict, "ok")
    assert hostile.detail
    assert sum(len(exchange.payload) for exchange in hostile.exchanges) <= 1_000_000


def test_redirects_without_an_end_stop(website, fetch):
    host = website.host()
    for number in range(20):
        host.on(f"/{number}", reply(b"moved", "301 Moved Permanently", Location=f"/{number + 1}"))
    capture = only(fetch("/0", redirects=3))
    assert (capture.verdict, capture.detail) == ("error", "more than 3 redirects")
    assert len(capture.exchanges) == 4


def test_a_certificate_that_nobody_vouches_for_is_refused(fetch, tls_website):
    tls_website.host().page("/a", article("Ferry"))
    capture = only(fetch("/a", site=tls_website))
    assert (capture.verdict, tls_website.requests) == ("error", [])
    assert "no valid TLS: self-signed certificate" in capture.detail
    trusting = only(fetch("/a", site=tls_website, tls=tls_website.trust))
    assert (trusting.verdict, trusting.exchanges[0].protocol) == ("ok", "http/1.1,tls/1.3")


def test_a_robots_txt_of_many_agents_and_rules_takes_no_more_memory_than_its_size():
    """Kept once for each agent of a group, 20,000 rules for 20,000 agents would be 400 million."""
    agents = "\n".join(f"User-agent: bot{number}" for number in range(20_000))
    odd = "\x0b".join(f"\u2003uSer  Agent bot{number}" for number in range(5_000))
    rules = "\n".join(f"Disallow: /{number}" for number in range(10_000))
    script = (
        "import resource, sys; from flows.fetch.robots import parsed, TOKEN\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, resource.RLIM_INFINITY))\n"
        "print(parsed(sys.stdin.buffer.read()).can_fetch('http://h.example/77', TOKEN))"
    )
    for text in (f"{agents}\n{rules}", f"{odd}\n{rules}", f"{agents}\nUser-agent: *\n{rules}"):
        ran = subprocess.run([sys.executable, "-c", script], input=text.encode(), capture_output=True, check=True)
        assert ran.stdout.decode().strip() == str(not text.count("*"))


def test_robots_txt_is_read_by_whole_names():
    rules = parsed(b"User-agent: cleancopybot\nDisallow: /\n\nUser-agent: CleanCopy/2.0\nDisallow: /private # x\n")
    assert rules.can_fetch("http://h.example/a", TOKEN)
    assert not rules.can_fetch("http://h.example/private/b", TOKEN)


def test_a_failure_of_our_own_is_told_of_and_the_run_goes_on(website, fetch):
    website.host().page("/a", article("Ferry"))

    async def broken(name, port):
        if name == "odd.example":
            raise RuntimeError("a look-up that was never thought of")
        return await website.resolve(name, port)

    odd, good = sorted(fetch(website.url("/a", "odd.example"), "/a", resolve=broken), key=lambda c: str(c.verdict))
    assert (odd.verdict, good.verdict) == ("error", "ok")
    assert "a look-up that was never thought of" in odd.detail


def test_a_look_up_that_never_ends_times_out(fetch):
    async def sleepy(_name, _port):
        await asyncio.Event().wait()

    capture = only(fetch("/a", resolve=sleepy, timeout=0.1))
    assert capture.verdict == "robots_disallowed"
    assert "looking up" in capture.detail or "nothing came" in capture.detail
