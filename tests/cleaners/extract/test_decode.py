"""Bytes into text: every charset is recognised for what it is, every unreadable unit is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.extract.charsets import charset_of
from cleaners.extract.decode import DecodeError, decode

RUSSIAN = "Паром снова ходит между двумя городами. На борту одиннадцать человек, две собаки и почта."
TURKISH = "Feribot iki şehir arasında yeniden çalışıyor; yolcuların çoğu işe gidiyor, ışıklar açık, gemi dolu."
FRENCH = "Le bac a repris son service à l'été : onze passagers, deux chiens et le courrier déjà trié, où qu'il aille."
POLISH = "<html lang=pl><p>Prom znów pływa między miastami, żołnierze wrócili do domów."

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff\ufffd"), max_size=60)


def printable(text: str) -> bool:
    return not any((c < " " and c not in "\t\n\x0b\f\x1b") or c == "\x7f" for c in text)


@given(texts.filter(printable))
def test_valid_utf8_comes_back_as_it_was(text: str) -> None:
    decoded = decode(text.encode(), "text/plain", "utf-8")
    assert (decoded.text, decoded.charset, decoded.replaced) == (text, "utf-8", 0)


@given(
    st.lists(
        st.sampled_from(["привет ", "\ufffd", b"\xff", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xe2\x80 "]), max_size=12
    )
)
def test_each_unreadable_unit_is_one_replacement_character(pieces: list[str | bytes]) -> None:
    body = "слово ".encode() * 20 + b"".join(p if isinstance(p, bytes) else p.encode() for p in pieces)
    decoded = decode(body, "text/plain", None)
    damaged = sum(isinstance(p, bytes) for p in pieces)
    assert decoded.replaced == damaged
    assert decoded.text.count("\ufffd") == damaged + pieces.count("\ufffd")


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "windows-1251", "gbk", "utf-16", "unicode_escape", "\u1234"]),
)
def test_any_bytes_are_text_or_said_to_be_none(body: bytes, declared: str | None) -> None:
    try:
        text = decode(body, "text/html", declared).text
    except DecodeError:
        return
    assert "\r" not in text
    assert "\0" not in text
    text.encode()  # no lone surrogates


@pytest.mark.parametrize(
    ("body", "declared", "charset", "evidence"),
    [
        (b"\xef\xbb\xbfabc", "windows-1251", "utf-8", "bom"),
        ("абв".encode("utf-16"), None, "utf-16le", "bom"),
        ("абв".encode("utf-32"), None, "utf-32le", "bom"),
        (RUSSIAN.encode("utf-16-le"), None, "utf-16le", "detected"),
        (RUSSIAN.encode("utf-16-be"), "utf-8", "utf-16be", "detected"),
        (b"plain", "latin-1", "windows-1252", "declared"),
        (b"plain", None, "utf-8", "utf-8"),
        (RUSSIAN.encode(), "UTF8", "utf-8", "declared"),
        (RUSSIAN.encode(), None, "utf-8", "utf-8"),
        (RUSSIAN.encode("cp1251"), "windows-1251", "windows-1251", "declared"),
        (b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), None, "windows-1251", "meta"),
        (b'<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN.encode("koi8-r"), None, "koi8-r", "meta"),
        (b"caf\xe9", "ISO-8859-1", "windows-1252", "declared"),
        ("日本語のテキスト".encode("cp932"), "shift_jis", "shift_jis", "declared"),
        ("联通".encode("gbk"), "gb2312", "gb18030", "declared"),
    ],
)
def test_what_is_declared_and_true_is_believed(body: bytes, declared: str | None, charset: str, evidence: str) -> None:
    decoded = decode(body, "text/html", declared)
    assert (decoded.charset, decoded.evidence, decoded.replaced) == (charset, evidence, 0)


@pytest.mark.parametrize(
    ("text", "codec", "declared", "charset"),
    [
        (RUSSIAN, "cp1251", "utf-8", "windows-1251"),
        (RUSSIAN, "cp1251", "iso-8859-1", "windows-1251"),
        (RUSSIAN, "koi8-r", "utf-8", "koi8-r"),
        (RUSSIAN, "cp1251", None, "windows-1251"),
        (RUSSIAN, "utf-8", "windows-1252", "utf-8"),
        (RUSSIAN, "utf-8", "windows-1251", "utf-8"),
        (FRENCH, "cp1252", "utf-8", "windows-1252"),
        (TURKISH, "cp1254", None, "windows-1254"),
        (POLISH, "cp1250", "utf-8", "windows-1250"),
    ],
)
def test_a_charset_that_is_declared_and_false_is_noticed(
    text: str, codec: str, declared: str | None, charset: str
) -> None:
    decoded = decode(text.encode(codec), "text/html", declared)
    assert (decoded.text, decoded.charset) == (text, charset)


def test_line_ends_become_newlines_and_a_null_is_unreadable() -> None:
    decoded = decode(b"one\r\ntwo\rthree\n\0" + b"word " * 10, "text/plain", None)
    assert decoded.text == "one\ntwo\nthree\n\ufffd" + "word " * 10
    assert decoded.replaced == 1


def test_no_normal_form_is_imposed() -> None:
    text = "e\u0301 \u00e9 \ufb01 \uff21 \u212b \u00ad\u200d"
    assert decode(text.encode(), "text/plain", None).text == text


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\x1f\x8b\x08\0\0", "gzip"),
        (b"\0\0\0\x18ftypmp42\0", "MP4"),
        (bytes(range(256)) * 4, "control characters"),
        (b"\0", "control characters"),
    ],
)
def test_what_is_no_text_is_named(body: bytes, what: str) -> None:
    with pytest.raises(DecodeError, match=what):
        decode(body, "text/html", "utf-8")


def test_a_text_about_a_format_is_a_text() -> None:
    assert decode(b"GIF89a is a format of 1989.", "text/plain", None).text.startswith("GIF89a")


@pytest.mark.parametrize("label", ["zlib", "unicode_escape", "idna", "utf-7", "rot13", "", None, "x" * 100])
def test_a_page_cannot_name_a_codec_that_is_no_charset(label: str | None) -> None:
    assert charset_of(label) is None
