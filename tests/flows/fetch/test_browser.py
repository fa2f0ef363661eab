"""Pages that scripts write, in the system's Chromium: what comes of them, and what they cannot reach."""

import os

import pytest
from website import Website, reply

from flows.fetch.browser import missing
from flows.fetch.wanted import Wanted

SCRIPT = {"Content_Type": "text/javascript"}
SHELL = b'<!doctype html><html><body><div id="root"></div><script src="/app.js"></script></body></html>'
APP = b"""
document.title = "Ferry";
const show = j => { document.getElementById("root").innerHTML = "<p>" + j.text + "</p>"; };
fetch("/text.json").then(r => r.json()).then(show);
"""


def wanted(website: Website, path: str) -> Wanted:
    return Wanted(website.url(path), "test", rendered=True)


def only(captures):
    (capture,) = captures
    return capture


def test_a_page_that_needs_a_browser_says_what_is_missing(website, fetch, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    website.host().page("/a", SHELL)
    capture = only(fetch(wanted(website, "/a")))
    assert capture.verdict == "error"
    assert "browser = true need" in capture.detail
    assert website.paths() == ["/robots.txt"]


@pytest.mark.slow
class TestChromium:
    @pytest.fixture(autouse=True)
    def chromium(self):
        """Where CI runs Chromium is there; elsewhere whoever lacks it is told so."""
        if missing() and not os.environ.get("CI"):
            pytest.skip(missing())
        assert missing() is None

    def test_what_scripts_write_is_the_page_and_the_response_is_kept(self, website, fetch):
        host = website.host().page("/a", SHELL).page("/app.js", APP, **SCRIPT)
        host.page("/text.json", b'{"text": "The ferry came back."}', Content_Type="application/json")
        capture = only(fetch(wanted(website, "/a"), page_timeout=60))
        assert (capture.verdict, capture.rendered, capture.charset) == ("ok", True, "utf-8")
        assert b"<p>The ferry came back.</p>" in capture.body
        assert [exchange.payload for exchange in capture.exchanges] == [SHELL]
        assert sorted(website.paths()) == ["/a", "/app.js", "/robots.txt", "/text.json"]

    def test_a_page_reaches_nothing_that_a_fetched_page_could_not(self, website, fetch):
        """The second site is on loopback too, and not allowed: nothing must arrive there, in whatever way."""
        with Website(address="127.0.0.9") as secret:
            secret.host("127.0.0.9").page("/", b"secret")
            place = f"127.0.0.9:{secret.port}"
            page = f"""<!doctype html><body><p>The ferry came back.</p>
                <link rel="preconnect" href="http://{place}"><link rel="prefetch" href="http://{place}/1">
                <img src="http://{place}/2"><iframe src="http://{place}/3"></iframe>
                <script src="http://{place}/4"></script><form id="f" action="http://{place}/5"></form>
                <script>
                fetch("http://{place}/6"); new WebSocket("ws://{place}/7");
                navigator.sendBeacon("http://{place}/8", "x");
                new EventSource("http://{place}/9"); new Worker("http://{place}/10"); window.open("http://{place}/11");
                fetch("file:///etc/passwd"); document.getElementById("f").submit();
                setTimeout(() => {{ location = "http://{place}/12"; }}, 10);
                </script></body>"""
            website.host().page("/a", page.encode())
            capture = only(fetch(wanted(website, "/a"), allow=["127.0.0.1/32"], page_timeout=60))
            assert b"The ferry came back." in capture.body
            assert secret.requests == []
            assert secret.connections == 0

    def test_robots_txt_holds_for_what_scripts_ask_for(self, website, fetch):
        website.host().page("/robots.txt", b"User-agent: *\nDisallow: /text.json", Content_Type="text/plain")
        website.host().page("/a", SHELL).page("/app.js", APP, **SCRIPT).page("/text.json", b"{}")
        assert only(fetch(wanted(website, "/a"), page_timeout=60)).verdict == "ok"
        assert "/text.json" not in website.paths()

    @pytest.mark.parametrize(
        ("script", "verdict"),
        [
            (b"while (true) {}", "timed_out"),
            (b"document.body.innerHTML = 'x'.repeat(3e6);", "too_large"),
            (b"alert('x'); document.body.innerHTML = '<p>The ferry came back.</p>';", "ok"),
        ],
    )
    def test_scripts_keep_to_the_limits_and_the_run_goes_on(self, website, fetch, script, verdict):
        host = website.host().page("/bad", SHELL.replace(b"/app.js", b"/bad.js")).page("/bad.js", script, **SCRIPT)
        host.page("/a", SHELL).page("/app.js", b"document.body.innerHTML = '<p>ok</p>'", **SCRIPT)
        limit = 8 if verdict == "timed_out" else 60
        bad, good = fetch(wanted(website, "/bad"), wanted(website, "/a"), page_timeout=limit, max_bytes=1_000_000)
        assert (bad.verdict, good.verdict) == (verdict, "ok")
        assert b"<p>ok</p>" in good.body

    def test_what_is_no_page_is_not_opened(self, website, fetch):
        website.host().on("/a", reply(status="404 Not Found")).page("/b", b"plain", Content_Type="text/plain")
        captures = fetch(wanted(website, "/a"), wanted(website, "/b"))
        assert [(c.verdict, c.rendered) for c in captures] == [("gone", False), ("ok", False)]
