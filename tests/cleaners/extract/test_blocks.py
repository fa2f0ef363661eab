"""What the block engine promises of any page, and what it makes of pages of our own writing."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.extract.account import Choice
from cleaners.extract.article import best, choose, read, without_comments
from cleaners.extract.blocks import parse, read_blocks
from cleaners.extract.kept import compose
from cleaners.extract.measure import Measures
from cleaners.extract.model import Model, load
from cleaners.extract.page import Source, extract, extract_many
from cleaners.extract.sections import SECTIONS, sections
from cleaners.extract.strays import strays

FIRST = "The council voted on Thursday to keep the old bridge open to walkers, after eleven years of argument over it."
SECOND = "Engineers had warned that the deck would not carry lorries, and that repairs would cost more than a new one."
THIRD = "Residents on both banks said they had stopped believing in either plan, and walked across it all the same."
PAGE = f"""<!DOCTYPE html><html><head><title>Bridge stays open</title></head><body>
<header><nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/town">Town</a></li></ul></nav></header>
<main><article class="article"><h1>Bridge stays open</h1>
<div class="article-body"><p>{FIRST}</p><p>{SECOND}</p><h2>What happens next</h2><p>{THIRD}</p>
<template><p>{SECOND} From a template.</p></template><script>var text = "{FIRST} From a script.";</script>
<p>{FIRST.replace("Thursday", "Friday")}</p><p>{SECOND.replace("lorries", "buses")}</p></div></article>
<aside class="related-posts"><h3>Related stories</h3><ul><li><a href="/a">A ferry for the winter</a></li>
<li><a href="/b">Town hall gets a new roof</a></li></ul></aside>
<section class="comments" id="comments"><h3>2 comments</h3><ol class="comment-list">
<li class="comment"><p>I said so all along.</p><a href="#r">Reply</a></li>
<li class="comment"><p>Who pays for it?</p><a href="#r">Reply</a></li></ol></section></main>
<footer class="footer"><p>Copyright. All rights reserved. <a href="/terms">Terms</a></p></footer></body></html>"""


def blocks_of(html: str) -> list[str]:
    return read_blocks(parse(html)).blocks.text


def test_an_article_is_whole_and_menus_related_links_and_comments_are_not_in_it() -> None:
    text = extract(PAGE, None, None).text
    for sentence in (FIRST, SECOND, "What happens next", THIRD):
        assert sentence in text.split("\n\n")
    for other in (
        "Home",
        "Related stories",
        "ferry",
        "I said so",
        "Reply",
        "All rights reserved",
        "template",
        "script",
    ):
        assert other not in text


def test_comments_stay_where_they_are_what_the_page_is_about() -> None:
    talk = "".join(
        f'<li class="comment"><p>{sentence} {number}</p></li>' for number in range(9) for sentence in (FIRST, THIRD)
    )
    page = read_blocks(parse(f'<h1>Is the bridge open?</h1><p>{SECOND}</p><ol class="comments">{talk}</ol>'))
    words = np.array([text.count(" ") + 1.0 for text in page.blocks.text])
    everything = list(range(len(words)))
    assert without_comments(page, words, everything) == everything
    page.kind = "article"
    assert without_comments(page, words, everything) == everything, "too little would be left"


def strays_of(html: str, *, kind: str = "article") -> dict[str, str]:
    """Return the blocks that are no text of the page by what they say, were all of them chosen."""
    page = read_blocks(parse(html))
    page.kind = kind
    words = np.array([text.count(" ") + 1.0 for text in page.blocks.text])
    found = strays(page, words, range(len(words)))
    return {page.blocks.text[number]: what for number, what in found.items()}


def test_a_request_for_consent_is_no_text_unless_the_page_is_about_it() -> None:
    story, asking = (
        f"<p>{FIRST}</p><p>{SECOND}</p>",
        '<div id="onetrust-consent-sdk"><p>We value your choice.</p></div>',
    )
    assert strays_of(story + asking) == {"We value your choice.": "consent"}
    assert strays_of(f'<main class="cookie-policy">{story}</main>') == {}


def test_a_next_article_is_no_text_where_it_has_a_heading_of_its_own() -> None:
    story = f"<article><h1>Bridge stays open</h1><p>{FIRST}</p>" + f"<p>{SECOND} {THIRD}</p>" * 3 + "</article>"
    following = "<article><h1>Ferry in winter</h1><p>It sails on Sundays.</p></article>"
    assert set(strays_of(story + following).items()) == {
        ("Ferry in winter", "other_article"),
        ("It sails on Sundays.", "other_article"),
    }
    assert strays_of(story + following, kind="website") == {}, "a page of many articles has no next one"
    assert strays_of(story + following.replace("h1", "h2")) == {}, "a part of this article"
    assert strays_of(following + story) == {}, "what comes before is too short to be the article"


def test_a_block_is_a_run_of_inline_content_and_two_breaks_part_it() -> None:
    html = "<div>one <b>and</b> <a href=x>two</a><p>three<br>four<br><br>five</p>six<ul><li>seven</ul></div>"
    assert blocks_of(html) == ["one and two", "three\nfour", "five", "six", "seven"]


def test_what_is_no_text_of_the_page_is_in_no_block() -> None:
    html = "<p>seen<!-- a --></p><script>a</script><style>b</style><template><p>c</p></template><noscript>d</noscript>"
    assert blocks_of(html) == ["seen"]


def test_rows_of_lists_and_tables_follow_each_other_and_cells_are_parted_by_tabs() -> None:
    html = "<p>a</p><ul><li>b<li>c</ul><p>d</p><table><tr><th>e<th>f<tr><td>g<td>h</table><pre>i\n  j</pre>"
    page = read_blocks(parse(html))
    assert compose(page, range(len(page.blocks.text))) == "a\n\nb\nc\n\nd\n\ne\tf\ng\th\n\ni\n  j"


def test_a_long_block_that_comes_twice_is_kept_once() -> None:
    page = read_blocks(parse(f"<p>{FIRST}</p><p>short</p><p>{FIRST}</p><p>short</p>"))
    assert compose(page, range(4)) == f"{FIRST}\n\nshort\n\nshort"


TAGS = st.sampled_from(
    ("p", "div", "li", "ul", "span", "b", "a", "td", "tr", "table", "h2", "section", "x-y", "br", "pre")
)
WORDS = st.integers(0, 10**6).map("word{}".format)
MARKUP = st.lists(st.one_of(WORDS, TAGS.map("<{}>".format), TAGS.map("</{}>".format), WORDS), max_size=60)


@settings(max_examples=200, deadline=None)
@given(MARKUP)
def test_all_blocks_together_are_all_words_of_the_page_in_the_order_of_its_tree(pieces: list[str]) -> None:
    tree = parse(f"<body>{' '.join(pieces)}")
    page = read_blocks(tree)
    assert tree.body is not None
    assert " ".join(page.blocks.text).split() == tree.body.text(separator=" ").split()
    for first, end, parent in zip(page.elements.first, page.elements.end, page.elements.parent, strict=True):
        assert page.elements.first[parent] <= first <= end <= page.elements.end[parent]


@settings(max_examples=60, deadline=None)
@given(st.lists(MARKUP, min_size=1, max_size=3), st.integers(0, 9))
def test_sections_and_parts_say_something_finite_of_every_block(several: list[list[str]], seed: int) -> None:
    pages = [read_blocks(parse(f"<body><p>{FIRST}</p>{' '.join(pieces)}")) for pieces in several]
    measures = Measures(pages, load().words)
    said = sections(measures, np.random.default_rng(seed).random(measures.rows.size))
    assert said.shape == (measures.rows.size, SECTIONS)
    assert np.isfinite(said).all()
    opened = (measures.heading > 0) | (measures.rows.place == measures.rows.start)  # above a heading is one as well
    assert np.isclose((1 / said[:, 0]).sum(), opened.sum()), "the blocks of a section all know how many they are"


@settings(max_examples=60, deadline=None)
@given(MARKUP)
def test_the_text_of_a_page_is_some_of_its_blocks_in_their_order(pieces: list[str]) -> None:
    page = read_blocks(parse(f"<body><h1>word</h1><p>{FIRST}</p>{' '.join(pieces)}"))
    (reading,) = read([page], load())
    assert reading is not None
    chosen = choose(reading.measure.words, reading.kept)
    assert chosen == sorted(set(chosen))
    assert chosen, "a page with a block is never empty"
    shown = iter(" ".join(page.blocks.text).split())
    assert all(word in shown for word in reading.text.split())


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_gives_the_same_bytes(seed: str) -> None:
    script = (
        "import hashlib, sys; from cleaners.extract.page import extract;"
        "print(hashlib.sha256(repr(extract(sys.stdin.read(), None, None)).encode()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=PAGE,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == hashlib.sha256(repr(extract(PAGE, None, None)).encode()).hexdigest()


@pytest.mark.parametrize(
    "html",
    ["<p>" * 20_000 + "word", "<p>word" * 20_000, "<table>" + "<tr><td>word" * 5_000, "<br>" * 50_000 + "word"],
    ids=["empty paragraphs", "many blocks", "many rows", "breaks"],
)
def test_many_blocks_are_no_trouble(html: str) -> None:
    assert "word" in extract(html, None, None).text


class Always:
    """Trees that say the same of every page."""

    def __init__(self, value: float) -> None:
        self.value = value

    def predict(self, data, /):
        return np.full(len(data), self.value)


def chosen_text(html: str, model: Model, second: Callable[[], str]) -> Choice:
    page = read_blocks(parse(html))
    (reading,) = read([page], model)
    return best(page, reading, model, second)


def test_a_second_opinion_is_asked_in_doubt_and_taken_where_it_promises_more() -> None:
    ours = chosen_text(PAGE, replace(load(), sure=Always(1.0)), lambda: pytest.fail("asked without doubt"))
    assert ours.source == "blocks"
    assert ours.text.startswith(FIRST)
    taken = chosen_text(PAGE, replace(load(), sure=Always(0.0), better=Always(1.0)), lambda: "theirs")
    assert (taken.text, taken.source) == ("theirs", "second opinion")
    for better, second in ((-1.0, "theirs"), (1.0, "")):  # an empty one never is
        model = replace(load(), sure=Always(0.0), better=Always(better))
        held = chosen_text(PAGE, model, lambda second=second: second)
        assert (held.text, held.source) == (ours.text, "blocks")
    assert chosen_text("<body></body>", load(), lambda: "theirs").text == "theirs"


@settings(max_examples=40, deadline=None)
@given(st.lists(MARKUP, min_size=2, max_size=5))
def test_a_page_is_read_alike_alone_and_beside_any_others(pages: list[list[str]]) -> None:
    sources = [Source(f"<title>word</title><body><p>{FIRST}</p>{' '.join(pieces)}", None) for pieces in pages]
    sources += [Source(PAGE, "https://example.org/ferry"), Source("<body></body>")]
    alone = [extract(source.text, source.url, source.title) for source in sources]
    assert extract_many(sources) == alone
    assert extract_many(sources[::-1]) == alone[::-1]
