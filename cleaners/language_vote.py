"""The language of one writing: by its letters, by py3langid where that is sure, or by a vote in doubt."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType

from cleaners.alphabets import PROFILES
from cleaners.language_models import UNKNOWN, chances, code, langdetect, likeliest, lingua
from cleaners.scripts import LATIN_ONLY, MANY_WORDS, NOT_LETTERS, SPOKEN_LEAST, Writing, by_letters, read
from cleaners.vocabulary import Line, plainly

# Pieces of text whose reading is kept: one is read for its letters, and again where these leave a doubt.
_REMEMBERED = 16
# Letters below which nothing but a script of its own tells a language.
_FEWEST = 4
# py3langid's probability from which it decides alone: below so many letters, so much. Measured on two to ten words
# and on paragraphs of news, treaties and interfaces: of answers just above it 94 to 99 in 100 are right.
_SURE = ((15, 0.9), (150, 0.75))
_SURE_BEYOND = 0.6
# Votes: its answers from this probability on and nearly as likely as its first; a page's declaration counts twice
# from a lower one on.
LIKELY = 0.1
_CLOSE = 0.6
_POSSIBLE = 0.05
# Words in lower case from which a short text full of names is judged by them alone.
_FEWEST_SMALL = 4
# The characters py3langid reads: it says of more what it says of these, and takes its time by character.
READ = 500
# The letters langdetect needs, and the characters it and lingua read.
_ENOUGH = 150
_EXCERPT = 600
# How sure an answer is that needed no model, or got so many votes.
CERTAIN = 0.99
SPOKEN = 0.95
VOTED = MappingProxyType({2: 0.75, 3: 0.9, 4: 0.95})


@lru_cache(maxsize=_REMEMBERED)
def read_once(text: str) -> Writing:
    """Read a text; one is read for its letters, and again where these leave a doubt."""
    return read(text)


def decide(writing: Writing) -> tuple[str, float]:
    """Give the language by the letters, or by py3langid where that is sure."""
    if language := by_letters(writing) or writing.plainly():
        return language, CERTAIN
    if writing.total < _FEWEST:
        return UNKNOWN, 0.0
    return _likeliest(writing.text, writing.total, writing.fits)


def decide_line(line: Line) -> tuple[str, float]:
    """Give what `decide` gives of a line, whose words need not be counted one by one for it.

    >>> decide_line(Line("Zuri sana", "Latin", 8, 8, "")) == decide(read("Zuri sana"))
    True
    """
    foreign = line.foreign
    if line.script != "Latin" or line.own < _FEWEST or not LATIN_ONLY.fullmatch(foreign) or "ə" in foreign.lower():
        return decide(read_once(line.text))
    if language := plainly(line):
        return language, CERTAIN
    return _likeliest(line.text, line.own, lambda language: _fits(line, language))


def _likeliest(text: str, total: int, fits: Callable[[str], bool]) -> tuple[str, float]:
    """Give py3langid's answer where it is sure and nothing rules it out; `total` is the number of letters."""
    chance, first = likeliest(text[:READ])
    sure = next((needed for fewer, needed in _SURE if total < fewer), _SURE_BEYOND)
    if chance < sure or first == UNKNOWN or not fits(first):
        return UNKNOWN, 0.0
    return first, round(chance, 2)


def _fits(line: Line, language: str) -> bool:
    """Tell what `Writing.fits` tells of a line in Latin letters."""
    profile = PROFILES.get(language)
    if profile is not None and (profile.script != "Latin" or profile.letters):
        return read_once(line.text).fits(language)
    if 2 * len(NOT_LETTERS.sub("", line.foreign)) > line.own:
        return False
    words = line.text.lower().split() if profile is not None else []
    if profile is None or len(words) < MANY_WORDS:
        return True
    return sum(map(profile.words.__contains__, words)) / len(words) >= SPOKEN_LEAST


def judge_writing(writing: Writing, hint: str, *, is_document: bool = False) -> tuple[str, float]:
    """Give the language by the letters, py3langid or a vote; in doubt once more by the words that are no names."""
    found = _vote(writing, hint, is_document=is_document)
    if found[0] != UNKNOWN or writing.total >= _ENOUGH:
        return found
    small = [word for word in writing.text.split() if word[0].islower()]
    if not _FEWEST_SMALL <= len(small) < writing.length:
        return found
    rest = read(" ".join(small))
    language, confidence = _vote(rest, hint)
    return (language, min(confidence, VOTED[2])) if rest.speaks(language) and writing.fits(language) else found


def _vote(writing: Writing, hint: str, *, is_document: bool = False) -> tuple[str, float]:
    """Give the language by the letters or py3langid, or by a vote where they leave a doubt."""
    language, confidence = decide(writing)
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
    return language, VOTED[min(count, max(VOTED))]


def _votes(writing: Writing, hint: str) -> Counter[str]:
    """Count what py3langid, the function words and the page say, twice if py3langid allows what the page says."""
    found = chances(writing.text[:READ])
    least = max(LIKELY, _CLOSE * max(found.values()))
    votes = Counter(language for language, chance in found.items() if chance >= least)
    if spoken := writing.most_spoken():
        votes[spoken] += 1
    declared = code(hint.strip().replace("_", "-").partition("-")[0])
    if declared != UNKNOWN and declared in found and writing.fits(declared):
        votes[declared] += 1 + (found[declared] >= _POSSIBLE)
    return votes
