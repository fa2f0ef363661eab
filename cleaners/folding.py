"""Words, and what all ways to write one word have in common."""

import re
import unicodedata

WORD = re.compile(r"[\w\u00ad\u0300-\u036f\u200b-\u200d\u2060\u055a-\u055c\u055e]+")
"""A word, with what may stand inside one unseen: soft hyphens, joiners, combining marks, Armenian intonation marks."""

_UNSEEN = dict.fromkeys([0x00AD, 0x0307, *range(0x200B, 0x200E), 0x2060, *range(0x055A, 0x055D), 0x055E])
_FOLDS: dict[int, str | None] = {**_UNSEEN, ord("ı"): "i", ord("ё"): "е", ord("և"): "եվ"}
_TO_LATIN = str.maketrans("АВЕКМНОРСТУХІЈЅӘаеорсухіјѕәһ", "ABEKMHOPCTYXIJSƏaeopcyxijsəh")
_TO_CYRILLIC = str.maketrans("ABEKMHOPCTYXIJSaeopcyxijs", "АВЕКМНОРСТУХІЈЅаеорсухіјѕ")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024fəƏ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Letters of one script that nothing below changes but for their case.
_CALM = re.compile("[A-Za-zÀ-ÖØ-öø-įĴ-ňŊ-ž]+|[А-Яа-я]+")


def fold(word: str) -> str:
    r"""Return what all ways to write one word have in common: no case, no unseen characters, one letter for one sound.

    Diacritics stay, because they tell words apart (Şuşa and Susa, Gəncə and Gence).

    >>> fold("BAKI") == fold("Bakı"), fold("Kara\u00adbakh"), fold("Երեւան") == fold("ԵՐԵՎԱՆ") == fold("Երևան")
    (True, 'karabakh', True)
    """
    if word.isascii() or _CALM.fullmatch(word):
        return word.lower()
    word = unicodedata.normalize("NFC", word)
    if len(_CYRILLIC.findall(word)) not in (0, len(word)) and _LATIN.search(word):
        word = _one_script(word)
    return word.replace("İ", "i").lower().translate(_FOLDS).replace("եւ", "եվ")


def _one_script(word: str) -> str:
    """Return a word of mixed Latin and Cyrillic letters in one of the two, if look-alikes allow."""
    latin = word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC) if _CYRILLIC.search(latin) else latin
