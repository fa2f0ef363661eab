"""Headings of which nothing below is in the text, and those right above what is."""

import numpy as np
import pytest

from cleaners.extract.blocks import parse, read_blocks
from cleaners.extract.headings import bare_headings, headings_above

PROSE = "The council voted on Thursday to keep the old bridge open to walkers, after eleven years of argument over it."
ARTICLE = '<meta property="og:type" content="article">'


def bare(body: str, left_out: str = "-", chance: float = 0.6, head: str = "") -> list[str]:
    """Return the headings found bare, where what begins with `left_out` is not in the text."""
    page = read_blocks(parse(f"<html><head>{head}</head><body>{body}</body></html>"))
    texts = page.blocks.text
    chosen = [number for number, text in enumerate(texts) if not text.startswith(left_out)]
    return [texts[number] for number in bare_headings(page, np.full(len(texts), chance), chosen)]


CONTACT = f"<h2>The bridge</h2><p>{PROSE}</p><h2>Media inquiries:</h2><p>- Anna Example</p>"


@pytest.mark.parametrize("head", ["", ARTICLE])
def test_a_heading_goes_where_what_it_heads_went(head: str) -> None:
    assert bare(CONTACT, head=head) == ["Media inquiries:"]
    assert bare(f"{CONTACT}<h2>Next</h2><p>{PROSE}</p>", head=head) == ["Media inquiries:"]
    assert bare(CONTACT, "nothing", head=head) == []


def test_a_heading_stays_where_a_part_of_its_section_is_left() -> None:
    assert bare(f"{CONTACT}<h3>By post</h3><p>{PROSE}</p>", head=ARTICLE) == []
    assert bare(CONTACT, head=ARTICLE, chance=0.95) == [], "the model is sure of it"


def test_names_of_a_list_are_no_bare_headings() -> None:
    names = "".join(f"<h3>Ferry {number}</h3>" for number in range(3))
    assert bare(f"<p>{PROSE}</p>{names}") == []
    assert bare(f"<p>{PROSE}</p>{names}", head=ARTICLE) == ["Ferry 0", "Ferry 1", "Ferry 2"]
    linked = names.replace("Ferry", '<a href="/">Ferry').replace("</h3>", "</a></h3>")
    assert bare(f"<p>{PROSE}</p>{linked}", head=ARTICLE) == []


def test_a_page_of_nothing_but_headings_keeps_them() -> None:
    assert bare("<h2>One</h2><h2>Two</h2>", head=ARTICLE) == []


@pytest.mark.parametrize(
    ("heading", "chance", "above"), [("h2", 0.4, [1]), ("h2", 0.2, []), ("h1", 0.4, []), ("p", 0.4, [])]
)
def test_a_heading_right_above_the_text_is_kept_where_it_is_not_improbable(
    heading: str, chance: float, above: list[int]
) -> None:
    page = read_blocks(parse(f"<p>{PROSE}</p><{heading}>Media inquiries:</{heading}><p>Anna Example</p>"))
    assert headings_above(page, np.array([0.9, chance, 0.9]), [0, 2]) == above
    assert headings_above(page, np.array([0.9, chance, 0.9]), [0]) == []
