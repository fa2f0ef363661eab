"""The language models: py3langid, lingua and langdetect, each loaded when first asked.

They are never changed once loaded, and every function here is pure and may be called from threads.
"""

from collections import defaultdict
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from langdetect import DetectorFactory
    from lingua import LanguageDetector
    from numpy.typing import NDArray

UNKNOWN = "und"

# What lingua and langdetect must reach to be heard.
_HEARD = 0.5

# Labels of the models and of pages that say the same as another, or nothing.
_SAME = MappingProxyType(
    {"arz": "ar", "ary": "ar", "hbo": "he", "grc": "el", "nb": "no", "zh-cn": "zh", "zh-tw": "zh", "zxx": UNKNOWN}
)


def chances(text: str) -> dict[str, float]:
    """Give py3langid's probability of each language it knows."""
    codes, likely = _rated(text)
    found: defaultdict[str, float] = defaultdict(float)
    for language, chance in zip(codes, likely.tolist(), strict=True):
        found[language] += chance
    return found


def likeliest(text: str) -> tuple[float, str]:
    """Give the language that py3langid takes for the likeliest, after its probability."""
    codes, likely = _rated(text)
    first = codes[likely.argmax()]
    return sum([float(likely[place]) for place in _places(codes)[first]]), first


def _rated(text: str) -> "tuple[tuple[str, ...], NDArray[np.float32]]":
    """Give the languages of py3langid's labels, some of them twice, and the probability of each label."""
    from cleaners import language_statistics  # noqa: PLC0415 - numpy and the model take a second to load

    return _codes(language_statistics.labels()), language_statistics.likelihoods(text)


@cache
def _codes(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(code, labels))


@cache
def _places(codes: tuple[str, ...]) -> dict[str, list[int]]:
    """Give where each language stands."""
    return {language: [place for place, other in enumerate(codes) if other == language] for language in codes}


@cache
def _lingua_detector() -> "tuple[LanguageDetector, frozenset[str]]":
    from lingua import Language, LanguageDetectorBuilder  # noqa: PLC0415 - loads a library of 90 MB

    detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
    return detector, frozenset(code(language.iso_code_639_1.name) for language in Language.all())


def lingua(text: str) -> tuple[frozenset[str], str]:
    """Give the languages that lingua knows, and the one it hears; "" where it is not sure."""
    detector, known = _lingua_detector()
    values = detector.compute_language_confidence_values(text)
    return known, code(values[0].language.iso_code_639_1.name) if values and values[0].value >= _HEARD else ""


@cache
def _langdetect_factory() -> "DetectorFactory":
    from langdetect import DetectorFactory  # noqa: PLC0415 - loads 55 profiles

    # Its own way of loading takes the profiles as the folder lists them, and keeps one factory for all its callers.
    factory = DetectorFactory()
    profiles = sorted((resources.files("langdetect") / "profiles").iterdir(), key=lambda path: path.name)
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles])
    factory.set_seed(0)
    return factory


def langdetect(text: str) -> tuple[frozenset[str], str]:
    """Give the languages that langdetect knows, and the one it hears; "" where it is not sure."""
    from langdetect import LangDetectException  # noqa: PLC0415 - as above

    factory = _langdetect_factory()
    detector = factory.create()
    detector.append(text)
    try:
        values = detector.get_probabilities()
    except LangDetectException:
        return frozenset(), ""
    known = frozenset(code(label) for label in factory.get_lang_list())
    return known, code(values[0].lang) if values and values[0].prob >= _HEARD else ""


@lru_cache(maxsize=1024)
def code(label: str) -> str:
    """Give the code that we use for a library's label."""
    return _SAME.get(label.lower(), label.lower())
