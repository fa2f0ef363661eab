"""Names in another script by a stated standard, letter by letter: what a derived form of the gazetteer is held to."""

from collections.abc import Callable, Mapping

_ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
        (
            *("a", "b", "g", "d", "e", "z", "e", "y", "t", "zh", "i", "l", "kh", "ts", "k", "h", "dz", "gh", "ch"),
            *("m", "y", "n", "sh", "o", "ch", "p", "j", "rr", "s", "v", "t", "r", "ts", "v", "p", "k", "o", "f"),
        ),
        strict=True,
    )
)
_ARMENIAN_FIRST = {"ու": "", "և": "yev", "ե": "ye", "ո": "vo"}
"""What letters are at the beginning of a word, where that is another sound."""
_RUSSIAN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        (
            *("a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f"),
            *("kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
        ),
        strict=True,
    )
)
_CYRILLIC = dict(zip("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз", strict=True))
_AFTER_VOWEL = frozenset("аеёиоуыэюяйъь")


def romanized_armenian(name: str) -> str:
    """Return an Armenian name in Latin letters: BGN/PCGN 1981, reformed spelling, apostrophes left out.

    >>> romanized_armenian("Եղցահող"), romanized_armenian("Ուրախաչ"), romanized_armenian("Վերին Հոռաթաղ")
    ('Yeghtsahogh', 'Urakhach', 'Verin Horratagh')
    """
    return _by_word(name, _romanized_armenian)


def _romanized_armenian(word: str) -> str:
    first = next((spelled for letter, spelled in _ARMENIAN_FIRST.items() if word.startswith(letter)), "")
    rest = word[1:] if first else word
    return first + "".join(_ARMENIAN.get(letter, letter) for letter in rest.replace("ու", "u").replace("և", "ev"))


def romanized_russian(name: str) -> str:
    """Return a Russian name in Latin letters: BGN/PCGN 1947, ё as е, the hard and the soft sign left out.

    >>> romanized_russian("Егвард"), romanized_russian("Джебраил"), romanized_russian("Хндзристан")
    ('Yegvard', 'Dzhebrail', 'Khndzristan')
    """
    return _by_word(name, _romanized_russian)


def _romanized_russian(word: str) -> str:
    found = ""
    for before, letter in zip(" " + word, word.replace("ё", "е"), strict=False):
        found += "ye" if letter == "е" and (before == " " or before in _AFTER_VOWEL) else _RUSSIAN.get(letter, letter)
    return found


def azerbaijani_cyrillic(name: str) -> str:
    """Return an Azerbaijani name in the Cyrillic alphabet of 1958, which has one letter for each Latin one.

    >>> azerbaijani_cyrillic("Xankəndi"), azerbaijani_cyrillic("Cəbrayıl"), azerbaijani_cyrillic("İmişli")
    ('Ханкәнди', 'Ҹәбрајыл', 'Имишли')
    """
    small = (("ı" if letter == "I" else "i" if letter == "İ" else letter.lower()) for letter in name)
    pairs = zip(name, (_CYRILLIC.get(letter, letter) for letter in small), strict=True)
    return "".join(new.upper() if old.isupper() else new for old, new in pairs)


def _by_word(name: str, spell: Callable[[str], str]) -> str:
    """Return a name with each word spelled anew, capitals kept."""
    for mark in " -":
        if mark in name:
            return mark.join(_by_word(part, spell) for part in name.split(mark))
    new = spell(name.lower())
    return new[:1].upper() + new[1:] if name[:1].isupper() else new


STANDARDS: Mapping[tuple[str, str], tuple[str, Callable[[str], str]]] = {
    ("hy", "Latn"): ("BGN/PCGN romanization of", romanized_armenian),
    ("ru", "Latn"): ("BGN/PCGN romanization of", romanized_russian),
    ("az", "Cyrl"): ("Azerbaijani Cyrillic alphabet of 1958 for", azerbaijani_cyrillic),
}
"""(language derived from, script derived) → how the source column names the standard, and the standard."""
