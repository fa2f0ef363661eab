"""Alphabets and function words: what writing in a language looks like."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱ"


_COMMON = 10


@dataclass(frozen=True, slots=True)
class Profile:
    """What writing in a language looks like, as far as it is known here.

    `letters`: its alphabet in lower case, empty where any letter of the script may be met.
    `own`: letters of which `_MANY_LETTERS` of running text hold at least one, empty where there are none such.
    `words`: common function words that its neighbours do not share, `common` the first of them. `terse`: whether
    `_MANY_WORDS` of running text may do without them, as in Turkish and Arabic, which put suffixes and prefixes in
    their place.
    """

    script: str
    letters: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    terse: bool = False
    common: tuple[str, ...] = ()


def _profile(script: str, letters: str = "", own: str = "", words: str = "", *, terse: bool = False) -> Profile:
    listed = words.split()
    return Profile(script, frozenset(letters), frozenset(own), frozenset(listed), terse, tuple(listed[:_COMMON]))


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "en": _profile(
            "Latin", words="the of and to in is was that for with by from were has have are this which been on"
        ),
        "de": _profile(
            "Latin", words="der die und das den von mit zu ist im nicht dem des ein eine auch sich auf für wird wurde"
        ),
        "fr": _profile("Latin", words="la les le des et du une est dans pour qui sur au avec par aux il ont pas ce"),
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
            words="и в не что к из как для это его был или также только уже они она было были при во со об её их если",
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

_FURTHER = {
    "en": "you your our we they their them not but can could would should if when what how who which there these those"
    " all about more than its it's my just get out any some only new make need also because while after before between"
    " through into over other don't isn't",
    "de": "es sie wir ich aber oder wenn als nach bei aus um noch nur mehr schon hat haben hatte sind war waren werden"
    " kann vor über durch zum zur gegen unter bis einen einem einer dass wie man so am vom seine ihre ihr sein habe"
    " dieser diese dieses damit denn doch gibt keine muss soll",
    "fr": "à en que qui ne se il elle on nous vous mais ou où cette ces son sa ses leur leurs être été sont plus comme"
    " tout sans sous entre après avant même aussi deux",
    "es": "en por como muy sin sobre entre hasta desde cuando también porque esta este estos ese eso ha han había son"
    " está están ser si no nos me le les ya todo todos",
    "ru": "а но то что-то по за от до у о на я мы вы он ей им ему нас вас которые который когда где чтобы же бы ли уже"
    " есть нет может после еще ещё очень",
    "tr": "o ne ki ya diye sadece bile böyle şu bunu onun var yok ise mi tarafından arasında önce üzere",
    "az": "o nə ki ya belə sonra əvvəl üzrə kimi olaraq tərəfindən yox var isə ancaq amma",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als maar bij nog naar uit wordt door over"
    " heeft hij ze deze dit worden werd was kan meer of die geen wel haar zich",
    "da": "og at det en er til på for af de med den der som et har ikke om fra han var vi jeg men så kan skal hun blev"
    " efter også sig ved nu over eller man hvor når bliver havde",
    "no": "og å det en er til på for av de med den som et har ikke om fra han var vi jeg men så kan skal hun ble etter"
    " også seg ved nå over eller man hvor når blir hadde at i mot",
    "sv": "och att det en är till på för av de med den som ett har inte om från han var vi jag men så kan ska hon efter"
    " också sig vid nu över eller man där när blir hade i mot",
    "it": "di che il la e in un una per del della dei le con non si è da al sono più nel come ha anche alla gli lo i ma"
    " dal o se delle questo stato",
    "pt": "de que e o a do da em um uma para com não os as no na por mais se dos das foi ao é como mas ou pela pelo são"
    " também à",
    "pl": "w i na z się do nie że to o jest po za od jak przez ale co dla tym jego był oraz czy już tak są ma",
    "cs": "a se v na je že s z do o to i k za ve pro po by si jsem ale jako jsou od tak podle být při který které která"
    " bylo byl jeho nebo už není",
    "is": "og að í á er sem til við um af en það var með fyrir hann ekki en því þá hafa eru hún sé hefur verið frá",
}
FUNCTION_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        language: frozenset(_FURTHER.get(language, "").split())
        | (PROFILES[language].words if language in PROFILES else frozenset())
        for language in PROFILES.keys() | _FURTHER.keys()
    }
)
"""Function words by which a paragraph is known to be in a language that its page is known to speak.

Neighbours share some of them, so they say nothing of a page of which nothing is known yet."""
_NORTH, _ROMANCE = ("da", "no", "sv", "is"), ("fr", "es", "it", "pt")
NEIGHBOURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: tuple(other for other in group if other != name) for group in (_NORTH, _ROMANCE) for name in group}
)
"""Languages that share so many function words that the one with the most in a line has to be found."""
