"""Names that are found: forms, surnames and risky words, by what stands around them."""

import pytest
from named import found, rewritten

from cleaners import ledger, names
from schemas.edit import Edit, Step
from schemas.page import Document


def test_a_quotation_protects_no_further_than_it_goes() -> None:
    assert (
        rewritten("“Shushi held,” he said in Shushi.\nShushi fell.")
        == "“Shushi held,” he said in Shusha.\nShusha fell."
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/news/Shushi/today",
        "write to Shushi@example.org",
        "@Shushi and #Shushi",
        "Shushi.jpg",
        "the file map_Shushi_2020.png",
        "A Karabakh horse won.",
        "Serve with tartar sauce.",
        "Tartar people lived along the Volga.",
        "Laura Lachin sang in Milan.",
        "Mr Lachin declined.",
        "Kapan Holdings fell two per cent.",
        "A kilo of ganja was found.",
        "The boxer Murad Aliyev won.",
        "Lachin Mammadova won gold in judo.",
        "Berdzor Movsisyan plays chess.",
        "Ashot Pashinyan enlisted.",
        "Gandja Films produced it.",
        "Karabakh Telecom was renamed.",
        "A bottle of Karabakh brandy, please.",
        "Jermuk mineral water is sold in bottles.",
        "Write to desk@artsakh.example, or see #Artsakh.",
        "Kurdish singer Baku Hussein performed in Cologne.",
        "Ms. Erdogan signed the lease.",
        "Dr Putin's patients complained.",
        "Erdogan Atalay starred in the series.",
        "In the tenth century the kingdom of Artsakh was at war. Artsakh won.",
        "The meliks of Varanda and Gulistan paid no taxes.",
    ],
)
def test_look_alikes_are_no_names(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Колонна вышла из Степанакерта.", "ru", ("Степанакерта", "pl:stepanakert")),
        ("Ждали Ильхама Алиева.", "ru", ("Ильхама Алиева", "pe:ilham_aliyev")),
        ("по Лачинскому коридору", "ru", ("Лачинскому коридору", "pl:lachin_corridor")),
        ("нагорно-карабахского конфликта", "ru", ("нагорно-карабахского", "pl:nagorno_karabakh")),
        ("Şuşada bayram", "az", ("Şuşada", "pl:shusha")),
        ("XANKƏNDİDƏ TOPLANTI", "az", ("XANKƏNDİDƏ", "pl:stepanakert")),
        ("Hankendi’den haber geldi", "tr", ("Hankendi’den", "pl:stepanakert")),
        ("Ստեփանակերտում խաղաղ է։", "hy", ("Ստեփանակերտում", "pl:stepanakert")),
        ("Երեւանից մեկնեցին։", "hy", ("Երեւանից", "pl:yerevan")),
        ("S\u0327us\u0327a yolu", "az", ("S\u0327us\u0327a", "pl:shusha")),
        ("the Kara\u00adbakh front", "en", ("Kara\u00adbakh", "pl:karabakh")),
        ("near Shush\u0430 today", "en", ("Shush\u0430", "pl:shusha")),
        ("Nagorno\u2013Karabakh", "en", ("Nagorno\u2013Karabakh", "pl:nagorno_karabakh")),
    ],
)
def test_inflected_and_variant_forms_are_found(text: str, language: str, expected: tuple[str, str]) -> None:
    assert found(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Дорога к Карвачару закрыта.", "Дорога к Кельбаджару закрыта."),
        ("Бои в Шуши.", "Бои в Шуши."),  # also the genitive of Шуша
        ("Автобус из Ханкенди.", "Автобус из Ханкенди."),  # Степанакерт would need an ending
    ],
)
def test_an_inflected_name_is_rewritten_only_with_its_ending(text: str, after: str) -> None:
    assert rewritten(text, "ru") == after


def test_forms_of_other_languages_are_left() -> None:
    text = "Mevlüt Çavuşoğlu flew to Şuşa."
    assert rewritten(text) == text
    assert rewritten("Shushi", "und") == "Shushi"


def test_a_bare_surname_is_respelled_only_where_the_text_says_whose_it_is() -> None:
    assert rewritten("Aliev won the bout.") == "Aliev won the bout."
    assert rewritten("Ilham Aliev spoke. Aliev left.") == "Ilham Aliyev spoke. Aliyev left."


def test_an_article_before_a_name_stays_right() -> None:
    assert rewritten("an Aghdam family", policy="hy") == "an Akna family"
    assert rewritten("a Zangilan family", policy="hy") == "a Kovsakan family"
    assert rewritten("a Martakert family", policy="az") == "a Martakert family"  # not "a Aghdara family"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lachin.", []),
        ("Buses reach the town of Lachin.", [("Lachin", "pl:lachin")]),
        ("Shells hit Lachin and Hadrut.", [("Lachin", "pl:lachin"), ("Hadrut", "pl:hadrut")]),
        ("Lachin\n\nHe was born in Lachin.", [("Lachin", "pl:lachin"), ("Lachin", "pl:lachin")]),
        ("Martuni", []),
        ("Martuni and Vardenis voted.", [("Martuni", "pl:martuni_am"), ("Vardenis", "pl:vardenis")]),
        ("Martuni and Hadrut were shelled.", [("Martuni", "pl:khojavend"), ("Hadrut", "pl:hadrut")]),
        ("Martuni, Vardenis, Hadrut", [("Vardenis", "pl:vardenis"), ("Hadrut", "pl:hadrut")]),
        ("Minister Lavrov left.", [("Lavrov", "pe:sergey_lavrov")]),
        ("Lavrov left.", []),
    ],
)
def test_risky_forms_need_context(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_the_longest_name_wins() -> None:
    assert found("the Lachin corridor") == [("Lachin corridor", "pl:lachin_corridor")]
    assert found("Nagorno-Karabakh Autonomous Oblast") == [("Nagorno-Karabakh Autonomous Oblast", "pl:nkao")]


def test_mentions_join_both_texts_and_include_what_was_removed() -> None:
    extracted = "DONATE in Baku\n**Shushi** fell.\n\n\nShusha stood."
    removed = (
        Edit(0, 15, "DONATE in Baku\n", "", "boilerplate:donation/x"),
        Edit(15, 17, "**", "", "markup:markup_bold/x"),
        Edit(23, 25, "**", "", "markup:markup_bold/x"),
    )
    between = ledger.apply(extracted, removed)
    edits = tuple(names.CLEANER.propose(Document(between, language="en")))
    renamed = ledger.apply(between, edits)
    folded = (Edit(12, 14, "\n\n", "\n", "layout:blank_lines/x"),)
    text = ledger.apply(renamed, folded)
    steps = [Step("boilerplate", "1", removed), Step("names", "1", edits), Step("layout", "1", folded)]
    told = [(m.surface, m.entity, m.text_start, m.form) for m in names.mentions(extracted, text, steps, ["en"])]
    assert text == "Shusha fell.\n\nShusha stood."
    assert told == [
        ("Baku", "pl:baku", None, "Baku"),
        ("Shushi", "pl:shusha", 0, "Shusha"),
        ("Shusha", "pl:shusha", 14, "Shusha"),
    ]
