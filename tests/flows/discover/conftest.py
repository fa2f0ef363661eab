"""A web site on loopback, and what sources on it give."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from website import Website

from flows.discover.check import check
from flows.discover.selection import Selection
from flows.fetch.client import Client
from flows.fetch.retry import Backoff
from flows.fetch.turns import Turns
from schemas.source import Fetching, Source

Look = Callable[..., Selection]


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as site:
        yield site


@pytest.fixture
def look_at_all(website: Website, tmp_path: Path) -> Callable[..., dict[str, Selection]]:
    """Return a function that says what sources would give: `look_at_all(desk=Source(...), wire=Source(...))`."""

    def run(**sources: Source) -> dict[str, Selection]:
        rules = Fetching(delay=0, retries=0, allow=("127.0.0.0/8",))
        selections = [Selection(name, source) for name, source in sources.items()]

        def client(rules: Fetching) -> Client:
            return Client(rules, Turns(tmp_path / "turns"), resolve=website.resolve, backoff=Backoff(0.001))

        check(selections, rules, client, website.resolve)
        return {selection.name: selection for selection in selections}

    return run


@pytest.fixture
def look(look_at_all: Callable[..., dict[str, Selection]]) -> Look:
    """Return a function that says what one source would give: `look(feed="http://…")`."""
    return lambda **source: look_at_all(desk=Source(**source))["desk"]


def urls(selection: Selection) -> list[str]:
    """Return the addresses that are taken, in their order."""
    return [entry.url for _, entry in selection.chosen()]
