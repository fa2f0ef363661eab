"""The text of a page: its blocks by the model, and trafilatura's reading where the model is unsure of the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cleaners.extract.account import Choice, found_in
from cleaners.extract.articles import is_article, standfirst
from cleaners.extract.blocks import Page
from cleaners.extract.columns import Floats
from cleaners.extract.consent import consent_blocks
from cleaners.extract.doubt import comparison, doubt
from cleaners.extract.guards import guard
from cleaners.extract.headings import bare_headings, headings_above
from cleaners.extract.kept import compose, without_copies
from cleaners.extract.kinds import kinds
from cleaners.extract.measure import Measure
from cleaners.extract.model import Model
from cleaners.extract.strays import named, strays

NAME = "blocks 2026.11.4"
_COMMENTS = frozenset(("comments", "commentlist", "kommentare", "commentaires"))
_ARTICLE_WORDS = 150
SURE = 0.6
"""Below this expected share of right 4-word shingles a second opinion is asked for."""
GAIN = 0.03
"""The second opinion is taken where it is expected to be better by this much."""
PLAIN = 0.85
"""A page is plain from this expected F1 over words."""
WIDER = 0.9
"""Of the bound that would be best if blocks were right or wrong each by itself. They are so together, as the items of
one list are: below it is more to gain than to lose."""
_PLAIN = frozenset(("boilerplate", "header"))
"""Kinds of headings of which nothing says that they are none of the text's."""
_SAYS_SOMETHING = 8
"""Words from which a block that asks for consent is not found elsewhere by chance."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's text by its blocks, and what was measured on the way; `sure` is the expected shingle F1.

    `chosen` are its blocks, `bound` is the chance from which the model kept them, `rules` are what left one out or put
    one in.
    """

    text: str
    chosen: Sequence[int]
    bound: float
    rules: dict[int, str]
    sure: float
    row: Floats
    measure: Measure
    kept: Floats


def read(pages: Sequence[Page], model: Model) -> list[Reading | None]:
    """Return for each page the text of the blocks that the model keeps, None where it has no block.

    What is read of a page does not depend on the others: they are measured and asked about together, for a call costs
    as much for one page as for many.
    """
    some = [page for page in pages if page.blocks.text]
    if not some:
        return [None] * len(pages)
    measures, kept = model.probabilities(some)
    pairs = [(measures.of(number), own) for number, own in enumerate(np.split(kept, measures.rows.starts[1:-1]))]
    chosen = [pick(measure.page, measure.words, own) for measure, own in pairs]
    rows = np.stack([doubt(*pair, blocks) for pair, (blocks, _, _) in zip(pairs, chosen, strict=True)])
    found = iter(
        Reading(compose(pair[0].page, blocks), blocks, bound, rules, sure, row, *pair)
        for pair, (blocks, rules, bound), row, sure in zip(
            pairs, chosen, rows, model.sure.predict(rows).tolist(), strict=True
        )
    )
    return [next(found) if page.blocks.text else None for page in pages]


def pick(page: Page, words: Floats, kept: Floats) -> tuple[list[int], dict[int, str], float]:
    """Return the blocks of the text, the rule for each that is not where the model has it, and the bound of the model.

    `words` are the words of each block, `kept` its chance. What consent software put in is not among the blocks that
    are chosen from; where there is nothing else, no block is chosen.
    """
    asking = dict.fromkeys(consent_blocks(page), "consent")
    if asking:
        kept = kept.copy()
        kept[list(asking)] = 0
        if not kept.any():
            return [], asking, 1.0
    likely = choose(words, kept)
    rules = asking | sift(page, words, likely)
    chosen = [block for block in likely if block not in rules]
    summary = standfirst(page, kept, chosen)
    if summary is not None:
        rules[summary] = "standfirst"
        chosen = sorted([*chosen, summary])
    return chosen, rules, float(kept[likely].min())


