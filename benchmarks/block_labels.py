"""Labels for blocks, by aligning them with the text that should come out of their page; and what texts are worth."""

import re
from collections import Counter

_WORD = re.compile(r"\w+")
KEEP, DROP = 0.6, 0.3
_MOST_WORDS = 60_000


def words_of(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return _WORD.findall(text.lower())


def label(texts: list[str], truth: str) -> list[tuple[float, float]]:
    """Return for each block its label, 0 or 1, and its weight; 0 where it is neither in the truth nor out of it.

    All words of the page are aligned with those of the truth, in order, so that an entry of a table of contents is not
    taken for the heading it names. What stands in another order in the truth is found by its 4-word shingles among
    those that are left.
    """
    gold = words_of(truth)
    blocks = [words_of(text) for text in texts]
    row = [word for words in blocks for word in words][:_MOST_WORDS]
    # of equal entries the later one is aligned: what comes earlier is a list of contents or a teaser
    size, last = len(row) - 1, len(gold) - 1
    matched = {size - i: last - j for i, j in aligned(row[::-1], gold[::-1])}
    taken = set(matched.values())
    left = Counter(tuple(gold[j : j + 4]) for j in range(len(gold) - 3) if not taken.intersection(range(j, j + 4)))
    found: list[tuple[float, float]] = []
    at = 0
    for words in blocks:
        places = [matched[i] for i in range(at, at + len(words)) if i in matched]
        at += len(words)
        found.append(_judged(words, places, left))
    kept = {text for text, (keep, _) in zip(texts, found, strict=True) if keep}
    # a copy of a kept block is left out of the text by `compose`, whatever the model says of it
    return [
        (0.0, 0.0) if not keep and len(text) >= 40 and text in kept else (keep, weight)
        for text, (keep, weight) in zip(texts, found, strict=True)
    ]


def _judged(words: list[str], places: list[int], left: Counter[tuple[str, ...]]) -> tuple[float, float]:
    if not words:
        return 0.0, 0.0
    share = len(places) / len(words)
    if len(words) < 5:
        return (1.0, 1.0) if share == 1 and places[-1] - places[0] == len(words) - 1 else (0.0, 1.0)
    # words that only happen to stand in the truth are scattered over it
    tenth = len(places) // 10
    near = len(places) > 0 and places[-1 - tenth] - places[tenth] < 2 * len(words)
    if share >= KEEP and near:
        return 1.0, 1.0
    runs = Counter(tuple(words[i : i + 4]) for i in range(len(words) - 3))
    elsewhere = sum((runs & left).values()) / sum(runs.values())
    if elsewhere >= KEEP:
        left.subtract(runs & left)
        return 1.0, 1.0
    return 0.0, 1.0 if max(elsewhere, share if near else 0.0) <= DROP else 0.0


def aligned(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence, from last to first.

    Bit-parallel (Hyyrö, Bit-parallel LCS-length computation revisited, 2004): bit j of a row is 0 where the length
    grows at word j of `other`.
    """
    masks: dict[str, int] = {}
    for j, word in enumerate(other):
        masks[word] = masks.get(word, 0) | 1 << j
    full = (1 << len(other)) - 1
    rows = [full]
    for word in one:
        before = rows[-1]
        common = before & masks.get(word, 0)
        rows.append(((before + common) | (before - common)) & full if common else before)
    found = []
    i, j = len(one), len(other)
    while i and j:
        if rows[i] >> (j - 1) & 1:
            j -= 1
        elif not rows[i - 1] >> (j - 1) & 1:
            i -= 1
        else:
            i, j = i - 1, j - 1
            found.append((i, j))
    return found


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
