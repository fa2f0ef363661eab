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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.alphabets import PROFILES
from cleaners.language_models import UNKNOWN, chances
from cleaners.language_parts import MOST_PIECES, PIECE, Part, parts_of, pieces_of
from cleaners.language_vote import (
    CERTAIN,
    LIKELY,
    READ,
    SPOKEN,
    VOTED,
    decide,
    decide_line,
    judge_writing,
    read_once,
)
from cleaners.scripts import ONE_LANGUAGE, by_letters, is_written_in, legible, read
from cleaners.vocabulary import Line, Vocabulary, measured, measured_all, plainly
from schemas.page import Share

# Letters below which a block says too little to be a language of its own inside a document.
_SHORT = 60
# And letters below which one in doubt goes with the rest of a document whose language is known.
_SHORT_AT_HOME = 100
# Long lines of a page that may tell its language without a model, before one is asked.
_FIRST_LOOKS = 5


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


class _Told(NamedTuple):
    """The language of a part, "und" where it is in doubt, and how sure that is."""

    part: Part | Line
    language: str
    confidence: float


def of_paragraph(text: str, hint: str = UNKNOWN) -> tuple[str, float]:
    """Give the language of a paragraph, a BCP 47 code or "und", and how sure that is (0 to 1).

    `hint` is what the page declares; it settles doubts and never overrides what the text shows.

    >>> of_paragraph("Շուշին քաղաք է Արցախում։")
    ('hy', 0.99)
    >>> of_paragraph("2020")
    ('und', 0.0)
    """
    if len(text) > PIECE:
        found = of_document(text, hint)
        return found.lang, found.confidence
    return judge_writing(read(legible(text)), hint)


def of_document(text: str, hint: str = UNKNOWN) -> Detected:
    """Give the language with the most letters in a text of many paragraphs, one a line, and all shares.

    Blocks of fewer than 60 letters are judged together, and go with the rest of their script when that says
    nothing. Of more than a thousand pieces every second, third, ... is judged.
    """
    return Judge(hint).of(text)


