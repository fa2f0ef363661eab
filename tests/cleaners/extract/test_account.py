"""The law of the account: the visible text of a page is what was kept and what is accounted for, and nothing else."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment, Declaration, Doctype, NavigableString, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.clean import clean
from cleaners.extract.account import account, digest
from cleaners.extract.article import best, read
from cleaners.extract.blocks import parse, read_blocks
from cleaners.extract.model import load
from cleaners.extract.page import extract
from cleaners.extract.reread import words_of
from schemas.account import Account, AccountError, Fate, dumps, letters, loads
from schemas.page import Page

PAGES = Path(__file__).parents[3] / "examples" / "pages"
HTML = sorted(path for path in PAGES.rglob("*") if path.name.removesuffix(".gz").endswith(".html"))
NEVER_SHOWN = frozenset(
    (
        *("head", "title", "script", "style", "template", "noscript", "iframe", "textarea", "svg", "math", "select"),
        *("noembed", "noframes"),
    )
)

FIRST = "The council voted on Thursday to keep the old bridge open to walkers, after eleven years of argument over it."
SECOND = "Engineers had warned that the deck would not carry lorries, and that repairs would cost more than a new one."


def dump(html: bytes) -> str:
    """Return the letters that a page shows, read by another parser and walked by the test's own code."""
    found: list[str] = []

    def walk(node: Tag) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                if child.name not in NEVER_SHOWN:
                    walk(child)
            elif isinstance(child, NavigableString) and not isinstance(child, Comment | Declaration | Doctype):
                found.append(str(child))

    walk(BeautifulSoup(html, "html.parser"))
    return letters("".join(found))


def hold(told: Account, shown: str, text: str) -> None:
    """Hold an account to the page's letters, as the test found them, and to the text that was extracted."""
    assert told.sha256 == digest([shown])
    assert sum(block.letters for block in told.blocks) == len(shown)
    assert all(block.kind and block.rule for block in told.blocks)
    places = [(shown[start:end], block) for start, end, block in told.places()]
    kept = "".join(words for words, block in places if block.fate is Fate.KEPT)
    if told.source in {"blocks", "everything"}:
        assert kept == letters(text)
    else:
        assert all(is_within(words, letters(text)) for words, block in places if block.fate is Fate.KEPT)


def is_within(words: str, text: str) -> bool:
    """Tell whether the letters stand in the text in their order: a second opinion may have more between them."""
    following = iter(text)
    return all(letter in following for letter in words)


@pytest.mark.parametrize("path", HTML, ids=lambda path: "/".join(path.parts[-3:]))
def test_the_account_of_each_example_page_is_all_that_another_reader_finds_in_it(path: Path) -> None:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    cleaned = clean(Page(raw, "text/html"), "common")
    assert cleaned.account is not None
    hold(cleaned.account, dump(raw), cleaned.extracted)
    assert {block.fate for block in cleaned.account.blocks} == {Fate.KEPT, Fate.LEFT_OUT}
    assert all(block.shape for block in cleaned.account.blocks if block.fate)


TAGS = st.sampled_from(("p", "div", "section", "aside", "nav", "footer", "ul", "li", "h2", "span", "b", "table", "pre"))
NAMES = st.sampled_from(("", "comments", "share", "caption", "related", "article-body", "cookie-banner", "menu"))
WORDS = st.lists(st.sampled_from((FIRST, SECOND, "word", "Read more", "Share", "1 &lt; 2", " ", "<br>")), max_size=3)
UNSEEN = st.sampled_from(
    ("<script>a()</script>", "<template><p>b</p></template>", "<!-- c -->", "<svg><text>d</text></svg>")
)
TREES = st.recursive(
    st.one_of(WORDS.map(" ".join), UNSEEN),
    lambda inner: st.tuples(TAGS, NAMES, st.lists(inner, max_size=4)).map(
        lambda node: f'<{node[0]} class="{node[1]}">{" ".join(node[2])}</{node[0]}>'
    ),
    max_leaves=25,
)


def shown(markup: str) -> str:
    """Return the letters of a page as a browser's tree has them, which html.parser does not where tags are astray."""
    body = parse(markup).body
    assert body is not None
    for node in body.css(",".join(sorted(NEVER_SHOWN - {"head"}))):
        node.decompose()
    return letters(body.text(deep=True))


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_visible_text_is_what_was_kept_and_what_is_accounted_for(markup: str) -> None:
    page = f"<html><head><title>The bridge</title></head><body>{markup}</body></html>"
    found = extract(page, None, None)
    assert found.account is not None
    hold(found.account, shown(page), found.text)
    assert loads(dumps(found.account)) == found.account


