"""Remnants of markup go, words stay, and so does all that only looks like markup."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.ledger import apply, settle
from cleaners.markup import CLEANER
from schemas.edit import Edit, kind_of
from schemas.page import Document


def edits(text: str, *, is_html: bool = False) -> list[Edit]:
    return settle(CLEANER.propose(Document(text, is_html=is_html)))


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("markup_tag", "Region: <u>Asia</u>, <u>Asia and</u> <u>WMD</u>", "Region: Asia, Asia and WMD"),
        ("markup_tag", "one<br/>two<BR>three", "one\ntwo\nthree"),
        ("markup_tag", "<p class='x'>one</p>\n<p>two</p>", "one\ntwo"),
        ("markup_tag", '<a href="https://example.org/">the ferry</a></b>', "the ferry"),
        ("markup_tag", "&lt;b&gt;bold&lt;/b&gt;", "bold"),
        ("markup_tag", "<cite>Harbour News</cite>", "Harbour News"),
        ("markup_comment", "one<!-- more -->two", "onetwo"),
        ("markup_script", "one<script>if (a < b) { c(); }</script>two", "onetwo"),
        ("markup_bold", "**The harbour master** said, and ***then*** left", "The harbour master said, and then left"),
        ("markup_bold", "__The harbour master__ said", "The harbour master said"),
        ("markup_bold", "**a *b* c**, **d.** **e**", "a *b* c, d. e"),
        ("markup_heading", "text\n\n## The ferry ##\n\n### 3. The quay", "text\n\nThe ferry\n\n3. The quay"),
        ("markup_heading", "# The ferry\n\ntext", "The ferry\n\ntext"),
        ("markup_link", 'the [timetable](https://example.org/a_(b)) is [here](/t "T")', "the timetable is here"),
        ("markup_link", "as said [[1]](https://example.org/)", "as said [1]"),
        ("markup_image", "one ![the quay](quay.jpg) two", "one  two"),
        ("markup_image", "[![the quay](quay.jpg)](https://example.org/)", ""),
        ("markup_entity", "Marks &amp; Co&nbsp;&#8217;s &#x2014; caf&eacute;", "Marks & Co\xa0’s — café"),
        ("markup_entity", "don&amp;#8217;t &amp;amp;nbsp;", "don’t \xa0"),
        ("markup_shortcode", '[caption id="a" width="3"]The quay[/caption]', "The quay"),
        ("markup_shortcode", "[embed]https://example.org/film[/embed]", ""),
        ("markup_shortcode", 'one [gallery ids="1,2"] two', "one  two"),
        ("markup_shortcode", "the [b]new[/b] [url=https://example.org/]timetable[/url]", "the new timetable"),
        ("markup_template", "the ferry {{cite web|url=x}}", "the ferry "),
        ("markup_link", "the [[Quay (harbour)|quay]] and the [[ferry]]", "the quay and the ferry"),
        ("markup_image", "[[File:Quay.jpg|thumb|The quay]]text", "text"),
    ],
)
def test_marks_go_and_words_stay(kind: str, before: str, after: str) -> None:
    found = edits(before)
    assert apply(before, found) == after
    assert {kind_of(edit.rule) for edit in found} == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "if a < b and c > d, or a <b and c> d: x<y>z",
        "I <3 the ferry <quote> <name>",
        'the "<b>" tag',
        "git add <object> and git clone <source>",
        "as said [1], [2, 3] and [[4]]",
        "he [the minister] said [sic](with a frown), and [i]n the town, [s]he, [video]",
        "2**3 and 4**5, a footnote* and two**, f*** him, b****** and ****",
        "** A note to two asterisks",
        "*\n\n***\n\n* an item\n\n_emphasis_ and *emphasis*",
        "def __init__(self): snake_case __name__",
        "#Karabakh # 1 in the list\n#2",
        "text\n# a comment in a script",
        "AT&T; R&D &copy 2020 &unknown; ?a=1&b=2; &#1; &#99999999;",
        "`<b>` and `**`\n```\n**x** [a](https://example.org/)\n```",
        "{ a } {{ }",
    ],
)
def test_what_could_be_meant_stays(text: str) -> None:
    assert edits(text) == []


def test_what_a_web_page_showed_its_readers_stays() -> None:
    text = "Write <b>bold</b> or **bold**, [b]bold[/b] and {{ name }}.\n## not a heading"
    assert edits(text, is_html=True) == []
    left_over = "Marks &amp;amp; Co, [here](https://example.org/)"
    assert apply(left_over, edits(left_over, is_html=True)) == "Marks & Co, here"


def test_each_mark_is_an_edit_of_its_own() -> None:
    assert [(e.before, e.after) for e in edits("**The quay** <u>here</u>")] == [
        ("**", ""),
        ("**", ""),
        ("<u>", ""),
        ("</u>", ""),
    ]


PIECES = (
    *(
        "<b>",
        "</b>",
        "<br>",
        "<p ",
        "&lt;",
        "&gt;",
        "&amp;",
        "#8217;",
        "**",
        "***",
        "__",
        "* ",
        "## ",
        "[",
        "]",
        "](",
        "![",
        "[[",
    ),
    *(
        "]]",
        "|",
        "{{",
        "}}",
        "[b]",
        "[/b]",
        "[embed]",
        "[/embed]",
        "https://a.b/",
        ")",
        "`",
        "```",
        "<!--",
        "-->",
        "<script>",
    ),
    *("</script>", "a", " ", "\n", "\n\n", 'x="', '"', "é", "😀"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.booleans())
def test_proposals_fit_their_text(text: str, is_html: bool) -> None:
    proposed = list(CLEANER.propose(Document(text, is_html=is_html)))
    assert all(text[e.start : e.end] == e.before for e in proposed)
    apply(text, settle(proposed))


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<b ",
        "<b x=",
        "&lt;b x=",
        "[",
        "[[x]",
        "[a](http://",
        "**a ",
        "*",
        "__a b",
        "{{",
        "`",
        "```a",
        "&amp;",
        "[aa b=",
        "<!--",
    ],
)
def test_hostile_text_takes_time_in_proportion(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    start = time.monotonic()
    list(CLEANER.propose(Document(text)))
    assert time.monotonic() - start < 8  # here under a second; quadratic, it would be minutes


def test_codes_in_codes_take_time_in_proportion() -> None:
    text = "[b]" * 20_000 + "x" + "[/b]" * 20_000
    assert apply(text, edits(text)) == "x"
