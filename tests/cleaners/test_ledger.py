"""The ledger's laws, each a property test that quotes it."""

import re
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.ledger import LedgerError, Positions, apply, compose, edits_between, flatten, invert, revert, settle
from schemas.edit import Edit, Step

texts = st.text(alphabet="abcß😀é\u0301 \n", max_size=24)


@st.composite
def edits_of(draw, text, tag):
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return settle(
        Edit(a, b, text[a:b], draw(st.text(alphabet="xyZ😀", max_size=3)), f"{tag}{n}")
        for n, (a, b) in enumerate(zip(cuts[::2], cuts[1::2], strict=False))
    )


@st.composite
def chains(draw, steps):
    text = source = draw(texts)
    chain = []
    for n in range(steps):
        edits = draw(edits_of(text, "abcdef"[n]))
        chain.append(edits)
        text = apply(text, edits)
    return source, chain, text


@given(chains(1))
def test_apply_then_invert_is_identity(case):
    """apply(apply(t, e), invert(e)) == t."""
    source, (edits,), output = case
    assert apply(output, invert(edits)) == source
    assert invert(invert(edits)) == edits


@settings(max_examples=500, deadline=None)
@given(chains(2))
def test_compose_has_the_effect_of_both(case):
    """compose(a, b) has the effect of a then b."""
    source, (first, second), output = case
    both = compose(first, second)
    assert apply(source, both) == output
    assert apply(output, invert(both)) == source


@settings(max_examples=300, deadline=None)
@given(chains(4))
def test_composition_in_any_grouping_has_the_same_effect(case):
    source, (a, b, c, d), output = case
    for flat in (
        reduce(compose, (a, b, c, d)),
        compose(compose(a, b), compose(c, d)),
        compose(a, compose(b, compose(c, d))),
    ):
        assert apply(source, flat) == output


@given(chains(1))
def test_compose_with_its_inverse_is_nothing(case):
    """compose(a, invert(a)) == []."""
    _, (edits,), _ = case
    assert compose(edits, []) == edits == compose([], edits)
    assert compose(edits, invert(edits)) == []


@given(chains(3))
def test_spans_tile_the_input(case):
    """The kept, removed and replaced spans tile the input: each source character has one fate."""
    source, chain, output = case
    flat = reduce(compose, chain)
    here, rebuilt, made = 0, "", ""
    for edit in flat:
        assert edit.start >= here
        rebuilt += source[here : edit.start] + edit.before
        made += source[here : edit.start] + edit.after
        here = edit.end
    assert rebuilt + source[here:] == source
    assert made + source[here:] == output


@given(chains(3))
def test_steps_turn_back(case):
    source, chain, output = case
    steps = [Step("c", "1", tuple(edits)) for edits in chain]
    assert revert(output, steps) == source
    assert apply(source, flatten(steps)) == output


@given(texts, texts)
def test_edits_between_accounts_for_any_function(before, after):
    assert apply(before, edits_between(before, after, "r")) == after


@given(texts, st.data())
def test_settle_always_yields_applicable_edits(text, data):
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=6))
    proposals = [
        Edit(min(s), max(s), text[min(s) : max(s)], data.draw(st.sampled_from(["", "q", "zz"])), str(n))
        for n, s in enumerate(spans)
    ]
    settled = settle(proposals)
    assert apply(apply(text, settled), invert(settled)) == text


@given(chains(2), st.data())
def test_kept_stretches_are_found_in_both_directions(case, data):
    """A stretch that no edit touches is mapped to the same characters in the output, and back."""
    source, chain, output = case
    flat = reduce(compose, chain)
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    if start == end or any((e.start < end and start < e.end) or start < e.start == e.end < end for e in flat):
        return
    places = Positions(flat)
    moved = places.forward(start, end)
    assert moved is not None
    assert output[moved[0] : moved[1]] == source[start:end]
    assert places.back(*moved) == (start, end)


@given(chains(2), st.data())
def test_removed_stretches_are_nowhere(case, data):
    source, chain, _ = case
    flat = reduce(compose, chain)
    removed = [e for e in flat if e.before and not e.after]
    for edit in removed:
        start = data.draw(st.integers(edit.start, edit.end - 1))
        end = data.draw(st.integers(start + 1, edit.end))
        assert Positions(flat).forward(start, end) is None
        assert source[edit.start : edit.end] == edit.before


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 1, "x", "", "r")],
        [Edit(2, 3, "c", "", "r"), Edit(0, 1, "a", "", "r")],
        [Edit(0, 2, "ab", "", "r"), Edit(1, 3, "bc", "", "r")],
        [Edit(2, 9, "c", "", "r")],
    ],
    ids=["untrue", "unsorted", "overlapping", "past the end"],
)
def test_wrong_edits_are_refused(edits):
    with pytest.raises(LedgerError, match=re.escape("does not fit")):
        apply("abc", edits)
