"""Surnames that stand alone: whose they are, and when nothing says so."""

import pytest

from cleaners import names
from cleaners.ledger import apply, settle
from schemas.page import Document


def found(text, language="en"):
    return [(name.surface, name.entity) for name in names.find(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "surface", "entity"),
    [
        ("en", "Jeyhun Bayramov left at noon.\n\nBayramov's plane was late.", "Bayramov", "pe:jeyhun_bayramov"),
        ("en", "Tonoyan was blunt, and David Tonoyan seldom is.", "Tonoyan", "pe:david_tonoyan"),
        ("en", "Defence Minister Tonoyan came to Hadrut.", "Tonoyan", "pe:david_tonoyan"),
        (
            "ru",
            "Зограб Мнацаканян прилетел. Потом встреча Мнацаканяна длилась час.",
            "Мнацаканяна",
            "pe:zohrab_mnatsakanyan",
        ),
        ("az", "Ceyhun Bayramov danışdı. Bayramovun sözləri yayıldı.", "Bayramovun", "pe:jeyhun_bayramov"),
        ("tr", "Hakan Fidan geldi. Fidan'ın uçağı gecikti.", "Fidan'ın", "pe:hakan_fidan"),
    ],
)
def test_a_surname_alone_is_his_whom_the_page_names_or_whose_office_it_names(language, text, surface, entity) -> None:
    assert (surface, entity) in found(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "Bayramov sells carpets in Baku.",
        "Minister Tonoyan opened the fair.",
        "Minister Harutyunyan came to Hadrut.",
    ],
)
def test_a_surname_alone_is_nobodys_where_nothing_says_whose(text) -> None:
    assert not [entity for _, entity in found(text) if entity.startswith("pe:")]


@pytest.mark.parametrize(
    "text",
    [
        "Jeyhun Bayramov spoke. His namesake Rauf Bayramov sells carpets.",
        "Jeyhun Bayramov spoke. The house in Bayramov Street is empty.",
        "Jeyhun Bayramov spoke. See news.example/Bayramov for more.",
    ],
)
def test_a_namesake_a_street_and_an_address_are_not_the_person_who_was_named(text) -> None:
    assert found(text) == [("Jeyhun Bayramov", "pe:jeyhun_bayramov")]


def test_a_surname_alone_is_not_rewritten_and_does_not_keep_the_full_name_from_it() -> None:
    text = "Ceyhun Bayramov spoke, and Bayramov left."
    edits = settle(names.CLEANER.propose(Document(text, language="en", policy="common")))
    assert apply(text, edits) == "Jeyhun Bayramov spoke, and Bayramov left."