class Judge:
    """Tells the languages of the texts of one page, such as the extracted and the clean one.

    What paragraphs have shown of a language helps with those that follow, and a line that was judged in one text is
    not judged again in the next. `hint` is what the page declares.
    """

    def __init__(self, hint: str = UNKNOWN) -> None:
        self._hint = hint
        self._known: dict[tuple[str, str], Vocabulary] = {}
        self._lines: dict[str, tuple[_Told, ...]] = {}
        self._texts: dict[str, Detected] = {}

    def of(self, text: str) -> Detected:
        """Give what `of_document` gives of a text of the page."""
        if text not in self._texts:
            self._texts[text] = self._of(text)
        return self._texts[text]

    def _of(self, text: str) -> Detected:
        pieces = list(pieces_of(text))
        pieces = pieces[:: max(1, -(-len(pieces) // MOST_PIECES))]
        self._meet_all(pieces)
        tally = _Tally()
        undecided = []
        for piece in pieces:
            for told in self._lines[piece]:
                if told.language == UNKNOWN:
                    undecided.append(told.part)
                else:
                    tally.add(told.part.script, told.language, told.confidence, told.part.letters)
        together: defaultdict[tuple[str, bool], list[Part | Line]] = defaultdict(list)
        homes = {script: tally.home(script) for script in {part.script for part in undecided}}
        for part in undecided:
            shortest = _SHORT if homes[part.script] == UNKNOWN else _SHORT_AT_HOME
            together[part.script, part.letters < shortest].append(part)
        for (script, is_short), parts in sorted(together.items()):
            language, confidence = self._together(parts, homes[script], is_short=is_short)
            tally.add(script, language, confidence, sum(part.letters for part in parts))
        return tally.result()

    def meet(self, language: str, script: str) -> None:
        """Take the page to have paragraphs in a language."""
        if (language, script) not in self._known:
            self._known[language, script] = Vocabulary(language, script)

    def line(self, piece: str) -> tuple[_Told, ...]:
        """Give what is beyond doubt of the language of each part of a line, "und" of the rest."""
        self._meet_all((piece,))
        return self._lines[piece]

    def _meet_all(self, pieces: Iterable[str]) -> None:
        """Judge the pieces that were not judged before: the longest first, and those in doubt when all were met."""
        found: list[tuple[str, Line]] = []
        fresh = [piece for piece in dict.fromkeys(pieces) if piece not in self._lines]
        for piece, line in zip(fresh, measured_all(fresh), strict=True):
            if line is None:
                self._lines[piece] = tuple(map(self._of_mixed, parts_of(piece)))
            elif line.script in ONE_LANGUAGE:
                self._lines[piece] = (_Told(line, ONE_LANGUAGE[line.script], CERTAIN),)
            elif line.letters < _SHORT:
                self._lines[piece] = (_Told(line, UNKNOWN, 0.0),) if line.letters else ()
            else:
                found.append((piece, line))
        # the longest is told best, and helps with the others
        found.sort(key=lambda each: -each[1].letters)
        if not self._known:
            self._begin(found[:_FIRST_LOOKS])
        for piece, line in self._doubtful(found):
            if not self._is_spoken_of(piece, line):
                self._lines[piece] = (self._learnt(line, *decide_line(line)),)

    def _doubtful(self, found: Iterable[tuple[str, Line]]) -> list[tuple[str, Line]]:
        """Tell pieces by what the page is known to speak, by themselves if that is nothing; return those in doubt."""
        doubtful = []
        for piece, line in found:
            if piece in self._lines or self._is_spoken_of(piece, line):
                continue
            if any(script == line.script for _, script in self._known):
                doubtful.append((piece, line))
            else:
                self._lines[piece] = (self._learnt(line, *decide_line(line)),)
        return doubtful

    def _is_spoken_of(self, piece: str, line: Line) -> bool:
        """Tell whether a piece is in a language that the page is known to speak, and learn its words if so."""
        for (language, _), vocabulary in self._known.items():
            if vocabulary.covers(line):
                vocabulary.learn(line.text)
                self._lines[piece] = (_Told(line, language, SPOKEN),)
                return True
        return False

    def _begin(self, found: Iterable[tuple[str, Line]]) -> None:
        """Know the page's language from the first of some pieces that shows it without a model."""
        for piece, line in found:
            if line.script == "Latin" and not {"ə", "Ə"} & set(line.foreign):
                language = plainly(line)
            else:
                writing = read_once(line.text)
                language = by_letters(writing) or writing.plainly()
            if language:
                self._lines[piece] = (self._learnt(line, language, CERTAIN),)
                return

    def _of_mixed(self, part: Part) -> _Told:
        """Give the language of what a line with several scripts has in one of them."""
        if part.script in ONE_LANGUAGE:
            return _Told(part, ONE_LANGUAGE[part.script], CERTAIN)
        if part.letters < _SHORT:
            return _Told(part, UNKNOWN, 0.0)
        writing = read_once(part.text)
        known = next((name for name, script in self._known if script == part.script and writing.speaks(name)), None)
        return self._learnt(part, known, SPOKEN) if known else self._learnt(part, *decide(writing))

    def _learnt(self, part: Part | Line, language: str, confidence: float) -> _Told:
        if language != UNKNOWN:
            self.meet(language, part.script)
            self._known[language, part.script].learn(part.text)
        return _Told(part, language, confidence)

    def _together(self, parts: Sequence[Part | Line], home: str, *, is_short: bool) -> tuple[str, float]:
        """Give the language of parts that say too little one by one; `home` is that of their script on the page."""
        sample = " ".join(part.text for part in parts)[:PIECE]
        if home != UNKNOWN and not is_short and chances(sample[:READ]).get(home, 0.0) >= LIKELY:
            return home, VOTED[2]
        if not is_short or home == UNKNOWN:
            language, confidence = judge_writing(read_once(sample), self._hint, is_document=True)
        elif self._is_spoken(sample, home, parts[0].script):
            language, confidence = home, SPOKEN
        else:
            language, confidence = decide(read_once(sample))
        return (home, VOTED[2]) if language == UNKNOWN and is_short and home != UNKNOWN else (language, confidence)

    def _is_spoken(self, sample: str, home: str, script: str) -> bool:
        line, vocabulary = measured(sample), self._known.get((home, script))
        return vocabulary.covers(line) if line and vocabulary else read_once(sample).speaks(home)


class _Tally:
    """Letters by language, how sure that is, and the languages of each script."""

    def __init__(self) -> None:
        self._letters: defaultdict[tuple[str, str, float], int] = defaultdict(int)

    def add(self, script: str, language: str, confidence: float, letters: int) -> None:
        self._letters[script, language, confidence] += letters

    def home(self, script: str) -> str:
        """Give the language that most letters of a script are in."""
        spoken: Counter[str] = Counter()
        for (written, language, _), letters in self._letters.items():
            if written == script:
                spoken[language] += letters
        return max(spoken, key=lambda language: (spoken[language], language), default=UNKNOWN)

    def result(self) -> Detected:
        """Give the languages with their shares of all letters."""
        letters: Counter[str] = Counter()
        sureness: defaultdict[str, float] = defaultdict(float)
        for (_, language, confidence), count in self._letters.items():
            letters[language] += count
            sureness[language] += count * confidence
        total = sum(letters.values())
        if not total:
            return Detected(UNKNOWN, 0.0, ())
        shares = tuple(
            Share(language, round(count / total, 4))
            for language, count in sorted(letters.items(), key=lambda item: (-item[1], item[0]))
        )
        first = shares[0].language
        return Detected(first, round(sureness[first] / letters[first], 2), shares)


def passages(text: str, language: str, others: tuple[str, ...]) -> list[tuple[int, str]]:
    r"""Give where each stretch of lines in one language begins, and that language.

    `language` is that of the text, which lines that tell nothing else are taken to be in; `others` are those told of
    beside it. Only a script of its own, its letters or 60 letters tell of a line.

    >>> passages("Trucks left.\n\nԲեռնատարները մեկնեցին։", "en", ("hy",))
    [(0, 'en'), (14, 'hy')]
    """
    found = [(0, language)]
    start = 0
    judge = Judge()
    for spoken in (language, *others) if others else ():
        if spoken in PROFILES:
            judge.meet(spoken, PROFILES[spoken].script)
    for line in text.split("\n") if others else ():
        told = judge.line(line[:PIECE])
        here = _spoken(told[0], language, others) if told else found[-1][1]
        if here != found[-1][1]:
            found.append((start, here))
        start += len(line) + 1
    return found


def _spoken(told: _Told, language: str, others: tuple[str, ...]) -> str:
    """Give the language of a line by its main script, as far as it tells one of a text in these languages."""
    script = told.part.script
    spoken = told.language if told.language != UNKNOWN else by_letters(read_once(told.part.text)) or UNKNOWN
    if spoken != UNKNOWN or is_written_in(language, script):
        return spoken if spoken != UNKNOWN else language
    written = [other for other in others if is_written_in(other, script)]
    return written[0] if len(written) == 1 else language