def choose(words: Floats, kept: Floats) -> list[int]:
    """Return the blocks, in order, whose F1 over words is expected to be the highest, and those a little less likely.

    The best is a bound on the probability of half that F1 (Ye, Chai, Lee, Chieu: Optimizing F-measures, 2012): lower
    on a page that leaves the model in doubt. On a page that does not, the bound is .5, for more pages come out exact.
    """
    order = np.argsort(-kept, kind="stable")
    right = np.cumsum((kept * words)[order])
    expected = 2 * right / (np.cumsum(words[order]) + right[-1])
    best_at = int(expected.argmax())
    bound = WIDER * float(kept[order[best_at]])
    if expected[best_at] >= PLAIN:
        bound = max(bound, min(0.5, float(kept.max())))
    return [int(place) for place in np.flatnonzero(kept >= bound)]


def sift(page: Page, words: Floats, chosen: list[int]) -> dict[int, str]:
    """Return which of the chosen blocks are comments of readers, requests for consent or a next article, by kind."""
    told = without_comments(page, words, chosen)
    return dict.fromkeys(set(chosen) - set(told), "comments") | strays(page, words, told)


def without_comments(page: Page, words: Floats, chosen: list[int]) -> list[int]:
    """Return the chosen blocks that are not in an element named for readers' comments.

    All of them where comments are most of the chosen words, for there they are what the page is about: unless the page
    calls itself an article, and enough is left to be one.
    """
    commented = np.zeros(len(words), dtype=bool)
    for first, end in named(page, ("omm",), _COMMENTS):
        commented[first:end] = True
    article = [block for block in chosen if not commented[block]]
    left, most = words[article].sum(), words[chosen].sum() / 2
    return article if left >= most or (left >= _ARTICLE_WORDS and is_article(page)) else chosen


def best(
    page: Page, reading: Reading | None, model: Model, second: Callable[[], str], keep: frozenset[str] = frozenset()
) -> Choice:
    """Return the page's text: by its blocks as `read` gives them, or what `second` reads, asked only in doubt.

    Blocks of the kinds `keep` are in the text in any case, in their places.
    """
    if reading is None:
        return Choice(second(), "second opinion")
    if reading.text and reading.sure < SURE:
        theirs = second()
        if theirs and not _asks_consent(page, reading, theirs) and _better(reading, model, theirs):
            return _second(page, reading, theirs, keep)
    return _ours(page, reading, keep)


def _asks_consent(page: Page, reading: Reading, text: str) -> bool:
    """Return whether a text has what consent software put into the page."""
    asking = (page.blocks.text[number] for number, rule in reading.rules.items() if rule == "consent")
    said = [block for block in asking if block.count(" ") >= _SAYS_SOMETHING]
    return any(found_in(said, text))


def _better(reading: Reading, model: Model, theirs: str) -> bool:
    row = np.concatenate((reading.row, comparison(reading.measure, reading.kept, reading.text, theirs)))
    return bool(model.better.predict(row[None, :])[0] > GAIN)


def _ours(page: Page, reading: Reading, keep: frozenset[str]) -> Choice:
    told = kinds(page, reading.chosen)
    guarded = guard(page, told, reading.measure.words, reading.chosen, keep)
    decided = reading.rules | guarded.rules
    above = [n for n in headings_above(page, reading.kept, guarded.chosen) if told[n] in _PLAIN and n not in decided]
    for number in above:
        told[number] = "text"
    within = sorted([*guarded.chosen, *above])
    bare = set(bare_headings(page, reading.kept, within)) - set(decided)
    left = [number for number in within if number not in bare]
    chosen = without_copies(page.blocks.text, left)
    rules = decided | dict.fromkeys(above, "headed") | dict.fromkeys(sorted(bare), "heading")
    rules |= dict.fromkeys(set(left) - set(chosen), "repeated")
    text = reading.text if left == list(reading.chosen) else compose(page, chosen)
    return Choice(text, "blocks", chosen, rules, told, reading.kept, reading.bound, reading.sure)


def _second(page: Page, reading: Reading, theirs: str, keep: frozenset[str]) -> Choice:
    if keep:  # what is asked for can only be put among blocks
        found = [number for number, fate in enumerate(found_in(page.blocks.text, theirs)) if fate]
        guarded = guard(page, kinds(page, found), reading.measure.words, found, keep)
        theirs = compose(page, guarded.chosen) if guarded.rules else theirs
    return Choice(theirs, "second opinion", kept=reading.kept, bound=reading.bound, sure=reading.sure)
