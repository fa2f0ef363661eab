"""The web site on loopback, and a way to fetch from it as a run does."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from certificate import self_signed
from website import Website

from flows.fetch.client import Client
from flows.fetch.fetcher import captures
from flows.fetch.retry import Backoff
from flows.fetch.turns import Turns
from flows.fetch.wanted import Wanted
from schemas.page import Capture
from schemas.source import Fetching

Fetch = Callable[..., list[Capture]]
LOOPBACK = ("127.0.0.0/8",)


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as site:
        yield site


@pytest.fixture
def fetch(website: Website, tmp_path: Path) -> Fetch:
    """Return a function that fetches URLs or wanted pages: `fetch("/a", "/b", retries=0)`, paths of wire.example."""

    def run(*pages: str | Wanted, resolve=None, tls=None, site=website, **rules: object) -> list[Capture]:
        given = {"delay": 0, "retries": 0, "allow": LOOPBACK} | rules
        fetching = Fetching(**given)
        wanted = [
            page if isinstance(page, Wanted) else Wanted(site.url(page) if page.startswith("/") else page, "test")
            for page in pages
        ]
        client = Client(
            fetching, Turns(tmp_path / "turns"), resolve=resolve or site.resolve, tls=tls, backoff=Backoff(0.001)
        )
        return list(captures(wanted, fetching, client=client))

    return run


class TrustedWebsite(Website):
    """A site with a certificate of its own making; `trust` is a context that trusts it."""

    trust: ssl.SSLContext


@pytest.fixture
def tls_website(tmp_path: Path) -> Iterator[TrustedWebsite]:
    certificate, key = self_signed("wire.example")
    pem = tmp_path / "site.pem"
    pem.write_bytes(certificate + key)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    with TrustedWebsite(serving) as site:
        site.trust = ssl.create_default_context(cadata=certificate.decode())
        yield site
