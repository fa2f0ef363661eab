"""Runs of configured sources: discovered and fetched from a site on loopback, and stored as they come."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from website import Website, article, reply

from archive.archive import Archive, create_archive
from archive.audit import audit
from flows.batch import clean_batch
from flows.fetch.client import Client
from flows.fetch.retry import Backoff
from flows.fetch.turns import Turns
from flows.load import TwiceError
from flows.outcome import Options, Outcome
from flows.run import staged
from flows.sources.web import Configured
from schemas.source import Fetching, Source


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as site:
        yield site


@pytest.fixture
def own(tmp_path: Path) -> Archive:
    return create_archive(tmp_path / "archive", "common")


@pytest.fixture
def run(own: Archive, website: Website, tmp_path: Path) -> Callable[..., Outcome]:
    """Return a function that ingests sources into the archive: `run(desk=Source(...))`."""

    def ingest(per_host: int = 1, **sources: Source) -> Outcome:
        def client(rules: Fetching) -> Client:
            return Client(rules, Turns(tmp_path / "turns"), resolve=website.resolve, backoff=Backoff(0.001))

        rules = Fetching(delay=0, retries=0, per_host=per_host, allow=("127.0.0.0/8",))
        with staged(own, (), Options(), Configured(sources, rules, client)) as staged_run:
            for batch in staged_run.batches():
                staged_run.take(clean_batch(batch))
            return staged_run.commit()

    return ingest


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>{n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    return reply(f"<rss><channel>{items}</channel></rss>".encode(), Content_Type="application/rss+xml")


def test_what_a_feed_lists_is_fetched_and_the_next_run_asks_only_whether_it_changed(website, run, own):
    desk = website.host("desk.example").on("/feed", feed("/a", "/b", "/gone"))
    desk.page("/a", article("road"), etag='"1"').page("/b", article("bridge"))
    source = Source(feed=website.url("/feed", "desk.example"))
    [tally] = run(desk=source).listings
    assert (tally.source, tally.kind, tally.found, tally.taken) == ("desk", "feed", 3, 3)
    assert tally.verdicts == {"ok": 2, "gone": 1}
    assert tally.problems == ()
    again = run(desk=source)
    assert again.listings[0].verdicts == {"not_modified": 1, "ok": 1, "gone": 1}
    assert (again.version.counts["revisions"], again.version.counts["added"]) == (0, 0)
    assert [r.fields.get("if-none-match") for r in website.requests if r.path == "/a"] == [None, '"1"']
    assert list(audit(own.folder.root)) == []


def test_a_changed_page_is_a_revision_and_its_new_validators_are_asked_by(website, run):
    desk = website.host("desk.example").on("/feed", feed("/a"))
    source = Source(feed=website.url("/feed", "desk.example"))
    for number, title in enumerate(("road", "bridge", "bridge")):
        desk.page("/a", article(title), etag=f'"{title}"', Last_Modified=f"Mon, 0{number + 1} Nov 2020 10:00:00 GMT")
        outcome = run(desk=source)
    asked = [
        (r.fields.get("if-none-match"), r.fields.get("if-modified-since")) for r in website.requests if r.path == "/a"
    ]
    assert asked == [
        (None, None),
        ('"road"', "Mon, 01 Nov 2020 10:00:00 GMT"),
        ('"bridge"', "Mon, 02 Nov 2020 10:00:00 GMT"),
    ]
    assert outcome.listings[0].verdicts == {"not_modified": 1}


def test_a_listing_that_cannot_be_read_is_told_and_is_no_capture(website, run):
    website.host("desk.example").on("/b", reply(article("bridge")))
    at = website.url("", "desk.example")
    outcome = run(bad=Source(feed=f"{at}/feed"), good=Source(urls=[f"{at}/b"]))
    bad, good = outcome.listings
    assert (bad.found, bad.verdicts, bad.failed) == (0, {}, True)
    assert bad.problems == (f"{at}/feed: gone: HTTP status 404",)
    assert (good.verdicts, good.failed) == ({"ok": 1}, False)
    assert outcome.version.counts["captures"] == 1


def test_a_page_of_two_sources_is_fetched_once_for_the_first(website, run):
    website.host("desk.example").on("/feed", feed("/a", "/b")).on("/a", reply(article("road"))).on(
        "/b", reply(article("b"))
    )
    at = website.url("", "desk.example")
    one, two = run(one=Source(urls=[f"{at}/a"]), two=Source(feed=f"{at}/feed")).listings
    assert (one.taken, two.taken, two.skipped) == (1, 1, {"other_source": 1})
    assert website.paths("desk.example").count("/a") == 1


def test_a_section_is_followed_to_its_depth_and_each_of_its_pages_is_fetched_once(website, run, own):
    def page(title: str, *links: str) -> bytes:
        anchors = "".join(f'<a href="{link}">{link}</a>' for link in links)
        return reply(article(title).replace(b"</body>", f"<nav>{anchors}</nav></body>".encode()))

    desk = website.host("desk.example").on("/", page("front", "/1", "/about"))
    desk.on("/1", page("one", "/2", "/", "/1")).on("/2", page("two", "/3")).on("/3", page("three", "/4"))
    desk.on("/about", page("about", "/team-1"))
    source = Source(section=website.url("/", "desk.example"), depth=3, include=[r"\d$"])
    [tally] = run(desk=source).listings
    assert tally.verdicts == {"ok": 3, "gone": 1}
    assert sorted(website.paths("desk.example")) == ["/", "/1", "/2", "/3", "/about", "/robots.txt", "/team-1"]
    assert tally.skipped == {"not_included": 1}
    assert run(desk=source.model_copy(update={"limit": 2})).listings[0].taken == 2
    assert list(audit(own.folder.root)) == []


def test_a_page_that_robots_txt_does_not_allow_is_a_capture(website, run):
    website.host("desk.example").on("/robots.txt", reply(b"User-agent: *\nDisallow: /a", Content_Type="text/plain"))
    [tally] = run(desk=Source(urls=[website.url("/a", "desk.example")])).listings
    assert tally.verdicts == {"robots_disallowed": 1}


def test_files_are_loaded_beside_and_a_mirror_withdraws_only_what_was_its_own(website, run, tmp_path):
    website.host("desk.example").on("/a", reply(article("road")))
    for folder in ("mirrored", "kept"):
        (tmp_path / folder).mkdir()
        for name in ("one", "two"):
            (tmp_path / folder / f"{folder}-{name}.html").write_bytes(article(f"{folder} {name}"))
    sources = {
        "mirror": Source(files=str(tmp_path / "mirrored"), mirror=True),
        "folder": Source(files=str(tmp_path / "kept")),
        "web": Source(urls=[website.url("/a", "desk.example")]),
    }
    tallies = {tally.source: tally.verdicts for tally in run(**sources).listings}
    assert tallies == {"mirror": {"ok": 2}, "folder": {"ok": 2}, "web": {"ok": 1}}
    (tmp_path / "mirrored" / "mirrored-one.html").unlink()
    (tmp_path / "kept" / "kept-one.html").unlink()
    only_web = run(web=sources["web"])
    assert (only_web.version.counts["withdrawn"], only_web.absent) == (0, ())
    outcome = run(mirror=sources["mirror"], folder=sources["folder"])
    assert outcome.version.counts["withdrawn"] == 1
    assert outcome.absent == ("file:kept-one.html",)


def test_a_page_can_be_in_a_crawl_and_on_the_web_but_two_folders_cannot_hold_one_file(website, run, tmp_path):
    website.host("desk.example").on("/a", reply(article("road")))
    at = website.url("/a", "desk.example")
    (tmp_path / "crawl.jsonl").write_text(
        f'{{"url": "{at}", "text": "The road was closed.", "captured_at": "2020-11-02"}}\n'
    )
    outcome = run(crawl=Source(files=str(tmp_path / "crawl.jsonl")), web=Source(urls=[at]))
    assert outcome.version.counts["revisions"] == 2
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("The road was closed on Monday.\n")
    with pytest.raises(TwiceError, match=r"file:a\.txt"):
        run(files=Source(files=(str(tmp_path / "one"), str(tmp_path / "two"))))


def test_a_withdrawn_page_is_not_asked_for_by_its_old_validators(website, run, own, tmp_path):
    """An answer "not modified" would not bring it back."""
    website.host("desk.example").page("/a", article("road"), etag='"1"')
    source = Source(urls=[website.url("/a", "desk.example")])
    run(desk=source)
    (tmp_path / "empty").mkdir()
    with staged(own, [str(tmp_path / "empty")], Options(mirror=True)) as mirroring:
        assert list(mirroring.batches()) == []
        assert mirroring.commit().version.counts["withdrawn"] == 1
    outcome = run(desk=source)
    assert (outcome.listings[0].verdicts, outcome.version.counts["restored"]) == ({"ok": 1}, 1)
