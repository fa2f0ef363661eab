"""The language of a paragraph and of a document: the script decides, then models, and in doubt nothing does.

A wrong language is worse than none, so every way to an answer can end in "und". Letters that only one
language uses decide first (cleaners/scripts.py). Then py3langid, unrestricted, decides where it is sure. In
doubt its answer is one vote among the page's own declaration, lingua and, for documents, langdetect: two must
agree. No vote decides alone, and none can name a language that the letters rule out.

Models load when first needed and are never changed; every function here is pure and may be called from
threads. Confidences are rounded to two decimals because the models count in 32-bit floats, whose last digits
depend on the processor.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from cleaners.scripts import ONE_LANGUAGE, Writing, by_letters, census, legible, only, read
from schemas.page import Share

if TYPE_CHECKING:
    from langdetect import DetectorFactory
    from lingua import LanguageDetector
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"

# Characters that one decision looks at; longer paragraphs are judged piece by piece, and of a document at most
# so many pieces, evenly spread.
_PIECE = 1200
_MOST_PIECES = 1000
# Letters below which a block says too little to be a language of its own inside a document.
_SHORT = 60
# Share of a block's letters from which another script in it is a second language, not a quoted name.
_SECOND_SCRIPT = 0.15
# Letters below which nothing but a script of its own tells a language.
_FEWEST = 4
# py3langid's probability from which it decides alone: below so many letters, so much. Measured on two to ten words
# and on paragraphs of news, treaties and interfaces: of answers just above it 94 to 99 in 100 are right.
_SURE = ((15, 0.9), (150, 0.75))
_SURE_BEYOND = 0.6
# Votes: its answers from this probability on and nearly as likely as its first; a page's declaration counts twice
# from a lower one on.
_LIKELY = 0.1
_CLOSE = 0.6
_POSSIBLE = 0.05
# What lingua and langdetect must reach to be heard, and the letters langdetect needs and the characters it reads.
_HEARD = 0.5
_ENOUGH = 150
_EXCERPT = 600
# How sure an answer is that needed no model, or got so many votes.
_CERTAIN = 0.99
_SPOKEN = 0.95
_VOTED = MappingProxyType({2: 0.75, 3: 0.9, 4: 0.95})

# Labels of the models and of pages that say the same as another, or nothing.
_SAME = MappingProxyType(
    {"arz": "ar", "ary": "ar", "hbo": "he", "grc": "el", "nb": "no", "zh-cn": "zh", "zh-tw": "zh", "zxx": UNKNOWN}
)


@dataclass(frozen=True, slots=True)
class Detected:
    """The language of a document, how sure that is (0 to 1), and each language's share of the letters.

    `shares` are sorted, greatest first; "und" among them is what no language could be told of.
    """

    lang: str
    confidence: float
    shares: tuple[Share, ...]


def of_paragraph(text: str, hint: str = UNKNOWN) -> tuple[str, float]:
    """Give the language of a paragraph, a BCP 47 code or "und", and how sure that is (0 to 1).

    `hint` is what the page declares; it settles doubts and never overrides what the text shows.

    >>> of_paragraph("Շուշին քաղաք է Արցախում։")
    ('hy', 0.99)
    >>> of_paragraph("2020")
    ('und', 0.0)
    """
    if len(text) > _PIECE:
        found = of_document(text, hint)
        return found.lang, found.confidence
    return _judge(read(legible(text)), hint)


def of_document(text: str, hint: str = UNKNOWN) -> Detected:
    """Give the language with the most letters in a text of many paragraphs, one a line, and all shares.

    Blocks of fewer than 60 letters are judged together, and go with the rest of their script when that says
    nothing. Of more than a thousand pieces every second, third, ... is judged.
    """
    letters: Counter[str] = Counter()
    sureness: defaultdict[str, float] = defaultdict(float)
    homes: dict[str, Counter[str]] = {}
    undecided: dict[tuple[str, bool], list[_Part]] = {}

    def settle(parts: list[_Part], language: str, confidence: float) -> None:
        for part in parts:
            letters[language] += part.letters
            sureness[language] += part.letters * confidence
            homes.setdefault(part.script, Counter())[language] += part.letters

    for part in _parts(text):
        language, confidence = _recognise(part, letters)
        if language == UNKNOWN:
            undecided.setdefault((part.script, part.letters < _SHORT), []).append(part)
        else:
            settle([part], language, confidence)
    for (script, is_short), parts in sorted(undecided.items()):
        home = max(homes.get(script, Counter()).items(), key=lambda item: (item[1], item[0]), default=(UNKNOWN, 0))[0]
        sample = " ".join(part.text for part in parts)[:_PIECE]
        declared = home if is_short and home != UNKNOWN else hint
        language, confidence = _judge(read(sample), declared, is_document=True)
        if language == UNKNOWN and is_short:
            language, confidence = home, _VOTED[2] if home != UNKNOWN else 0.0
        settle(parts, language, confidence)
    total = letters.total()
    if not total:
        return Detected(UNKNOWN, 0.0, ())
    shares = tuple(
        Share(language, round(count / total, 4))
        for language, count in sorted(letters.items(), key=lambda item: (-item[1], item[0]))
    )
    first = shares[0].language
    return Detected(first, round(sureness[first] / letters[first], 2), shares)


@dataclass(frozen=True, slots=True)
class _Part:
    """The words of a block in one script, and how many letters of the block it answers for."""

    script: str
    text: str
    letters: int


def _parts(text: str) -> Iterator[_Part]:
    pieces = list(_pieces(text))
    for piece in pieces[:: max(1, -(-len(pieces) // _MOST_PIECES))]:
        clear = legible(piece)
        counts = census(clear)
        whole = sum(counts.values())
        main = next(iter(counts), "")
        for script, count in counts.items():
            if script == main:
                quoted = sum(n for n in counts.values() if n < whole * _SECOND_SCRIPT)
                yield _Part(script, clear if count == whole else only(clear, script), count + quoted)
            elif count >= whole * _SECOND_SCRIPT:
                yield _Part(script, only(clear, script), count)


def _pieces(text: str) -> Iterator[str]:
    """Give the lines of a text that are not blank, long ones cut at blanks."""
    for line in text.split("\n"):
        start = 0
        while start < len(line):
            end = start + _PIECE
            if end < len(line):
                end = line.rfind(" ", start + 1, end) + 1 or end
            if piece := line[start:end].strip():
                yield piece
            start = end


def _recognise(part: _Part, known: Iterable[str]) -> tuple[str, float]:
    """Give the language of a part of a document if it is beyond doubt, one that is known to be in it first."""
    if part.script in ONE_LANGUAGE:
        return ONE_LANGUAGE[part.script], _CERTAIN
    if part.letters < _SHORT:
        return UNKNOWN, 0.0
    writing = read(part.text)
    spoken = next((language for language in known if writing.speaks(language)), None)
    return (spoken, _SPOKEN) if spoken else _decide(writing)


def _decide(writing: Writing) -> tuple[str, float]:
    """Give the language by the letters, or by py3langid where that is sure."""
    if language := by_letters(writing):
        return language, _CERTAIN
    if writing.total < _FEWEST:
        return UNKNOWN, 0.0
    chance, first = max((chance, language) for language, chance in _chances(writing).items())
    sure = next((needed for fewer, needed in _SURE if writing.total < fewer), _SURE_BEYOND)
    if chance < sure or first == UNKNOWN or not writing.fits(first):
        return UNKNOWN, 0.0
    return first, round(chance, 2)


def _judge(writing: Writing, hint: str, *, is_document: bool = False) -> tuple[str, float]:
    """Give the language by the letters or py3langid, or by a vote where they leave a doubt."""
    language, confidence = _decide(writing)
    if language != UNKNOWN or writing.total < _FEWEST:
        return language, confidence
    votes = _votes(writing, hint)
    for detect in (_lingua, _langdetect) if is_document and writing.total >= _ENOUGH else (_lingua,):
        knows, heard = detect(writing.text[:_EXCERPT])
        # Who does not know one of the languages in question takes it for another.
        if heard and votes.keys() <= knows:
            votes[heard] += 1
    ranked = [(count, each) for each, count in votes.most_common() if each != UNKNOWN and writing.fits(each)]
    count, language = next(iter(ranked), (0, UNKNOWN))
    if count < 2 or [other for other, _ in ranked].count(count) > 1:
        return UNKNOWN, 0.0
    return language, _VOTED[min(count, max(_VOTED))]


def _votes(writing: Writing, hint: str) -> Counter[str]:
    """Count what py3langid, the function words and the page say, twice if py3langid allows what the page says."""
    chances = _chances(writing)
    least = max(_LIKELY, _CLOSE * max(chances.values()))
    votes = Counter(language for language, chance in chances.items() if chance >= least)
    if spoken := writing.most_spoken():
        votes[spoken] += 1
    declared = _code(hint.strip().replace("_", "-").partition("-")[0])
    if declared != UNKNOWN and declared in chances and writing.fits(declared):
        votes[declared] += 1 + (chances[declared] >= _POSSIBLE)
    return votes


@cache
def _statistics() -> "LanguageIdentifier":
    from py3langid.langid import LanguageIdentifier  # noqa: PLC0415 - numpy and the model take a second to load

    return LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)


def _chances(writing: Writing) -> dict[str, float]:
    """Give py3langid's probability of each language it knows."""
    chances: defaultdict[str, float] = defaultdict(float)
    for label, chance in _statistics().rank(writing.text):
        chances[_code(label)] += chance
    return chances


