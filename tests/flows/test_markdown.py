"""Markdown of a document: what a reader of CommonMark makes of it has the document's words, and no others."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flows.markdown import Piece, markdown
from schemas.account import letters

READER = MarkdownIt("commonmark").enable("table")
SHAPES = ("p", "h1", "h2", "h6", "li1", "li2", "ol1", "ol2", "+1", "table", "tr", "td", "+", "pre", ">p", ">li1", ">>p")


def read(written: str) -> str:
    """Return the words that a reader of CommonMark shows."""
    found: list[str] = []

    def walk(tokens) -> None:
        for token in tokens:
            if token.type in {"text", "code_block", "fence", "code_inline", "html_block"}:
                found.append(token.content)
            elif token.type == "html_inline":
                found.append(token.content.replace("<br>", ""))
            walk(token.children or ())

    walk(READER.parse(written))
    return letters("".join(found))


def kinds(written: str) -> list[str]:
    return [token.type for token in READER.parse(written) if token.nesting == 1]


LINES = st.text(st.sampled_from("ab1 .)-+*_#>|`~<&[]()!\\=:\n"), min_size=1, max_size=12)
PIECES = st.lists(st.builds(Piece, LINES, st.sampled_from(SHAPES)), max_size=8)


@settings(max_examples=400, deadline=None)
@given(PIECES)
def test_a_reader_finds_the_words_of_the_blocks_and_no_others(pieces: list[Piece]) -> None:
    assert read(markdown("A title", pieces)) == "Atitle" + "".join(letters(piece.text) for piece in pieces)


def test_each_shape_is_what_it_says() -> None:
    pieces = [
        Piece("The road", "h2"),
        Piece("It was open.", "p"),
        Piece("by day", "li1"),
        Piece("on foot", "li2"),
        Piece("at night", "li1"),
        Piece("first", "ol1"),
        Piece("second", "ol1"),
        Piece("with more to it", "+1"),
        Piece("He said so.", ">p"),
        Piece("And again.", ">p"),
        Piece("Day", "table"),
        Piece("Cars", "td"),
        Piece("Monday", "tr"),
        Piece("11", "td"),
        Piece("for x in y:\n    go(x)", "pre"),
        Piece("No road is long\nwith good company.", "p"),
    ]
    assert markdown("Roads", pieces) == (
        "# Roads\n\n## The road\n\nIt was open.\n\n- by day\n  - on foot\n- at night\n1. first\n2. second\n\n"
        "   with more to it\n\n> He said so.\n>\n> And again.\n\n| Day | Cars |\n| --- | --- |\n| Monday | 11 |\n\n"
        "```\nfor x in y:\n    go(x)\n```\n\nNo road is long\\\nwith good company.\n"
    )
    assert kinds(markdown(None, pieces[:5])).count("bullet_list_open") == 2
    assert kinds(markdown(None, pieces[8:10])).count("blockquote_open") == 1


@pytest.mark.parametrize(
    "text", ["# no heading", "1. no item", "- no item", "> no quotation", "a_b_ *c* `d`", "---", "|a|"]
)
def test_what_looks_like_a_mark_and_is_none_stays_a_word(text: str) -> None:
    written = markdown(None, [Piece(text, "p")])
    assert kinds(written) == ["paragraph_open"]
    assert read(written) == letters(text)


def test_nothing_is_nothing() -> None:
    assert markdown(None, []) == ""
    assert markdown(None, [Piece(" ", "p")]) == ""
    assert markdown("T", [Piece("x", "no such shape")]) == "# T\n\nx\n"
