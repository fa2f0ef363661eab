"""Labels for blocks, by aligning them with the text that should come out of their page; and what texts are worth."""

import re
from collections import Counter, defaultdict

_WORD = re.compile(r"\w+")
KEEP, DROP = 0.6, 0.3


def words_of(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return _WORD.findall(text.lower())


def label(texts: list[str], truth: str) -> list[tuple[float, float]]:
    """Return for each block its label, 0 or 1, and its weight; 0 where it is neither in the truth nor out of it.

    A block of five words or more is judged by the share of its 4-word shingles in the truth, each counted as often as
    the truth has it. A shorter one is kept where its words stand between those of the long kept blocks around it.
    """
    gold = words_of(truth)
    left = Counter(tuple(gold[i : i + 4]) for i in range(len(gold) - 3))
    where = defaultdict(list)
    for i in range(len(gold) - 3):
        where[tuple(gold[i : i + 4])].append(i)
    found: list[tuple[float, float] | None] = []
    spans: list[tuple[int, int] | None] = []
    at = 0
    for text in texts:
        words = words_of(text)
        if not words:
            found.append((0.0, 0.0))
            spans.append(None)
            continue
        if len(words) < 5:
            found.append(None)
            spans.append(None)
            continue
        runs = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
        mine = Counter(runs)
        share = sum(min(count, left[run]) for run, count in mine.items()) / len(runs)
        span = None
        if share >= KEEP:
            left -= mine
            hit = next(r for r in runs if r in where)
            start = next((i for i in where[hit] if i >= at), None)
            if start is not None:
                span = (start, start + len(words))
                at = span[1]
        found.append((1.0, 1.0) if share >= KEEP else (0.0, 1.0 if share <= DROP else 0.0))
        spans.append(span)
    return _short(texts, gold, found, spans)


def _short(
    texts: list[str], gold: list[str], found: list[tuple[float, float] | None], spans: list[tuple[int, int] | None]
) -> list[tuple[float, float]]:
    until = [len(gold)] * (len(texts) + 1)
    for i in range(len(texts) - 1, -1, -1):
        span = spans[i]
        until[i] = span[0] if span else until[i + 1]
    at = 0
    result = []
    for i, text in enumerate(texts):
        judged, span = found[i], spans[i]
        if judged is not None:
            result.append(judged)
            at = max(at, span[1]) if span else at
            continue
        words = words_of(text)
        limit = until[i]
        start = next((j for j in range(at, min(limit, at + 400)) if gold[j : j + len(words)] == words), None)
        if start is not None and start + len(words) <= limit:
            at = start + len(words)
            result.append((1.0, 1.0))
        else:
            result.append((0.0, 1.0))
    return result


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of a text, or its words where it has fewer, as they are written."""
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def shingle_f1(truth: str, text: str) -> float:
    """Return the F1 of the 4-word shingles of one page."""
    gold, found = shingles(truth), shingles(text)
    hits = sum((gold & found).values())
    return 2 * hits / (sum(gold.values()) + sum(found.values())) if hits else 0.0


def score(pairs: list[tuple[str, str]]) -> str:
    """Return the figures of pairs of truth and text as a line.

    Shingle F1 is that of the mean precision and the mean recall over pages, as the Article Extraction Benchmark has
    it; exact pages have all words of the truth, in order, and no others.
    """
    precisions, recalls, exact, below = [], [], 0, 0
    for truth, text in pairs:
        gold, found = shingles(truth), shingles(text)
        hits, kept, wanted = sum((gold & found).values()), sum(found.values()), sum(gold.values())
        precisions += [hits / kept] if kept else []
        recalls += [hits / wanted] if wanted else []
        below += hits < 0.5 * (kept + wanted - hits)
        exact += _WORD.findall(truth) == _WORD.findall(text)
    precision, recall = sum(precisions) / max(len(precisions), 1), sum(recalls) / max(len(recalls), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    parts = f"F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}"
    return f"{parts}  exact {exact / len(pairs):.3f}  below half {below}"
