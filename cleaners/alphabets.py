"""Alphabets and function words: what writing in a language looks like."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱ"


@dataclass(frozen=True, slots=True)
class Profile:
    """What writing in a language looks like, as far as it is known here.

    `letters`: its alphabet in lower case, empty where any letter of the script may be met.
    `own`: letters of which `_MANY_LETTERS` of running text hold at least one, empty where there are none such.
    `words`: common function words that its neighbours do not share. `terse`: whether `_MANY_WORDS` of running
    text may do without them, as in Turkish and Arabic, which put suffixes and prefixes in their place.
    """

    script: str
    letters: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    terse: bool = False


def _profile(script: str, letters: str = "", own: str = "", words: str = "", *, terse: bool = False) -> Profile:
    return Profile(script, frozenset(letters), frozenset(own), frozenset(words.split()), terse)


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "en": _profile(
            "Latin", words="the of and to in is was that for with by from were has have are this which been on"
        ),
        "de": _profile(
            "Latin", words="der die und das ist nicht mit von den dem des ein eine auch sich auf für im zu wird wurde"
        ),
        "fr": _profile("Latin", words="le la les des et est dans pour une du qui sur au avec par aux il ont pas ce"),
        "es": _profile("Latin", words="el los las una del y su con para más fue pero lo que se ha sus este también"),
        "tr": _profile(
            "Latin",
            "abcçdefgğhıijklmnoöprsştuüvyzâîûqwx",
            words="ve bir bu için ile olarak çok daha gibi değil kadar ancak göre sonra olan her en da de",
            terse=True,
        ),
        "az": _profile(
            "Latin",
            "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
            words="və bir bu ilə üçün olan edib olub deyil kimi görə isə hər onun bütün həm daha çox da də ki edir",
        ),
        "az-Cyrl": _profile(
            "Cyrillic",
            "абвгғдеәжзиыјкҝлмноөпрстуүфхһчҹшэюяйёцщьъ",
            words="бир илә үчүн олан олуб едиб едир онун даһа чох кими исә ҝөрә дејил",
            terse=True,
        ),
        "ru": _profile(
            "Cyrillic",
            _RUSSIAN,
            words="что это как был его из для или также только уже они она было были при во к со об её их если и в не",
        ),
        "uk": _profile(
            "Cyrillic",
            "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
            words="та що на не у в і з як або для від це його які також був про він до за",
        ),
        "be": _profile("Cyrillic", "абвгґдеёжзійклмнопрстуўфхцчшыьэюя"),
        "bg": _profile("Cyrillic", "абвгдежзийклмнопрстуфхцчшщъьюяѝ"),
        "kk": _profile("Cyrillic", _RUSSIAN + "әғқңөұүһі", "әғқңөұүі"),
        "ky": _profile("Cyrillic", _RUSSIAN + "ңөү", "ңөү"),
        "tt": _profile("Cyrillic", _RUSSIAN + "әҗңөүһ", "әҗңөүһ"),
        "ba": _profile("Cyrillic", _RUSSIAN + "ғҙҡңөҫүһә", "ҙҡҫ"),
        "mn": _profile("Cyrillic", _RUSSIAN + "өү", "өү"),
        "tg": _profile("Cyrillic", _RUSSIAN + "ғӣқӯҳҷ", "ғӣқӯҳҷ"),
        "fa": _profile(
            "Arabic",
            _ARABIC + "پچژگکیۀ",
            words="از که این را است برای آن های شد خود می کرد یک نیز شده بود در به با تا",
        ),
        "ar": _profile(
            "Arabic",
            _ARABIC,
            words="في من على أن إلى التي عن الذي هذا هذه مع ما لا كان بين بعد وقد كما ذلك",
            terse=True,
        ),
    }
)