@cache
def _lingua_detector() -> "tuple[LanguageDetector, frozenset[str]]":
    from lingua import Language, LanguageDetectorBuilder  # noqa: PLC0415 - loads a library of 90 MB

    detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
    return detector, frozenset(_code(language.iso_code_639_1.name) for language in Language.all())


def _lingua(text: str) -> tuple[frozenset[str], str]:
    """Give the languages that lingua knows, and the one it hears; "" where it is not sure."""
    detector, known = _lingua_detector()
    values = detector.compute_language_confidence_values(text)
    return known, _code(values[0].language.iso_code_639_1.name) if values and values[0].value >= _HEARD else ""


@cache
def _langdetect_factory() -> "DetectorFactory":
    from langdetect import DetectorFactory  # noqa: PLC0415 - loads 55 profiles

    # Its own way of loading takes the profiles as the folder lists them, and keeps one factory for all its callers.
    factory = DetectorFactory()
    profiles = sorted((resources.files("langdetect") / "profiles").iterdir(), key=lambda path: path.name)
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles])
    factory.set_seed(0)
    return factory


def _langdetect(text: str) -> tuple[frozenset[str], str]:
    """Give the languages that langdetect knows, and the one it hears; "" where it is not sure."""
    from langdetect import LangDetectException  # noqa: PLC0415 - as above

    factory = _langdetect_factory()
    detector = factory.create()
    detector.append(text)
    try:
        values = detector.get_probabilities()
    except LangDetectException:
        return frozenset(), ""
    known = frozenset(_code(label) for label in factory.get_lang_list())
    return known, _code(values[0].lang) if values and values[0].prob >= _HEARD else ""


def _code(label: str) -> str:
    """Give the code that we use for a library's label."""
    return _SAME.get(label.lower(), label.lower())
