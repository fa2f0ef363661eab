import itertools
import time

from hypothesis import given
from hypothesis import strategies as st

from archive.words import compare, words

TEXTS = st.text(st.sampled_from("ab c.\nəщ"), max_size=60) | st.lists(
    st.sampled_from(["Shusha ", "Shushi ", "the ", "road, ", "\n\n", "2020"]), max_size=40
).map("".join)


@given(TEXTS, TEXTS)
def test_spans_tile_both_texts(old, new):
    spans = compare(old, new)
    assert "".join(s.text for s in spans if s.op != "added") == old
    assert "".join(s.text for s in spans if s.op != "removed") == new
    for span in spans:
        assert span.text == (new[span.new_start : span.new_end] if span.op == "added" else old[span.start : span.end])
    ends = [(0, 0), *((s.end, s.new_end) for s in spans)]
    assert [(s.start, s.new_start) for s in spans] == ends[:-1]
    assert ends[-1] == (len(old), len(new))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert [s.op for s in compare(text, text)] == ["same"] * bool(text)


@given(TEXTS, TEXTS)
def test_no_two_spans_beside_each_other_are_of_one_kind(old, new):
    ops = [s.op for s in compare(old, new)]
    assert all(a != b for a, b in itertools.pairwise(ops))


def test_one_word_in_a_sentence_is_one_change():
    spans = compare("Fighting near Shushi went on, near Shushi.", "Fighting near Shusha went on, near Shushi.")
    assert [(s.op, s.text) for s in spans if s.op != "same"] == [("removed", "Shushi"), ("added", "Shusha")]


def test_a_moved_paragraph_leaves_the_others_the_same():
    a, b, c = "One came.\n", "Two of them went home again.\n", "Three stayed behind.\n"
    spans = compare(a + b + c, b + c + a)
    assert sum(words(s.text) for s in spans if s.op == "removed") == words(a)


def test_hostile_texts_take_bounded_time():
    began = time.process_time()
    compare("a b " * 50_000, "b c a " * 50_000)
    compare("".join(f"w{i} " for i in range(40_000)), "".join(f"w{i} " for i in reversed(range(40_000))))
    assert time.process_time() - began < 10
