"""Words as numbers, and texts in longer ones: what is quicker than the plain way finds what that does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.extract.letters import are_in
from cleaners.extract.tokens import Numbered, parts, tokens
from cleaners.extract.words import sign_words, text_words

TEXTS = st.lists(st.text(st.sampled_from("aBcж9٣ é_-.|•’ß\n"), max_size=12), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_words_have_the_same_number_where_they_are_the_same_word(texts: list[str]) -> None:
    words = [word for said in text_words(texts) for word in ["\0", *said]]
    found = tokens(texts)
    numbers = found.numbers.tolist()
    assert len(numbers) == len(words)
    assert len(set(zip(words, numbers, strict=True))) == len(set(words)) == len(set(numbers))
    known = sorted(set(words))
    assert [known[place - 1] for place in Numbered(known).places(found.numbers)] == words
    assert [words[start] for start in found.starts] == ["\0"] * len(texts)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_names_are_taken_apart_as_words_of_signs_are(names: list[str]) -> None:
    known = sorted({word for name in names for word in sign_words(name)})
    numbers, holders = parts(names)
    found: list[dict[str, None]] = [{} for _ in names]
    for place, holder in zip(Numbered(known).places(numbers), holders, strict=True):
        found[holder][known[place - 1]] = None
    assert [tuple(words) for words in found] == [sign_words(name) for name in names]


@settings(max_examples=15, deadline=None)
@given(st.text(st.sampled_from("abж"), min_size=1, max_size=40), st.data())
def test_parts_of_a_long_text_are_found_as_by_looking_for_each(seed: str, data: st.DataObject) -> None:
    whole = f"{seed}c" * (200_000 // len(seed))
    sought = data.draw(st.lists(st.text(st.sampled_from("abcж"), max_size=20), min_size=5, max_size=9))
    sought += [whole[at : at + 15] for at in (0, 7, 100)]
    assert are_in(sought, whole) == [text in whole for text in sought]
