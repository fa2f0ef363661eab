"""Sections: links on the same host, followed to a depth, unless a page asks that they are not."""

import pytest
from website import reply

from flows.discover.entry import Reason


def links(*targets: str, head: str = "") -> bytes:
    anchors = "".join(f'<p><a href="{target}">further</a></p>' for target in targets)
    return f"<!doctype html><html><head><title>Front</title>{head}</head><body>{anchors}</body></html>".encode()


@pytest.fixture
def front(website, look):
    """A function that serves a front page and says which paths of its section are taken, and the selection."""

    def run(body: bytes, **source):
        website.host("desk.example").page("/news/", body)
        found = look(section=website.url("/news/", "desk.example"), **source)
        return [entry.url.partition(f":{website.port}")[2] for _, entry in found.chosen()], found

    return run


def test_links_on_the_same_host_are_taken_each_once(front):
    same = ("a#comments", "a?utm_source=front", "#top", "mailto:desk@desk.example", "/news/")
    taken, found = front(links("a", "/b?x=1&amp;y=2", *same))
    assert taken == ["/news/a", "/b?x=1&y=2"]
    assert found.problems == []


def test_other_hosts_and_files_are_left_out(front):
    elsewhere = ("//bank.example/", "http://www.desk.example/x", "javascript:alert(1)")
    taken, found = front(links(*elsewhere, "/photo.JPG", "/report.pdf", "/by/first.last"))
    assert taken == ["/by/first.last"]
    assert found.skipped == {Reason.OTHER_SITE: 2, Reason.NO_PAGE: 2}


def test_the_base_of_a_page_is_respected(front):
    assert front(links("a", head='<base href="/archive/2020/">'))[0] == ["/archive/2020/a"]


def test_links_that_are_not_to_be_followed_are_not(front):
    body = links("/a").replace(b"</body>", b'<a rel="ugc nofollow" href="/b">b</a></body>')
    assert front(body)[0] == ["/a"]


@pytest.mark.parametrize(
    "head", ['<meta name="robots" content="noindex, NOFOLLOW">', '<META content="none" name="ROBOTS">']
)
def test_a_page_that_says_nofollow_is_not_followed(front, head):
    taken, found = front(links("/a", head=head))
    assert taken == []
    assert "nofollow" in found.problems[0]


def test_nofollow_can_stand_in_the_head_of_the_response(website, look):
    website.host("desk.example").on("/", reply(links("/a"), X_Robots_Tag="otherbot: none, nofollow"))
    assert look(section=website.url("/", "desk.example")).taken == 0
    website.host("desk.example").on("/", reply(links("/a"), X_Robots_Tag="otherbot: nofollow"))
    assert look(section=website.url("/", "desk.example")).taken == 1


def test_include_and_exclude_choose(front):
    taken, found = front(
        links("/2020/11/road", "/2020/11/road/print", "/about"), include=[r"/\d{4}/\d\d/"], exclude=["/print$"]
    )
    assert taken == ["/2020/11/road"]
    assert found.skipped == {Reason.EXCLUDED: 1, Reason.NOT_INCLUDED: 1}


def test_no_page_but_the_first_is_asked_for(website, front):
    _, found = front(links("/a", "/b"), depth=3)
    assert website.paths("desk.example") == ["/robots.txt", "/news/"]
    assert "depth 3" in found.remarks[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(b"", "500 Broken"), "error"),
        (reply(b"%PDF-1.4", Content_Type="application/pdf"), "unsupported_type"),
    ],
)
def test_a_first_page_that_cannot_be_read_is_told(website, look, answer, said):
    website.host("desk.example").on("/", answer)
    assert said in look(section=website.url("/", "desk.example")).problems[0]


def test_a_hostile_page_ends(front):
    assert len(front(b"<div>" * 200_000 + links(*(f"/{n}" for n in range(6_000))), limit=10_000)[0]) == 5_000
