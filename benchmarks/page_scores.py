"""Scores of extracted page texts against the truth: 4-word shingles, words, exact pages.

Shingles as Article Extraction Benchmark counts them (scrapinghub/article-extraction-benchmark): F1 of the mean
precision and the mean recall over pages. Words as WCXB counts them (Murrough-Foley/web-content-extraction-benchmark):
the mean F1 of the pages' word multisets, Chinese, Japanese, Korean and Thai by the character.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

_RUN = re.compile(r"\w+")
_SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_SPACELESS}]|[^\W{_SPACELESS}]+")
_SIZE = 4


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page's scores: shingle precision and recall (None where undefined), word F1, and what became of it."""

    precision: float | None
    recall: float | None
    words: float
    exact: bool
    below_half: bool
    empty: bool


def tokens(text: str) -> list[str]:
    """Return the words in lower case; in scripts written without spaces, the characters."""
    return _TOKEN.findall(text.lower())


def _shingles(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    runs = (tuple(words[i : i + _SIZE]) for i in range(max(1, len(words) - _SIZE + 1)))
    return Counter(run for run in runs if run)


def score_page(truth: str, found: str) -> PageScore:
    """Return the scores of one page."""
    gold_words, found_words = _RUN.findall(truth), _RUN.findall(found)
    gold, ours = _shingles(gold_words), _shingles(found_words)
    hits = (gold & ours).total()
    union = gold.total() + ours.total() - hits
    return PageScore(
        precision=hits / ours.total() if ours else None,
        recall=hits / gold.total() if gold else None,
        words=_word_f1(truth, found),
        exact=gold_words == found_words,
        below_half=hits < union / 2,
        empty=not found.strip(),
    )


def _word_f1(truth: str, found: str) -> float:
    gold, ours = Counter(tokens(truth)), Counter(tokens(found))
    if not gold or not ours:
        return float(not gold and not ours)
    return 2 * (gold & ours).total() / (gold.total() + ours.total())


@dataclass(frozen=True, slots=True)
class PagesScore:
    """The figures of a set of pages; `shingles`, `precision`, `recall`, `words` and `exact` are shares from 0 to 1."""

    pages: int
    shingles: float
    precision: float
    recall: float
    words: float
    exact: float
    below_half: int
    empty: int


def score_pages(pages: Sequence[PageScore]) -> PagesScore:
    """Return the figures over pages; a set without pages scores 0."""
    precision = mean([p.precision for p in pages if p.precision is not None] or [0.0])
    recall = mean([p.recall for p in pages if p.recall is not None] or [0.0])
    return PagesScore(
        pages=len(pages),
        shingles=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        precision=precision,
        recall=recall,
        words=mean([p.words for p in pages] or [0.0]),
        exact=mean([float(p.exact) for p in pages] or [0.0]),
        below_half=sum(p.below_half for p in pages),
        empty=sum(p.empty for p in pages),
    )