def test_where_a_page_is_empty_but_for_noscript_that_is_what_it_shows() -> None:
    thread = "".join(f"<div class='post'><h3>Reader {n}</h3><p>{FIRST} {SECOND} {n}</p></div>" for n in range(4))
    page = f"<html><head><title>The bridge</title></head><body>{{}}<noscript>{thread}</noscript><script>a()</script>"
    found = extract(page.format("<div id='app'></div>"), None, None)
    assert found.account is not None
    assert found.verdict == "ok"
    assert FIRST in found.text
    assert found.account.source == "blocks"
    body = parse(page.format("<div id='app'></div>")).body
    assert body is not None
    body.css_first("script").decompose()
    hold(found.account, letters(body.text(deep=True)), found.text)
    assert len(words_of(found.account, page.format("<div id='app'></div>"))) == len(found.account.blocks)
    beside = extract(page.format(f"<p>{SECOND}</p>" * 5), None, None)
    assert FIRST not in beside.text


class Always:
    """Trees that say the same of every page."""

    def __init__(self, value: float) -> None:
        self.value = value

    def predict(self, data, /):
        return np.full(len(data), self.value)


PAGE = f"""<body><nav><a href="/">Home page of the town</a></nav><h1>The bridge stays</h1><p>{FIRST}</p>
<div class="comments"><p>I said so all along, and nobody listened to me.</p></div><p>{SECOND} {FIRST} {SECOND}</p>
<p>End</p>"""


@pytest.mark.parametrize(
    ("theirs", "fates"),
    [
        (f"{FIRST}\n\n{SECOND} {FIRST} {SECOND}\n\nEnd", [0, 0, 1, 0, 1, 1]),
        (f"{SECOND} {FIRST} {SECOND}\n\n{FIRST}", [0, 0, 1, 0, 1, 0]),
        (f"The bridge stays\n\n{SECOND}", [0, 1, 0, 0, 2, 0]),
        ("What the page does not say anywhere, in words of its own.", [0, 0, 0, 0, 0, 0]),
    ],
)
def test_of_a_second_opinion_the_account_says_which_blocks_its_text_has(theirs: str, fates: list[int]) -> None:
    page = read_blocks(parse(PAGE))
    model = replace(load(), sure=Always(0.0), better=Always(1.0))
    choice = best(page, *read([page], model), model, lambda: theirs)
    told = account(page, choice, choice.text, None)
    hold(told, shown(PAGE), theirs)
    assert [int(block.fate) for block in told.blocks] == fates
    assert {block.rule for block in told.blocks} == {"second opinion"}


def test_a_block_that_is_left_out_says_what_it_is_and_what_decided() -> None:
    prose = "".join(f"<p>{FIRST} {SECOND} {number}</p>" for number in range(6))
    html = f"""<head><title>The bridge stays</title></head><body>
<nav><a href="/">Home</a> <a href="/town">Town</a></nav>
<article><h1>The bridge stays</h1><span class="byline">By the town desk</span>{prose}<p>{FIRST} {SECOND} 0</p>
<figure><img src="a.jpg"><figcaption>The bridge on a Thursday</figcaption></figure></article>
<section class="related-posts"><h3>More from the town</h3><a href="/a">A ferry for the winter</a></section>
<div id="comments"><p>I said so all along.</p></div><div class="cookie-banner">We use cookies on this page.</div>
<footer>All rights reserved.</footer>"""
    told = extract(html, None, None).account
    assert told is not None
    kinds = {block.kind for block in told.blocks if not block.fate}
    assert {"navigation", "title", "related_links", "comments", "consent", "footer", "repeated"} <= kinds
    for block in told.blocks:
        assert block.rule != "model" or block.chance is not None
    assert [block.rule for block in told.blocks if block.kind == "repeated"] == ["repeated"]


def test_a_page_read_without_a_tree_is_kept_whole() -> None:
    found = extract("<div>" * 300 + "<p>one<p>two &amp; <b>three</b><style>x</style>", None, None)
    assert found.account is not None
    hold(found.account, "onetwo&three", found.text)


def test_an_account_that_is_none_is_refused() -> None:
    for written in ("", "[]", "{}", "[" * 100_000, '{"source":"blocks"}'):
        with pytest.raises(AccountError):
            loads(written)
