"""What a block is told to be, what is left out whatever the model says, and what a user may ask to keep."""

import pytest

from cleaners.extract.blocks import parse, read_blocks
from cleaners.extract.kinds import UnknownKindError, asked_for, kinds, kinds_known
from cleaners.extract.page import extract
from schemas.account import Fate

FIRST = "The council voted on Thursday to keep the old bridge open to walkers, after eleven years of argument over it."
SECOND = "Engineers had warned that the deck would not carry lorries, and that repairs would cost more than a new one."
PROSE = "".join(f"<p>{FIRST} {SECOND} That was the {number}th time.</p>" for number in range(6))
MORE = PROSE.replace("That", "And that")
PAGE = f"""<html><head><title>The bridge stays</title><meta property="og:type" content="article"></head><body>
<nav><a href="/">Home</a></nav><article><h1>The bridge stays</h1><p class="standfirst">Eleven years, one vote.</p>
<div class="article-body">{PROSE}<figure><img src="a.jpg"><figcaption>{FIRST}</figcaption></figure>{MORE}</div>
<div class="cookie-banner"><p>{SECOND}</p></div>
<section class="newsletter-signup"><p>{FIRST} Every Thursday in your inbox.</p></section></article>
<section id="comments"><ol><li class="comment"><p>I said so all along.</p></li></ol></section>
<aside><figure><figcaption>{SECOND}</figcaption></figure></aside></body></html>"""


def told(html: str, kept: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    page = read_blocks(parse(html))
    return list(zip(page.blocks.text, kinds(page, kept), strict=True))


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<div class="post-comments"><div class="author">x y</div></div>', "comments"),
        ('<section class="related-posts"><h3>x y</h3></section>', "related_links"),
        ('<div class="m-mostRead"><a>x y</a></div>', "related_links"),
        ('<div id="onetrust-banner"><button>x y</button></div>', "consent"),
        ('<div class="cookie-notice">x y</div>', "consent"),
        ("<footer><p>x y</p></footer>", "footer"),
        ('<ul role="navigation"><li>x y</ul>', "navigation"),
        ("<figure><figcaption>x y</figcaption></figure>", "caption"),
        ('<h2 class="sr-only">x y</h2>', "screen_reader"),
        ('<div class="visually-hidden"><p>x y</p></div>', "screen_reader"),
        ('<h2 class="lg:not-sr-only">x y</h2>', "boilerplate"),
        ('<p class="screen-reader-text">x y</p>', "screen_reader"),
        ('<div class="elementor-element elementor-invisible">x y</div>', "boilerplate"),
        ('<div class="full-screen image-reader">x y</div>', "boilerplate"),
        ('<figcaption>A bridge. <span class="credit">x y</span></figcaption>', "caption"),
        ('<p class="byline">x y</p>', "byline"),
        ('<div class="author-bio">x y</div>', "byline"),
        (f'<div class="author-bio">{FIRST}</div>', "author_box"),
        ("<p>Read more: the winter ferry</p>", "related_links"),
        ("<p>Читайте также: мост</p>", "related_links"),
        ("<p>Photo: Town Archive</p>", "credit"),
        ("<p>Updated 3 March 2021</p>", "dateline"),
        ("<p>Facebook</p>", "share"),
        ("<p>© 2021 The Bridge</p>", "footer"),
        ("<p>Please support us</p>", "donation"),
        ("<button>x y</button>", "controls"),
        ("<figure><pre><div>make all</div></pre></figure>", "boilerplate"),
        ('<a href="/x">x y</a>', "navigation"),
        ('<a href="/x">A ferry for the winter at last</a>', "related_links"),
        ("<div hidden><p>x y</p></div>", "hidden"),
        ("<p>x y</p>", "boilerplate"),
        ('<body class="has-sidebar comments-open"><p>x y</p>', "boilerplate"),
    ],
)
def test_a_block_is_told_by_what_holds_it_and_by_its_words(html: str, kind: str) -> None:
    (*_, (_, found)) = [row for row in told(f"{html}{PROSE}") if row[0] not in PROSE or row[0] in html]
    assert found == kind


def test_prose_is_not_what_a_wrapper_is_named_for() -> None:
    html = f'<div class="paywall sidebar-layout related">{PROSE}</div><p>Home</p>'
    assert {kind for _, kind in told(html, tuple(range(6)))[:6]} == {"text"}


def test_of_an_article_captions_newsletters_and_consent_are_left_out_and_say_so() -> None:
    found = extract(PAGE, None, None)
    assert found.account is not None
    assert found.text.count(FIRST) == found.text.count("was the")
    assert "inbox" not in found.text
    left = {block.kind for block in found.account.blocks if block.fate is Fate.LEFT_OUT}
    assert {"caption", "newsletter", "consent", "comments"} <= left


def test_labels_for_screen_readers_are_left_out_of_any_page() -> None:
    steps = "".join(f'<h2>Step {n}</h2><p class="sr-only">Section titled step {n}</p><p>{FIRST} {n}</p>' for n in "123")
    found = extract(f"<main><h1>How to cross</h1>{steps}{PROSE}</main>", None, None)
    assert FIRST in found.text
    assert "Section titled" not in found.text
    assert (
        "Section titled step 2"
        in extract(f"<main>{steps}{PROSE}</main>", None, None, asked_for(["screen_reader"])).text
    )


@pytest.mark.parametrize("names", ['class="social-embed"', 'aria-label="Share price"', 'class="market-share"'])
def test_prose_in_a_place_that_is_named_like_links_to_share_stays(names: str) -> None:
    quoted = f"The ferry will be there, the mayor said. {SECOND}"
    page = f"<article><h1>A ferry</h1>{PROSE}<div {names}><blockquote>{quoted}</blockquote></div>{PROSE}</article>"
    assert "the mayor said" in extract(page, None, None).text


def test_what_a_user_asks_for_stands_in_its_place() -> None:
    found = extract(PAGE, None, None, asked_for(["captions", "comments"]))
    lines = found.text.split("\n")
    at = lines.index(FIRST)
    assert "5th time" in lines[at - 2]
    assert "0th time" in lines[at + 2]
    assert lines[-3 if lines[-1] == SECOND else -1] == "I said so all along."
    assert found.account is not None
    kept = {block.kind: block.rule for block in found.account.blocks if block.fate}
    assert kept["comments"] == "asked:comments"
    assert kept["caption"] == "asked:caption"
    assert "inbox" not in found.text


def test_every_kind_has_a_meaning_and_asking_for_another_is_refused() -> None:
    for kind in kinds_known().values():
        assert kind.means
        assert kind.left_out in {"", "always", "articles"}
    assert asked_for([]) == frozenset()
    with pytest.raises(UnknownKindError, match="captions"):
        asked_for(["menus"])
