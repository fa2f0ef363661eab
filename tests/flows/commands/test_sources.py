"""`cleancopy sources` and what else the command line makes of sources in cleancopy.toml."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner
from website import Website, article, reply

from flows.cli import app

HERE = "127.0.0.1"


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as site:
        yield site


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def configure(place: Path, website: Website):
    """Return a function that writes cleancopy.toml; AT stands for the site's address."""

    def write(text: str, fetch: str = f'allow = ["{HERE}/32"]') -> None:
        text = f'archive = "archive"\n[fetch]\ndelay = 0\nretries = 0\n{fetch}\n{text}'
        (place / "cleancopy.toml").write_text(text.replace("AT", website.url("", HERE)), "utf-8")

    return write


def cleancopy(*args: str):
    result = CliRunner().invoke(app, list(args))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def desk(website: Website, configure) -> Website:
    """A site with a feed of three pages, one of them private, and sources on it."""
    items = "".join(f"<item><title>The {n}</title><link>/{n}</link></item>" for n in ("road", "bridge", "private/a"))
    host = website.host(HERE).on("/feed", reply(f"<rss>{items}</rss>".encode(), Content_Type="text/xml"))
    host.on("/robots.txt", reply(b"User-agent: *\nDisallow: /private/", Content_Type="text/plain"))
    host.page("/road", article("road")).page("/bridge", article("bridge"))
    configure(
        '[sources.desk]\nfeed = "AT/feed"\ncron = "0 3 * * *"\ntimezone = "Asia/Yerevan"\n'
        '[sources.wire]\nurls = ["AT/road", "AT/ferry", "http://10.0.0.1/"]\nexclude = ["ferry"]\nevery = "PT6H"\n'
        '[sources.old]\nfiles = "old"\n[sources.bad]\nsitemap = "AT/map.xml"\n'
    )
    return website


@pytest.mark.usefixtures("desk")
def test_list_tells_what_is_configured():
    out = cleancopy("sources", "list").stdout
    for said in ("desk", "feed", f"http://{HERE}:", "0 3 * * * Asia/Yerevan", "every 6:00:00", "files", "1000"):
        assert said in out
    rows = json.loads(cleancopy("sources", "list", "--json").stdout)
    assert [(row["source"], row["kind"]) for row in rows] == [
        ("desk", "feed"),
        ("wire", "urls"),
        ("old", "files"),
        ("bad", "sitemap"),
    ]


def test_check_tells_what_would_be_fetched_and_why_not_without_asking_for_an_article(desk, place):
    (place / "old").mkdir()
    (place / "old" / "a.html").write_bytes(article("old"))
    done = cleancopy("sources", "check", "--json", "--show", "1")
    assert done.exit_code == 0
    desk_row, wire, old, bad = json.loads(done.stdout)
    assert (desk_row["listed"], desk_row["taken"], desk_row["skipped"]) == (3, 2, {"robots_disallowed": 1})
    assert desk_row["pages"] == [{"url": desk.url("/road", HERE), "title": "The road"}]
    assert desk_row["examples"] == {"robots_disallowed": [desk.url("/private/a", HERE)]}
    assert wire["skipped"] == {"excluded": 1, "other_source": 1, "private_address": 1}
    assert (old["listed"], old["problems"]) == (1, [])
    assert bad["problems"] == [f"{desk.url('/map.xml', HERE)}: gone: HTTP status 404"]
    assert set(desk.paths(HERE)) == {"/robots.txt", "/feed", "/map.xml"}


def test_check_shows_a_table_and_the_reasons(desk):
    done = cleancopy("sources", "check", "desk", "--show", "2")
    assert "1 robots_disallowed" in done.stdout
    assert f"  {desk.url('/bridge', HERE)}  The bridge" in done.stdout
    assert f"desk: robots_disallowed: {desk.url('/private/a', HERE)}" in done.stderr
    assert "wire" not in done.stdout


