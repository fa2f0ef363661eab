"""Mojibake is repaired, word by word; whatever was meant as written stays."""

import pytest
from ftfy import TextFixerConfig, fix_text
from ftfy.badness import is_bad
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaners.encoding import CLEANER
from cleaners.ledger import apply, settle
from schemas.edit import Edit, kind_of
from schemas.page import Document

AS_WINDOWS_1251 = {byte: bytes([byte]).decode("cp1251") for byte in range(256) if byte != 0x98} | {0x98: "\x98"}


def edits(text: str) -> list[Edit]:
    return settle(CLEANER.propose(Document(text)))


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("He said: donâ€™t wait for the cafÃ©", "He said: don’t wait for the café"),
        ("ÐŸÐ°Ñ€Ð¾Ð¼ Ñ…Ð¾Ð´Ð¸Ñ‚", "Паром ходит"),
        ("one line\nTÃ¼rkiye’de\nanother “line”", "one line\nTürkiye’de\nanother “line”"),
        ("10Â°C and Â£5", "10°C and £5"),
        ("а\x92б", "а’б"),
    ],
)
def test_mojibake_is_repaired(broken: str, whole: str) -> None:
    found = edits(broken)
    assert apply(broken, found) == whole
    assert {kind_of(edit.rule) for edit in found} == {"encoding_mojibake"}
    assert all(" " not in edit.before for edit in found)


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАИШ «»—. ", max_size=40))
def test_cyrillic_read_as_windows_1251_is_repaired(text: str) -> None:
    whole = f"Азербайджан {text}"
    broken = "".join(AS_WINDOWS_1251[byte] for byte in whole.encode())
    assert apply(broken, edits(broken)) == whole


@pytest.mark.parametrize(
    "text",
    [
        "l’été à Paris, « déjà vu », naïve",
        "Çavuşoğlu’nun Bakü’ye gelişi, İlham, ığdır",
        "Gəncə, Şuşa, Ağdam, Füzuli",
        "Её моё — Сёмин, Рёдер: «Сё»",
        "Հայաստանի վարչապետը՝ «Արցախ»։",
        "ＬＯＵＤ ﬁne ﬂat “curly” ‘quotes’ e\u0301 so\u00adft non\u200cjoiner zero\u200bwidth",
        "À la carte, São Tomé, Ångström, Ñandú",
        "tab\tand\x0cfeed",
        "damage \ufffd stays \ufffd\ufffd",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert edits(text) == []


def test_control_characters_go() -> None:
    text = "bell\x07 and \x1b[31mred\x1b[0m\x7f"
    found = edits(text)
    assert apply(text, found) == "bell and red"
    assert {kind_of(edit.rule) for edit in found} == {"encoding_control"}


@given(st.text(alphabet="ab Ãâ€™©Â\x80\x92\x98\x07РСЂв„\ufffd\n", max_size=40))
def test_proposals_fit_their_text(text: str) -> None:
    assert all(text[e.start : e.end] == e.before for e in CLEANER.propose(Document(text)))
    apply(text, edits(text))


@given(
    st.text(
        alphabet="aZ1 .,?!\xa0\x85\x97°®²³¡¿§£€‘“”’—–…«»‚„™†√±≈¢´×àáâäçéñöøüÀÁÂÃÄÅÆÐÎÑØÙĀāĂŒœŸžŠšΒΓΞΟβγ│╔▓ВГРСвгЂЎў",
        max_size=12,
    )
)
def test_nothing_that_ftfy_would_repair_is_missed(text: str) -> None:
    # a dagger behind a quotation is one, whatever ftfy makes of it
    assume(any(not sign.isascii() and sign not in "‘“”’—–…«»‚„†ВГРСвг" for sign in text))
    config = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        replace_lossy_sequences=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    wanted = fix_text(text, config) if is_bad(text) else text
    repairs = [edit for edit in CLEANER.propose(Document(text)) if kind_of(edit.rule) == "encoding_mojibake"]
    assert apply(text, settle(repairs)) == wanted
