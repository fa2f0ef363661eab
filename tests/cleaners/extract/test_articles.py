"""Pages that call themselves articles, and the standfirst above the text of those that call themselves news."""

import json

import numpy as np
import pytest

from cleaners.extract.articles import is_article, standfirst
from cleaners.extract.blocks import Page, parse, read_blocks

SUMMARY = "After eleven years of argument the council keeps the old bridge, and wants a new one beside it."
TEXT = "The council voted on Thursday to keep the bridge open to walkers. Engineers had warned that it would not last."
NEWS = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"})}</script>'
DESCRIBED = f'<meta name="description" content="{SUMMARY}">'


def page(head: str, body: str) -> Page:
    return read_blocks(parse(f"<html><head>{head}</head><body>{body}</body></html>"))


def above(head: str, summary: str, chance: float = 0.05) -> str | None:
    """Return the block found above a text of which the model kept only the last paragraph."""
    found = page(head, f"<p>{SUMMARY}</p><h1>The bridge stays</h1>{summary}<p>Anna Example</p><p>{TEXT}</p>")
    last = len(found.blocks.text) - 1
    kept = np.full(last + 1, chance)
    number = standfirst(found, kept, [last])
    return None if number is None else found.blocks.text[number]


def test_the_summary_that_describes_news_is_found_below_the_heading_only() -> None:
    assert above(NEWS + DESCRIBED, f"<h2>{SUMMARY}</h2>") == SUMMARY
    assert above(NEWS + DESCRIBED, "") is None


def test_what_is_only_named_a_standfirst_is_one_where_the_model_does_not_rule_it_out() -> None:
    named = f'<p class="standfirst">{SUMMARY}</p>'
    assert above(NEWS, named, 0.3) == SUMMARY
    assert above(NEWS, named, 0.05) is None


def test_other_pages_leave_their_standfirst_to_the_model() -> None:
    assert above(DESCRIBED, f"<h2>{SUMMARY}</h2>", 0.3) is None


def test_a_teaser_that_is_the_beginning_of_the_text_is_no_standfirst() -> None:
    assert above(NEWS + f'<meta name="description" content="{TEXT}">', f"<p>{TEXT[:60]} ...</p>", 0.3) is None


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (NEWS, True),
        ('<meta property="og:type" content="article">', True),
        (NEWS.replace("NewsArticle", "Product"), False),
        ("", False),
    ],
)
def test_a_page_is_an_article_where_it_calls_itself_one(head: str, *, said: bool) -> None:
    assert is_article(page(head, f"<p>{TEXT}</p>")) is said
