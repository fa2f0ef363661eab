"""The line model: what it takes, what it never takes, and that nothing but the document decides."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.ledger import apply, invert, settle
from cleaners.lines import (
    CLEANER,
    CONSERVATIVE,
    DEFAULT,
    EAGER,
    among_alike,
    answers,
    has_word,
    heading_what_stays,
    model,
    proposals,
    question,
    title_line,
    unsure_lists,
)
from cleaners.model.bounds import bounds
from cleaners.model.features import Text, see
from cleaners.model.network import CLASSES, FINE, HIGHEST, LEVELS, packed, unpacked
from cleaners.model.weights import ModelError, load, save
from schemas.page import Document, Removal

ARTICLE = (
    "The ferry left the pier at seven in the morning with eleven people on board, two dogs, and the mail of a month.",
    "By noon the wind had turned, and the captain decided to wait behind the island until the worst of it was over.",
    "“We have seen worse than this,” a member of the crew said while the passengers looked for a dry place to sit.",
    "The harbour office said in the evening that the line would run again on Monday, unless the forecast changed.",
    "Two of the passengers went back by road, which took them the better part of the night and most of the next day.",
)
LEFT_OVER = (
    "Related articles",
    "Five harbours to see before you die",
    "Read more",
    "Sign up for our newsletter",
    "Share this article on Facebook",
    "Leave a comment",
)
QUOTED = ("“Follow us on Facebook”", "“Sign up for our newsletter", "Read more on Twitter”", '"Share this article"')
PIECES = (
    *ARTICLE,
    *LEFT_OVER,
    *QUOTED,
    "\n",
    "\n\n",
    " ",
    "\u00a0",
    "\u2028",
    "e\u0301",
    "\x00",
    "1",
    "Ж",
    "…",
    "<u>a</u>",
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8))).map("\n".join))


def document(*lines):
    return Document("\n\n".join(lines), language="en")


def taken(given, setting=DEFAULT):
    return [edit.before.strip() for edit in proposals(given, model(), setting)]


def test_left_overs_go_and_the_article_stays():
    clean = apply(page := document(*ARTICLE, *LEFT_OVER).text, settle(CLEANER.propose(document(*ARTICLE, *LEFT_OVER))))
    assert all(line in clean for line in ARTICLE)
    assert "newsletter" in page
    assert "newsletter" not in clean


@pytest.mark.parametrize("heading", ["References", "Sources:", "TL;DR", "FAQ", "Источники"])
def test_headings_of_the_article_stay_even_between_left_overs(heading):
    around = document(*ARTICLE, *LEFT_OVER[:3], heading, *LEFT_OVER[3:])
    assert heading not in taken(around, EAGER)
    assert LEFT_OVER[3] in taken(around, EAGER)


def test_an_edit_tells_the_probability():
    rules = {edit.rule for edit in CLEANER.propose(document(*ARTICLE, *LEFT_OVER))}
    assert rules
    assert all(rule.startswith("model:line/p") and 50 <= int(rule[-2:]) <= 99 for rule in rules)


def test_blank_lines_between_paragraphs_make_no_difference():
    apart = document(*ARTICLE, *LEFT_OVER)
    assert taken(apart) == taken(replace(apart, text=apart.text.replace("\n\n", "\n")))


def test_a_text_of_a_few_lines_stays_whole():
    assert taken(document(ARTICLE[0], *LEFT_OVER[:4]), EAGER) == []


def test_a_text_without_prose_stays_whole():
    assert taken(document(*LEFT_OVER, *LEFT_OVER), EAGER) == []


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_quotation_stays_whatever_it_says(quoted):
    assert quoted not in taken(document(*ARTICLE, *LEFT_OVER, quoted, *LEFT_OVER), EAGER)


def test_a_line_inside_a_longer_quotation_stays():
    lines = ("The poster read: “Dear passengers,", "Sign up for our newsletter", "and come again.” Nobody did.")
    assert "Sign up for our newsletter" not in taken(document(*ARTICLE, *lines), EAGER)


def test_settings_are_steps_of_one_scale():
    page = document(*ARTICLE, *LEFT_OVER)
    sure, usual, eager = (set(taken(page, setting)) for setting in (CONSERVATIVE, DEFAULT, EAGER))
    assert sure <= usual <= eager


def test_a_document_says_how_sure_the_model_has_to_be():
    pages = [replace(document(*ARTICLE, *LEFT_OVER), removal=removal) for removal in Removal]
    sure, usual, eager = ([edit.before for edit in CLEANER.propose(page)] for page in pages)
    assert set(sure) <= set(usual) <= set(eager)


def test_a_long_list_needs_more_certainty_than_a_line():
    plan = tuple(f"Run easy for {minutes} minutes" for minutes in range(20, 60))
    assert not set(plan) & set(taken(document(*ARTICLE[:3], "Week one", *plan, *ARTICLE[3:])))
    assert not set(plan) & set(taken(document(*ARTICLE, "Week one", *plan), EAGER)), "nor at the end of the text"
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    weeks = tuple(f"{day}: {what}" for what in ("run easy", "rest", "swim or cycle", "walk uphill") for day in days)
    assert not set(weeks) & set(taken(document(*ARTICLE, "Four weeks", *weeks)))


def test_lines_that_look_alike_are_judged_nearer_to_each_other():
    scores = np.array([2.25, -1.25, -2.0, -1.0, -3.0, 4.0, 2.0])
    drawn = among_alike(scores, np.array([7, 7, 7, 7, 7, 2, 2]), bounds([7]))
    assert drawn[0] < scores[0] - 0.5, "one item of a list that the others say is the article's"
    assert np.array_equal(np.argsort(drawn[:5]), np.argsort(scores[:5]))
    assert np.array_equal(drawn[5:], scores[5:]), "two lines are no list"
    assert np.array_equal(drawn * 1024, np.rint(drawn * 1024))


def test_a_list_of_different_lines_needs_more_than_a_line_does():
    lines = [f"{letter}. {letter} road" for letter in "ABCDEFGHIJ"]
    scores, taken = np.linspace(3, 5, 10), np.ones(10, dtype=np.bool_)
    assert unsure_lists(scores, taken, lines, 4.25).all()
    assert not unsure_lists(scores, taken, lines, 3.75).any()
    assert not unsure_lists(scores, taken, ["Read more"] * 10, 4.25).any(), "buttons are no list"
    assert not unsure_lists(scores[:7], taken[:7], lines[:7], 4.25).any(), "a few lines are judged one by one"


def seen_of(*lines):
    return see([Text(lines, [-1.0] * len(lines))], model().lexicon)


def test_what_stands_above_short_lines_that_stay_heads_them():
    box = ("At a glance", "Strength: unknown", "Mandate: five years", "Posts: twenty-seven")
    seen = seen_of(ARTICLE[0], *box, ARTICLE[1], LEFT_OVER[0], *ARTICLE[2:])
    taken = np.array([line in (0, 1, 6) for line in range(len(seen.length))])
    scores = np.where(taken, 4.0, -4.0)
    assert np.flatnonzero(heading_what_stays(taken, seen, scores)).tolist() == [1]
    assert not heading_what_stays(taken, seen, np.where(taken, 4.0, 0.5)).any(), "of these lines it is as good as sure"


@pytest.mark.parametrize(
    ("first", "is_title"), [("The ferry runs again today", True), ("Accessibility links", False), ("Culture", False)]
)
def test_a_first_line_of_some_words_above_prose_is_the_title(first, is_title):
    nothing = np.zeros(6, dtype=np.bool_)
    assert bool(title_line((first, *ARTICLE), nothing, seen_of(first, *ARTICLE))[0]) == is_title
    below = (first, LEFT_OVER[1], *ARTICLE[:4])
    assert not title_line(below, nothing, seen_of(*below)).any(), "the first line of a menu is none"


def test_a_language_without_training_needs_more_certainty():
    page = document(*ARTICLE, *LEFT_OVER)
    assert set(taken(replace(page, language="hy"))) <= set(taken(page))


def test_nothing_depends_on_what_was_cleaned_before():
    pages = [document(*ARTICLE[n:], *LEFT_OVER, *ARTICLE[:n]) for n in range(5)]
    forwards = [list(CLEANER.propose(page)) for page in pages]
    assert [list(CLEANER.propose(page)) for page in reversed(pages)] == forwards[::-1]


LINES = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=30))
    .map(str.strip)
    .filter(has_word)
    .filter(lambda line: "\n" not in line),
    min_size=1,
    max_size=12,
)
URLS = st.sampled_from(["", "https://desk.example/ferry/harbour-office-said", "https://desk.example/a\nleft the pier"])


@given(st.data(), st.lists(st.tuples(LINES, URLS), min_size=1, max_size=6))
def test_a_line_scores_alike_whatever_texts_stand_beside_its_own(data, given):
    def scores(texts):
        asked = [Text(lines, [link] * len(lines), url) for (lines, url), link in texts]
        seen = see(asked, model().lexicon)
        return np.split(model().scores(seen), np.cumsum([len(text.lines) for text in asked])[:-1])

    texts = [(text, data.draw(st.sampled_from([-1.0, 0.0, 0.5]))) for text in given]
    alone = [scores([text])[0] for text in texts]
    order = data.draw(st.permutations(range(len(texts))))
    together = scores([texts[number] for number in order])
    for number, found in zip(order, together, strict=True):
        assert np.array_equal(found, alone[number])


def pages_of_many_kinds():
    lines = (*ARTICLE, *LEFT_OVER, *QUOTED)
    pages = [document(*lines[n:], *LEFT_OVER, *lines[:n]) for n in range(0, len(lines), 2)]
    pages += [document(ARTICLE[0]), document(*LEFT_OVER), document(*ARTICLE, *(LEFT_OVER * 30))]
    pages += [replace(page, language="hy", removal=Removal.EAGER, url="https://desk.example/ferry") for page in pages]
    return [*pages, document(*ARTICLE, *(f"Stop {n} of the ferry line" for n in range(2000))), pages[0]]


@settings(max_examples=10)
@given(st.permutations(pages_of_many_kinds()))
def test_edits_are_the_same_whatever_texts_the_model_is_asked_about_together(pages):
    questions = [asked for page in pages if (asked := question(page))]
    together = list(answers(questions, model()))
    assert any(together)
    assert together == [CLEANER.propose(asked.document) for asked in questions]


@settings(deadline=None)  # the first text loads what the cleaner needs
@given(text=TEXTS, source=st.one_of(st.none(), TEXTS))
def test_every_edit_is_true_of_the_text_and_takes_whole_lines(text, source):
    edits = list(proposals(Document(text, source=source), model(), EAGER))
    assert edits == settle(edits), "no two overlap"
    assert apply(apply(text, edits), invert(edits)) == text
    assert all(edit.after == "" and (edit.before + "\n").count("\n") <= 2 for edit in edits)


def test_lines_without_end_are_left_alone():
    assert taken(Document("\n".join(ARTICLE * 1000)), EAGER) == []


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["a", "](", "[", "<u>", "](a(", '"', "“", "1:", "ago ", "\u2028", "a.b "])
def test_time_is_linear_in_hostile_text(piece):
    text = "\n".join([*ARTICLE, *LEFT_OVER, piece * (2_000_000 // len(piece)), "](", "<u>"])
    start = time.process_time()
    taken(Document(text, source=text))
    assert time.process_time() - start < 20, "quadratic work would take hours"


def test_the_model_file_is_small_and_comes_back_as_it_was(tmp_path):
    save(model(), tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    assert (tmp_path / "model.npz").stat().st_size < 5_000_000
    assert again.lexicon.spelled == model().lexicon.spelled
    page = document(*ARTICLE, *LEFT_OVER)
    assert list(proposals(page, again, EAGER)) == list(proposals(page, model(), EAGER))


def test_no_sum_of_products_is_rounded_so_that_all_machines_agree():
    network, exact = model().network, 2**24
    lines = 13_000
    assert lines * FINE * HIGHEST < exact
    assert 2 * lines * HIGHEST < exact
    for layer in network.layers:
        assert HIGHEST * np.abs(layer.lines).sum(axis=1).max() < exact
        assert FINE * HIGHEST * np.abs(layer.sides).sum(axis=1).max() < exact
    measures, ends = network.codes[: -2 * CLASSES], network.codes[-2 * CLASSES :]
    assert (LEVELS - 1) * np.abs(measures).sum(axis=0).max() + 2 * np.abs(ends).max() < exact
    weights = (network.codes, *(part for layer in network.layers for part in (layer.lines, layer.sides)), network.out)
    assert all(np.array_equal(part, np.rint(part)) for part in weights)


def test_sums_of_rarities_are_exact_so_that_they_do_not_depend_on_order():
    rarity = model().lexicon.rarity.astype(np.float64)
    assert np.array_equal(rarity * 2**36, np.rint(rarity * 2**36))
    assert rarity.max() * 2**36 * 401 < 2**53, "no more words are read of a line"


def test_packed_weights_add_up_like_the_weights():
    rows = np.random.default_rng(0).integers(-127, 128, (66, 128)).astype(np.int8)
    assert np.array_equal(unpacked(packed(rows)), rows)
    added = packed(rows).sum(axis=0).view(np.uint16).astype(np.int64) - 128 * len(rows)
    assert np.array_equal(added, rows.sum(axis=0, dtype=np.int64))


def test_what_is_not_a_model_is_refused(tmp_path):
    (tmp_path / "model.npz").write_bytes(b"not an archive of arrays")
    with pytest.raises(ModelError, match=r"model\.npz"):
        load(tmp_path / "model.npz")
