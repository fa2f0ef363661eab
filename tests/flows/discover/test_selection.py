"""Which of the listed pages are taken: patterns, limits, duplicates within a source and across sources."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from website import reply

from flows.discover.entry import OLDEST, REASONS, Entry, Reason
from flows.discover.selection import Selection
from flows.errors import UsageError
from flows.sources.place import moment
from schemas.source import Source

DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(st.integers(0, 100), st.none() | DAYS), max_size=60), st.integers(1, 20))
def test_the_newest_pages_are_taken_and_then_those_without_a_date_in_their_order(listed, limit):
    """What is taken is the beginning of all that is listed, sorted by date, and everything else is accounted for."""
    pages = {f"https://desk.example/{number}": moment(day) or OLDEST for number, day in listed}
    selection = Selection("desk", Source(feed="https://desk.example/feed", limit=limit))
    taken = [selection.offer(Entry(url, dated)) for url, dated in pages.items()]
    newest = sorted(pages, key=lambda url: pages[url], reverse=True)[:limit]
    assert [entry.url for _, entry in selection.chosen()] == newest
    assert (selection.found, selection.skipped.total()) == (len(pages), len(pages) - len(newest))
    assert all(taken[:limit])


def test_a_page_that_trackers_and_fragments_tell_apart_is_one_page(look):
    same = ["https://desk.example/a", "https://desk.example/a?utm_source=x", "HTTPS://DESK.example:443/a#top"]
    found = look(urls=same)
    assert (found.found, found.skipped[Reason.DUPLICATE]) == (3, 2)


def test_a_file_of_addresses_is_read_a_line_each(website, look, tmp_path):
    website.host("desk.example")
    at = website.url("", "desk.example")
    lines = f"# of the desk\n\n{at}/a\r\n  {at}/b  \nnot an address\n"
    (tmp_path / "list.txt").write_text("\ufeff" + lines, "utf-8")
    found = look(urls=str(tmp_path / "list.txt"))
    assert [entry.url.rpartition("/")[2] for _, entry in found.chosen()] == ["a", "b"]
    assert found.skipped == {Reason.NOT_WEB: 1}
    assert "no such file" in look(urls=str(tmp_path / "missing.txt")).problems[0]


def test_of_two_sources_that_list_a_page_the_first_takes_it(website, look_at_all):
    host = website.host("desk.example")
    at = website.url("", "desk.example")
    host.on("/feed", reply(f"<rss><item><link>{at}/a</link></item><item><link>{at}/b</link></item></rss>".encode()))
    found = look_at_all(
        one=Source(feed=f"{at}/feed"), two=Source(urls=[f"{at}/b", f"{at}/c"]), three=Source(feed=f"{at}/feed")
    )
    assert {name: s.taken for name, s in found.items()} == {"one": 2, "two": 1, "three": 0}
    assert found["two"].skipped == {Reason.OTHER_SOURCE: 1}
    assert found["three"].skipped == {Reason.OTHER_SOURCE: 2}


def test_what_would_not_be_asked_for_is_told(website, look):
    robots = reply(b"User-agent: cleancopy\nDisallow: /private", Content_Type="text/plain")
    website.host("desk.example").on("/robots.txt", robots)
    elsewhere = ("http://10.0.0.1/a", "http://169.254.169.254/latest", "http://nowhere.example/")
    found = look(urls=[website.url("/private/a", "desk.example"), *elsewhere])
    assert found.taken == 0
    assert found.skipped == {Reason.ROBOTS_DISALLOWED: 1, Reason.PRIVATE_ADDRESS: 2, Reason.UNREACHABLE: 1}
    assert website.paths("desk.example") == ["/robots.txt"]


@pytest.mark.parametrize(("setting", "pattern"), [("include", "a(b"), ("exclude", "(?!x)"), ("include", r"(a)\1")])
def test_a_pattern_that_is_none_is_named_with_its_source(setting, pattern):
    with pytest.raises(UsageError, match=rf"sources\.desk\.{setting}: .* is no RE2 pattern"):
        Selection("desk", Source(feed="https://desk.example/feed", **{setting: [pattern]}))


def test_every_reason_has_a_meaning():
    assert set(REASONS) == set(Reason)
