from string import ascii_lowercase, digits

import pytest
from courlan import normalize_url
from hypothesis import given
from hypothesis import strategies as st

from flows.sources import identity_of_url, site_of

TEXT = st.text(max_size=60)
URLS = st.one_of(
    TEXT, st.builds("{}://{}/{}?{}#{}".format, st.sampled_from(["http", "HTTPS", "x"]), TEXT, TEXT, TEXT, TEXT)
)
WORDS = st.text(alphabet=ascii_lowercase + digits, min_size=1, max_size=8)


@given(URLS)
def test_an_identity_is_its_own_identity_and_can_be_hashed(url: str) -> None:
    identity = identity_of_url(url)
    assert identity_of_url(identity) == identity
    identity.encode()


@given(URLS)
def test_no_identity_of_a_url_is_that_of_a_file_or_a_row(url: str) -> None:
    assert not identity_of_url(f"file:{url.lstrip('/')}").startswith("file:")
    assert not identity_of_url(f"id:{url}").startswith("id:")


@given(st.lists(WORDS, max_size=4), st.dictionaries(WORDS.map("p{}".format), WORDS, max_size=4))
def test_ordinary_addresses_are_what_courlan_makes_of_them(path: list[str], query: dict[str, str]) -> None:
    address = "https://Example.org/a/" + "/".join(path)
    parameters = "&".join(f"{name}={value}" for name, value in query.items())
    url = f"{address}?{parameters}" if parameters else address
    assert identity_of_url(url) == normalize_url(url)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.org/a?utm_source=feed&fbclid=1#top", "https://example.org/a"),
        ("https://example.org/", "https://example.org"),
        ("https://example.org/?a=1", "https://example.org?a=1"),
        ("HTTP://Example.org:80//a", "http://example.org/a"),
        ("https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"),
        ("https://example.org/новости", "https://example.org/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        ("https://example.org/?q=новости", "https://example.org/?q=%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        ("http://xn--e1afmkfd.xn--p1ai/a", "http://пример.рф/a"),
        ("  https://example.org/a\n", "https://example.org/a"),
    ],
)
def test_two_ways_to_write_an_address_are_one_document(first: str, second: str) -> None:
    assert identity_of_url(first) == identity_of_url(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("http://example.org/index.php?12345", "http://example.org/index.php?12346"),
        ("http://example.org/?cid=1", "http://example.org/?cid=2"),
        ("http://example.org/?gallery=1", "http://example.org/?gallery=2"),
        ("http://example.org/?q=%E0", "http://example.org/?q=%E1"),  # windows-1251
        ("http://example.org/?a=1&a=2", "http://example.org/?a=2&a=1"),
        ("http://example.org/?print=", "http://example.org/"),
        ("http://example.net/?u=https://example.org/page", "https://example.org/page"),
        ("http://example.org/a b", "http://example.org/ab"),
        ("http://example.org/a", "https://example.org/a"),
        ("http://[::1", "http://[::2"),
        ("a\ud800", "a\ud801"),
    ],
)
def test_different_addresses_stay_different_documents(first: str, second: str) -> None:
    assert identity_of_url(first) != identity_of_url(second)


def test_what_courlan_refuses_is_kept_without_its_fragment() -> None:
    assert identity_of_url("http://[::1/a#part") == "http://[::1/a"
    assert identity_of_url("urn:uuid:5#part") == "urn:uuid:5"
    assert identity_of_url("file:///home/page.html") == "file:///home/page.html"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.Example.org:8080/a", "www.example.org"),
        ("http://xn--e1afmkfd.xn--p1ai/a", "пример.рф"),
        ("urn:uuid:5", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_the_site_is_the_host(url: str | None, site: str | None) -> None:
    assert site_of(url) == site
