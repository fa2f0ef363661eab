"""Runs that are stopped, that nobody reads on, or whose listings fail."""

import asyncio
import threading

import pytest
from website import article

from flows.fetch.client import Client
from flows.fetch.fetcher import Progress, captures
from flows.fetch.retry import Backoff
from flows.fetch.turns import Turns
from flows.fetch.wanted import Wanted
from schemas.source import Fetching

FERRY = article("Ferry")


def client_of(website, tmp_path, **rules):
    fetching = Fetching(**({"delay": 0, "allow": ["127.0.0.0/8"]} | rules))
    return fetching, Client(fetching, Turns(tmp_path / "turns"), resolve=website.resolve, backoff=Backoff(0.001))


def test_a_run_that_is_stopped_ends_soon_with_what_was_done(website, tmp_path):
    never = threading.Event()

    async def wait(_request, _writer):
        never.set()
        await asyncio.Event().wait()

    website.host().page("/a", FERRY).on("/b", wait)
    stop, progress = threading.Event(), Progress()
    fetching, client = client_of(website, tmp_path)
    wanted = [Wanted(website.url(path), "test") for path in ("/a", "/b", "/c")]
    run = captures(wanted, fetching, client=client, stop=stop, progress=progress)
    assert next(run).verdict == "ok"
    assert never.wait(10)
    stop.set()
    assert list(run) == []
    assert (progress.listed, progress.fetched) == (3, 1)


def test_a_run_that_nobody_reads_on_ends(website, tmp_path):
    website.host().page("/a", FERRY)
    fetching, client = client_of(website, tmp_path)
    endless = (Wanted(website.url(f"/{number}"), "test") for number in range(10**9))
    run = captures(endless, fetching, client=client)
    next(run)
    run.close()
    assert "fetching" not in {thread.name for thread in threading.enumerate()}


def test_what_a_listing_raises_is_raised_where_the_captures_are_read(website, tmp_path):
    website.host().page("/a", FERRY)
    fetching, client = client_of(website, tmp_path)

    async def listing():
        yield Wanted(website.url("/a"), "test")
        raise LookupError("the listing is broken")

    with pytest.raises(LookupError, match="the listing is broken"):
        list(captures(listing(), fetching, client=client))


def test_a_listing_may_use_the_client_itself(website, tmp_path):
    website.host().page("/list", b"/a", Content_Type="text/plain").page("/a", FERRY)
    fetching, client = client_of(website, tmp_path)

    async def listing():
        found = await client.fetch(Wanted(website.url("/list"), "test"))
        yield Wanted(website.url(found.body.decode()), "test")

    assert [capture.body for capture in captures(listing(), fetching, client=client)] == [FERRY]
