"""Lines that the words of their page show to be in its language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.language import Judge, of_document
from cleaners.language_vote import decide, decide_line
from cleaners.scripts import read
from cleaners.vocabulary import Vocabulary, measured, measured_all

WORDS = (
    "the of and was Der die und nicht auf la les og på və bir ə и в ferry Fähre bateau trajekt Шуша Շուշի ﬁne … ’ 😀"
)
SIGNS = "① ª 5 ГI 中 www.example.org a@example.org https://example.org"
LINES = st.lists(st.sampled_from([*WORDS.split(), *SIGNS.split(), "\u00a0", "\u2028", "\ud800"]), max_size=40).map(
    " ".join
)

TOLD = (
    "Brodogradilište je otvoreno prošle godine, a radnici dolaze svako jutro trajektom preko zaljeva.",
    "Radnici kažu da trajekt svako jutro kasni, jer luka nema dovoljno vezova za brodove.",
)


def covers(language, told, line):
    vocabulary = Vocabulary(language, "Latin")
    for text in told:
        vocabulary.learn(text)
    return vocabulary.covers(measured(line))


def test_a_line_is_known_by_words_that_the_page_has_used_before() -> None:
    line = "Trajekt dolaze čekati radnici koji svako jutro prolaze kroz luka."
    assert covers("hr", TOLD, line)
    assert not covers("hr", (), line)


@pytest.mark.parametrize(
    "line",
    [
        "The ferry was late again, and the workers had been waiting on the pier since the early morning.",
        "Die Fähre war wieder zu spät, und die Arbeiter haben seit dem Morgen auf der Mole gewartet.",
    ],
)
def test_a_line_in_another_language_is_not(line) -> None:
    assert not covers("hr", TOLD, line)


def test_words_that_neighbours_share_do_not_make_one_of_the_other() -> None:
    danish = (
        "Færgen var igen forsinket, og arbejderne havde ventet på molen siden tidligt om morgenen, men der kom ingen."
    )
    assert covers("da", (), danish)
    assert not covers("no", (), danish)


def test_an_alphabet_rules_out_what_words_would_allow() -> None:
    vocabulary = Vocabulary("ru", "Cyrillic")
    assert vocabulary.covers(measured("Паром опять опоздал, и рабочие с утра ждали его на пристани, а не в порту."))
    assert not vocabulary.covers(measured("Пором і рабітники їхали не в порт, и це був їхній вибір и не більше."))


def test_a_line_of_two_scripts_is_left_to_closer_judgement() -> None:
    assert measured("The ferry Заря left the pier, и на пристани никого не осталось.") is None


def test_a_page_judged_twice_is_judged_as_a_page_judged_once() -> None:
    english = "The ferry was late again, and the workers had been waiting on the pier since the morning."
    german = "Die Fähre war wieder zu spät, und die Arbeiter haben seit dem Morgen auf der Mole gewartet."
    judge = Judge()
    judge.of(f"{english}\n{german}")
    assert judge.of(english) == of_document(english)
    assert judge.of(german) == of_document(german)


@given(st.lists(LINES, max_size=5))
def test_lines_measured_together_are_measured_as_one_by_one(lines) -> None:
    assert measured_all(lines) == [*map(measured, lines)]


@settings(deadline=None)  # the first line loads a model
@given(LINES)
def test_a_line_is_decided_as_what_it_says_is(text) -> None:
    line = measured(text)
    assert line is None or decide_line(line) == decide(read(line.text))
