"""Laws of the names step: whatever is written, edits turn back and mentions are true of the texts."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from named import POLICIES

from cleaners import gazetteer, ledger, names
from cleaners.clean import clean
from cleaners.folding import WORD, fold
from cleaners.forms import lexicon
from schemas.edit import Step
from schemas.page import Document, Page

FORMS = sorted({form.form for form in gazetteer.load().forms})
MARKS = ["«", "»", "“", "”", '"', "'", "'s", ". ", ", ", "\n", "https://", "@", "near", "the town of", "İ", "\u00ad"]
PIECES = st.sampled_from([*FORMS, *MARKS])
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=12).map(" ".join)
LANGUAGES = st.sampled_from(["en", "ru", "az", "az-Cyrl", "hy", "tr", "ka", "uk", "de", "und"])
OTHERS = st.sampled_from([(), ("hy",), ("az", "ru"), ("en", "fa", "ka", "tr")])


@given(TEXTS, LANGUAGES, st.sampled_from(POLICIES), OTHERS)
def test_edits_always_apply_and_turn_back(text: str, language: str, policy: str, others: tuple[str, ...]) -> None:
    """apply(apply(t, e), invert(e)) == t."""
    edits = list(names.CLEANER.propose(Document(text, language=language, policy=policy, others=others)))
    assert ledger.apply(ledger.apply(text, edits), ledger.invert(edits)) == text
    assert policy != "keep-source" or edits == []


@given(TEXTS, LANGUAGES)
def test_found_names_are_true_of_the_text(text: str, language: str) -> None:
    past = 0
    for name in names.find(text, language):
        assert past <= name.start < name.end
        assert text[name.start : name.end] == name.surface
        assert name.entity in gazetteer.load().entities
        past = name.end


@given(TEXTS, LANGUAGES, st.sampled_from(POLICIES))
def test_mentions_are_true_of_both_texts(text: str, language: str, policy: str) -> None:
    edits = tuple(names.CLEANER.propose(Document(text, language=language, policy=policy)))
    clean = ledger.apply(text, edits)
    for mention in names.mentions(text, clean, [Step("names", "1", edits)] if edits else [], [language]):
        assert text[mention.start : mention.end] == mention.surface
        assert clean[mention.text_start : mention.text_end] == mention.form


def page(text: str) -> Page:
    return Page(text.encode(), "text/plain", None)


UNSEEN = [
    "\u00ad",
    "\u200b",
    "\u200d",
    "\u200e",
    "\u202b",
    "\u2069",
    "\ufeff",
    "\u0301",
    "\u0327",
    "\U0001f1e6",
    "\U00010330",
]
REMOVED = [
    "Subscribe to our newsletter",
    "Share on Facebook",
    "**",
    "&nbsp;",
    "BAKU, NOV. 9 -",
    "Read more: Shushi today",
]
SHAPES = st.sampled_from([str, str.upper, str.lower, lambda form: unicodedata.normalize("NFD", form)])
WRITTEN = st.builds(lambda shape, form: shape(form), SHAPES, st.sampled_from(FORMS))
HIDDEN = st.builds(
    lambda form, mark, at: form[: at % len(form)] + mark + form[at % len(form) :],
    WRITTEN,
    st.sampled_from(UNSEEN),
    st.integers(0, 40),
)
BLOCKS = st.lists(WRITTEN | HIDDEN | PIECES | st.sampled_from(UNSEEN) | st.text(max_size=8), max_size=8).map(" ".join)
PAGES = st.lists(BLOCKS | st.sampled_from(REMOVED), min_size=1, max_size=6).map("\n\n".join)


@given(PAGES, st.sampled_from(POLICIES))
def test_a_whole_page_points_at_its_names_and_turns_back(text: str, policy: str) -> None:
    """Surface and form stand at their offsets whatever other cleaners removed, and revert(clean(t)) == t."""
    cleaned = clean(page(text), policy)
    for mention in cleaned.mentions:
        assert cleaned.extracted[mention.start : mention.end] == mention.surface
        if mention.text_start is not None:
            assert cleaned.text[mention.text_start : mention.text_end] == mention.form
    assert ledger.revert(cleaned.text, cleaned.steps) == cleaned.extracted
    assert policy != "keep-source" or cleaned.text == cleaned.text_as_written


MIXED = """The trucks left on Monday and the drivers said that the road from Shushi was open again.

Из Степанакерта вышла колонна, сообщили в администрации города и добавили, что дорога к Карвачару закрыта.

Hankendi'den gelen haberlere göre Şuşa'daki yol kapalı kaldı ve otobüsler geri döndü, dedi yetkililer.

Ստեփանակերտից Շուշի ճանապարհը փակ է, ասացին պաշտոնյաները։

The ministry said that the people of the town were still in the shelters, and that it would be quiet.
"""


def test_each_paragraph_has_the_names_of_its_own_language() -> None:
    cleaned = clean(page(MIXED), "az")
    assert cleaned.lang == "en"
    forms = {mention.surface: mention.form for mention in cleaned.mentions}
    assert forms == {
        "Shushi": "Shusha",
        "Степанакерта": "Степанакерта",
        "Карвачару": "Кельбаджару",
        "Hankendi'den": "Hankendi'den",
        "Şuşa'daki": "Şuşa'daki",
        "Ստեփանակերտից": "Ստեփանակերտից",
        "Շուշի": "Շուշի",
    }


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["Shushi ", "Shushi/", "Shushi.", "Martuni ", "Nagorno-", "“«", "'a", "Lachin\n", "x"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.perf_counter()
        names.find(text, "en")
        return time.perf_counter() - start

    seconds(1000)
    # quadratic time would be 100 times as long for ten times the text; the margin is for a busy machine
    assert seconds(200_000) < 40 * max(seconds(20_000), 0.002)


@given(st.text(st.characters(max_codepoint=0x52F), min_size=1, max_size=8))
def test_a_word_folds_alike_with_and_without_what_is_not_seen_in_it(word: str) -> None:
    assert fold(word) == fold(f"{word}\u00ad")


@given(
    form=st.sampled_from(sorted({form.form for form in gazetteer.load().forms if form.match != "never"})),
    language=st.sampled_from(["en", "de", "tr", "az", "ru", "hy", "und"]),
    signs=st.tuples(*[st.sampled_from(["", "“", "(", "«", "-", "al-", "’s", ".", "…", "5", "\u00ad"])] * 2),
    is_shouted=st.booleans(),
)
def test_every_word_that_may_begin_a_name_is_met(
    form: str, language: str, signs: tuple[str, str], is_shouted: bool
) -> None:
    text = f"{signs[0]}{form.upper() if is_shouted else form}{signs[1]} is there."
    known = lexicon(gazetteer.load(), language)
    met = {word for words in known.starts_in(text).values() for word in words}
    upper = [word for stretch in text.split() if not stretch.islower() for word in WORD.findall(stretch)]
    assert {word for word in upper if any(reading.word in known.index.starts for reading in known[word])} <= met