def test_loopback_is_refused_where_it_is_not_allowed(website, configure):
    website.host(HERE).page("/a", article("road"))
    configure('[sources.wire]\nurls = ["AT/a"]\n[sources.desk]\nfeed = "AT/feed"\n', fetch="")
    wire, desk = json.loads(cleancopy("sources", "check", "--json").stdout)
    assert wire["skipped"] == {"private_address": 1}
    assert "no public address" in desk["problems"][0]
    assert website.requests == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cleancopy.toml has no source"),
        ('[sources.desk]\nfeed = "AT"\ninclude = ["a(b"]\n', "sources.desk.include: 'a(b' is no RE2 pattern"),
        ('[sources.desk]\nfeed = "AT"\nurls = "x"\n', "sources.desk: give exactly one of"),
        (
            '[sources.desk]\nfeed = "AT"\nlimits = 3\n',
            "limits: there is no such setting; see docs/sources.md",
        ),
        ('[sources.desk]\nfeed = "AT"\nmirror = true\n', "mirror is for files"),
        ('[sources.desk]\nfeed = "AT"\ncron = "0 3 * * *"\ntimezone = "Mars"\n', "'Mars' is no time zone"),
        ('[sources."The Desk"]\nfeed = "AT"\n', "sources.The Desk"),
        ('[sources.desk]\nfiles = "cleancopy.toml"\n', "sources.desk.files: cleancopy.toml: nothing reads such a file"),
        ('[sources.desk]\nfiles = "-"\n', "standard input cannot be a source"),
        ("[sources.desk\n", "cleancopy.toml is not TOML"),
        ('[sources.desk]\nfeed = "AT"\ncron = "0 0 3 * * *"\n', "no cron line of five fields"),
        ('[sources.desk]\nfeed = "AT"\nevery = "P9999999D"\n', "sources.desk.every: "),
        ('[sources]\ndesk = "AT"\n', "sources.desk: it has to be a table"),
        ('[sources.desk]\nfiles = "a\\u0000b"\n', "sources.desk: an address or a path has"),
    ],
)
@pytest.mark.parametrize("command", [("sources", "check"), ("ingest",)], ids=" ".join)
def test_a_wrong_configuration_is_told_in_a_line(configure, place, text, said, command):
    configure(text)
    done = cleancopy(*command)
    assert (done.exit_code, done.stderr.count("\n"), said in done.stderr) == (2, 1, True), done.stderr
    assert not (place / "archive").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("sources", "check", "nope"), "nope: no such source in cleancopy.toml; it has desk, wire, old, bad"),
        (("ingest", "--source", "nope"), "nope: no such source"),
        (("ingest", "--source", "desk", "pages"), "not both"),
        (("ingest", "--mirror"), "mirror = true"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_names_and_sources_that_do_not_go_together_are_refused(place, args, said):
    done = cleancopy(*args)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert not (place / "archive").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("desk")
def test_ingest_fetches_all_sources_or_those_that_are_named(place):
    (place / "old").mkdir()
    (place / "old" / "a.html").write_bytes(article("old"))

    def ingest(*args: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "cleancopy"), "ingest", *args]
        return subprocess.run(
            command, cwd=place, env=os.environ, capture_output=True, text=True, timeout=300, check=False
        )

    done = ingest()
    assert done.returncode == 0, done.stderr
    assert "version 1: 3 added, 0 changed, 0 unchanged" in done.stdout
    assert "source bad: " in done.stderr
    again = ingest("--source", "desk", "--source", "wire", "--json")
    [row] = json.loads(again.stdout)
    sources = {source["source"]: source["verdicts"] for source in row["sources"]}
    assert sources == {"desk": {"ok": 2, "robots_disallowed": 1}, "wire": {"error": 1}}
    assert row["counts"]["unchanged"] == 2
    rows = json.loads(
        cleancopy("sql", "--json", "SELECT DISTINCT source FROM captures WHERE url IS NOT NULL ORDER BY 1").stdout
    )
    assert [found["source"] for found in rows] == ["desk", "wire"]
