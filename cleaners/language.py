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
from functools import lru_cache
from types import MappingProxyType

from cleaners.language_models import UNKNOWN, chances, code, langdetect, lingua
from cleaners.scripts import ONE_LANGUAGE, Writing, by_letters, census, is_written_in, legible, only, read
from schemas.page import Share

# Characters that one decision looks at; longer paragraphs are judged piece by piece, and of a document at most
# so many pieces, evenly spread.
_PIECE = 1200
_MOST_PIECES = 1000
# Pieces of text whose reading is kept for the second time they are met.
_REMEMBERED = 2048
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
# Words in lower case from which a short text full of names is judged by them alone.
_FEWEST_SMALL = 4
# The letters langdetect needs, and the characters it and lingua read.
_ENOUGH = 150
_EXCERPT = 600
# How sure an answer is that needed no model, or got so many votes.
_CERTAIN = 0.99
_SPOKEN = 0.95
_VOTED = MappingProxyType({2: 0.75, 3: 0.9, 4: 0.95})


@dataclass(frozen=True, slots=True)
class Detected:
    """The language of a document, how sure that is (0 to 1), and each language's share of the letters.

    `shares` are sorted, greatest first; "und" among them is what no language could be told of.
    """

    lang: str
    confidence: float
    shares: tuple[Share, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """The languages told of in the text beside `lang`, sorted."""
        return tuple(sorted({share.language for share in self.shares} - {self.lang, UNKNOWN}))


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
        if is_short and _read(sample).speaks(home):
            language, confidence = home, _SPOKEN
        else:
            language, confidence = _judged(sample, declared)
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


def passages(text: str, language: str, others: tuple[str, ...]) -> list[tuple[int, str]]:
    r"""Give where each stretch of lines in one language begins, and that language.

    `language` is that of the text, which lines that tell nothing else are taken to be in; `others` are those told of
    beside it. Only a script of its own, its letters or 60 letters tell of a line.

    >>> passages("Trucks left.\n\nԲեռնատարները մեկնեցին։", "en", ("hy",))
    [(0, 'en'), (14, 'hy')]
    """
    found = [(0, language)]
    start = 0
    for line in text.split("\n") if others else ():
        if (parts := _parts_of(line[:_PIECE])) and (told := _told(parts[0], language, others)) != found[-1][1]:
            found.append((start, told))
        start += len(line) + 1
    return found


def _told(part: _Part, language: str, others: tuple[str, ...]) -> str:
    """Give the language of a line by its main script, as far as it tells one of a text in these languages."""
    told, _ = _recognise(part, (language, *others))
    told = told if told != UNKNOWN else by_letters(_read(part.text)) or UNKNOWN
    if told != UNKNOWN or is_written_in(language, part.script):
        return told if told != UNKNOWN else language
    written = [other for other in others if is_written_in(other, part.script)]
    return written[0] if len(written) == 1 else language


def _parts(text: str) -> Iterator[_Part]:
    pieces = list(_pieces(text))
    for piece in pieces[:: max(1, -(-len(pieces) // _MOST_PIECES))]:
        yield from _parts_of(piece)


@lru_cache(maxsize=_REMEMBERED)
def _parts_of(piece: str) -> tuple[_Part, ...]:
    """Give the parts of a piece of text, one for each script that is more than a quoted name."""
    clear = legible(piece)
    counts = census(clear)
    whole = sum(counts.values())
    parts: list[_Part] = []
    for script, count in counts.items():
        if not parts:
            quoted = sum(n for n in counts.values() if n < whole * _SECOND_SCRIPT)
            parts.append(_Part(script, clear if count == whole else only(clear, script), count + quoted))
        elif count >= whole * _SECOND_SCRIPT:
            parts.append(_Part(script, only(clear, script), count))
    return tuple(parts)


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
    return _decided(part.text, tuple(known)) if part.letters >= _SHORT else (UNKNOWN, 0.0)


# A page is judged twice, as it was extracted and as it is clean, and most of its lines are the same.
@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> Writing:
    return read(text)


@lru_cache(maxsize=_REMEMBERED)
def _decided(text: str, known: tuple[str, ...]) -> tuple[str, float]:
    writing = _read(text)
    spoken = next((language for language in known if writing.speaks(language)), None)
    return (spoken, _SPOKEN) if spoken else _decide(writing)


@lru_cache(maxsize=_REMEMBERED)
def _judged(text: str, hint: str) -> tuple[str, float]:
    return _judge(_read(text), hint, is_document=True)


def _decide(writing: Writing) -> tuple[str, float]:
    """Give the language by the letters, or by py3langid where that is sure."""
    if language := by_letters(writing) or writing.plainly():
        return language, _CERTAIN
    if writing.total < _FEWEST:
        return UNKNOWN, 0.0
    chance, first = max((chance, language) for language, chance in chances(writing.text).items())
    sure = next((needed for fewer, needed in _SURE if writing.total < fewer), _SURE_BEYOND)
    if chance < sure or first == UNKNOWN or not writing.fits(first):
        return UNKNOWN, 0.0
    return first, round(chance, 2)


def _judge(writing: Writing, hint: str, *, is_document: bool = False) -> tuple[str, float]:
    """Give the language by the letters, py3langid or a vote; in doubt once more by the words that are no names."""
    found = _vote(writing, hint, is_document=is_document)
    if found[0] != UNKNOWN or writing.total >= _ENOUGH:
        return found
    small = [word for word in writing.text.split() if word[0].islower()]
    if not _FEWEST_SMALL <= len(small) < writing.length:
        return found
    rest = read(" ".join(small))
    language, confidence = _vote(rest, hint)
    return (language, min(confidence, _VOTED[2])) if rest.speaks(language) and writing.fits(language) else found


def _vote(writing: Writing, hint: str, *, is_document: bool = False) -> tuple[str, float]:
    """Give the language by the letters or py3langid, or by a vote where they leave a doubt."""
    language, confidence = _decide(writing)
    if language != UNKNOWN or writing.total < _FEWEST:
        return language, confidence
    votes = _votes(writing, hint)
    for detect in (lingua, langdetect) if is_document and writing.total >= _ENOUGH else (lingua,):
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
    found = chances(writing.text)
    least = max(_LIKELY, _CLOSE * max(found.values()))
    votes = Counter(language for language, chance in found.items() if chance >= least)
    if spoken := writing.most_spoken():
        votes[spoken] += 1
    declared = code(hint.strip().replace("_", "-").partition("-")[0])
    if declared != UNKNOWN and declared in found and writing.fits(declared):
        votes[declared] += 1 + (found[declared] >= _POSSIBLE)
    return votes
