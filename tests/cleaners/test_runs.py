"""Runs of lines that are the article's by their form: whatever a model thinks of them, they stay."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import boilerplate
from cleaners.ledger import apply, settle
from cleaners.lines import DEFAULT, EAGER, model, proposals
from cleaners.model.features import Text, see
from cleaners.punctuated import apart
from cleaners.runs import form, of_the_article
from cleaners.sentences import is_reported
from schemas.page import Document

PROSE = (
    "The commission published on Thursday what it had put together from the statements of relatives and commanders.",
    "A second part is being prepared, its head said, and would be made public before the end of the month, or after.",
)
GIVEN = ("Aram", "Orkhan", "Tigran", "Elvin", "Narek", "Kamran", "Gor", "Rashad", "Vahan", "Tural")
FAMILY = ("Lernyan", "Qayalı", "Jrayan", "Çinarlı", "Dashtyan", "Bulaqlı", "Hovvyan", "Körpülü")
NAMES = tuple(f"{given} {family}" for family in FAMILY[:4] for given in GIVEN)
MENU = ("Home", "World", "Politics", "Business", "Culture", "Sport", "Weather", "Video", "Opinion", "Contact")
HEADLINES = (
    "Rain floods the lower town for the second time",
    "What the minister said and what he meant",
    "A bridge, a bus and a bear",
    "Ferry timetable for the winter is out",
    "Five harbours to see before you die",
    "Who will guard the road",
)


def staying(*lines, prose=PROSE):
    """Return which of the lines below the prose stay if a model would take all of them."""
    texts = (*prose, *lines)
    seen = see([Text(texts, [-1.0] * len(texts))], model().lexicon)
    taken = np.arange(len(texts)) >= len(prose)
    return [texts[place] for place in np.flatnonzero(of_the_article(texts, seen, taken) & taken)]


@pytest.mark.parametrize(
    "entries",
    [
        NAMES,
        tuple(name.upper() for name in NAMES[:12]),
        tuple(" ".join(reversed(name.split())) for name in NAMES[:12]),
        tuple(f"{number}. {name} ({20 + number})" for number, name in enumerate(NAMES[:12])),
        tuple(f"{name}, {20 + number}, Upper Karsin" for number, name in enumerate(NAMES[:12])),
        tuple(f"Private {name}, b. {1980 + number}" for number, name in enumerate(NAMES[:22])),
        tuple(f"{name}, born {1980 + number}, last seen near Qaraqışlaq" for number, name in enumerate(NAMES)),
        tuple(f"{name} Ramin oğlu" for name in NAMES[:8]),
        ("1992", *NAMES[:7], "2016", NAMES[7], "2020", *NAMES[8:14]),
        ("Карен Лернян", "Арам Джраян", "Ваган Даштян", "Гор Ховвян", "Нарек Антарян", "Сурен Аревян"),
        ("Khnatsakh", "Dashbulaq", "Norabad", "Hin Gyugh", "Taghut", "Chldran", "Balluja", "Haterk", "Vaghuas"),
    ],
)
def test_lists_of_names_stay(entries):
    assert staying(*entries) == list(entries)


def test_menus_headlines_and_repeated_names_have_no_such_form():
    assert staying(*MENU) == []
    assert staying(*HEADLINES) == []
    assert staying(*(NAMES[0], "Culture") * 8) == []


def test_a_list_of_names_stays_wherever_it_stands_and_whatever_the_setting():
    articles = (f"{PROSE[0]}\n\n{PROSE[1]}\n\n", f"Names of the fallen\n\n{PROSE[0]}\n\n")
    for document in (Document(start + "\n".join(NAMES), language="en") for start in articles):
        ends = ("", "\n" + "\n".join(MENU), f"\n\n{PROSE[1]}\n\n" + "\n".join(HEADLINES))
        for text in (replace(document, text=document.text + end) for end in ends):
            for setting in (DEFAULT, EAGER):
                clean = apply(text.text, settle(proposals(text, model(), setting)))
                assert all(name in clean for name in NAMES)


@pytest.mark.parametrize("labels", [("QUESTION", "SPOKESPERSON"), ("Q", "A"), ("Sual", "Cavab"), ("Frage", "Antwort")])
def test_turns_of_a_conversation_stay(labels):
    said = ("Is there access", "Limited", "Who says so", "Both", "Can you share the report", "In due course", "Thanks")
    turns = [f"{labels[number % 2]}: {what}" for number, what in enumerate(said)]
    assert staying(*turns) == turns


def test_a_chronicle_stays_and_the_latest_news_do_not():
    told = ("Power is cut.", "The mayor asks all to stay in the cellars.", "Quiet.", "A goat comes home to its family.")
    hours = ("17.40", "16.05", "12.30", "9.15")
    entries = [line for hour, what in zip(hours, told, strict=True) for line in (hour, "Reaction", what)]
    assert staying(*entries) == entries
    news = [line for hour, what in zip(hours, HEADLINES, strict=False) for line in (hour, what)]
    assert staying(*news) == []
    out_of_order = [line for hour, what in zip(sorted(hours), told, strict=True) for line in (hour, "Reaction", what)]
    assert staying(*out_of_order) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("Rise, it is morning,", "Frost is on the vine,", "No one gave warning,", "None did sign.", "Rise,", "Rise."),
        ("Tanks: 185", "Towed artillery: 182", "Radars: 14", "Jammers: 1", "Decoys: 2", "Total: 384"),
        ("January 91", "February 88", "March 97", "April 84", "October 1,102", "November 871"),
        ("1. Fire ceases.", "2. Prisoners return.", "3. Roads open.", "Signed:", "4. None is lost.", "5. All go home."),
        ("1 March", "Ministers meet.", "14 March", "Second round.", "2 April", "War."),
        ("— Есть кто живой?", "— Есть.", "— Сколько вас?", "— Трое.", "— Ждите.", "— Ждём."),
    ],
)
def test_lines_with_punctuation_one_after_another_stay(lines):
    assert staying(*lines) == list(lines)


def test_what_a_sentence_announces_stays():
    announcing = (*PROSE, "The office of the governor said that these were the roads that will be open from Monday on:")
    assert staying(*MENU, prose=announcing) == list(MENU)


@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from([*NAMES, *HEADLINES, "12:30", "Q: Who?", "A: Me."]))))
def test_any_lines_have_an_answer_each(lines):
    texts = [*PROSE, *(line for line in lines if line.strip() and "\n" not in line)]
    seen = see([Text(texts, [-1.0] * len(texts))], model().lexicon)
    assert of_the_article(texts, seen, ~seen.prose).shape == (len(texts),)


def test_entries_of_one_list_have_one_form():
    assert {form(f"{number}) {name} – for") for number, name in enumerate(NAMES)} == {"9)A–a"}


def cleaned(text):
    return apply(text, settle(boilerplate.CLEANER.propose(Document(text, language="en"))))


def test_no_rule_takes_a_line_out_of_a_poem_or_a_table():
    poem = "We took the upper road,\nyou the lower.\nYou said: see you.\nFollow us.\nWe said: see you.\nNo,\nit said."
    assert cleaned(f"{PROSE[0]}\n\n{poem}\n\n{PROSE[1]}") == f"{PROSE[0]}\n\n{poem}\n\n{PROSE[1]}"
    table = f"{PROSE[0]}\n\n2019: radar\n2020: drones\nRead: 12 contracts\nValue: 4.9\nYears: 11\n\n{PROSE[1]}"
    assert cleaned(table) == table
    assert "Follow us" not in cleaned(f"{PROSE[0]}\n\nFollow us.\n\n{PROSE[1]}")
    menu = f"{PROSE[0]}\n\nOur towns\nFollow us\nFerries\nNext\nHarbours\n\n{PROSE[1]}"
    assert not {"Follow us", "Next"} & set(cleaned(menu).split("\n")), "lines without punctuation are no poem"


def test_blank_lines_are_nobodys_neighbours():
    lines = ["One.", "", "Two.", "", "Next", "", "Three.", "***", "Four."]
    assert apart({4: "rule"}, {4}, lines) == {}
    assert apart({4: "rule"}, {2, 4}, lines) == {4: "rule"}, "what a rule takes is no neighbour"


@pytest.mark.parametrize(
    "sentence",
    [
        "If you value our reporting, please donate, said a song that was played in every taxi.",
        "Please support us, the two mayors wrote.",
        "Подпишитесь на нашу рассылку, говорил ведущий.",
        "Folgen Sie uns auf Telegram, sagte der Sprecher.",
        "Partagez avec vos amis, disait l'animateur.",
    ],
)
def test_a_sentence_that_says_who_said_it_is_a_reporters(sentence):
    assert is_reported(sentence)
    assert not is_reported(sentence.partition(",")[0] + ".")


@pytest.mark.xfail(strict=True, reason="below an article a number is taken for the newsroom's, whatever it speaks of")
def test_a_number_to_call_below_an_article_about_help_stays():
    text = f"{PROSE[0]}\n\n{PROSE[1]}\n\nRegistration of families from the valley\nTel. 010 000 111"
    assert cleaned(text) == text


@pytest.mark.xfail(strict=True, reason="known words without punctuation have the form of a menu")
def test_a_list_of_known_words_stays():
    allowed = ("Allowed", "Doctors", "Petrol", "Bread", "Not allowed", "Weddings", "Photographs", "Alcohol", "Balloons")
    assert staying(*allowed) == list(allowed)
