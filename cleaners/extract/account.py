"""The account of a page: every visible block, whether its words are in the text, and what decided."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from cleaners.extract.blocks import Page
from cleaners.extract.columns import Floats
from cleaners.extract.kinds import HEADINGS, kinds, kinds_known
from cleaners.extract.letters import squeeze
from cleaners.extract.shapes import shapes
from schemas.account import Account, Block, Fate, letters

_FEW = 4
"""Words below which a block is looked for as a whole line of a text, not within its lines."""
_NEAR = 20_000
_MOST_SEARCHED = 50_000_000
_PART, _WHOLE = 0.2, 0.95
_SHORTEST_TITLE = 8
_BLOCK = partial(tuple.__new__, Block)
"""As `Block._make` does, in a third of the time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The text of a page and how it came about.

    `source` is where the text is from; `chosen` are the blocks it is made of, in order, none where it is not made of
    blocks. `rules` names, for single blocks, what decided besides the model. `told` are the kinds of all blocks, where
    they were asked for. `kept` are the model's chances, `bound` that from which it kept, `sure` the right share it
    expected; None where it was not asked.
    """

    text: str
    source: str
    chosen: Sequence[int] = ()
    rules: Mapping[int, str] = field(default_factory=dict)
    told: Sequence[str] = ()
    kept: Floats | None = None
    bound: float | None = None
    sure: float | None = None


def account(page: Page, choice: Choice, text: str, title: str | None) -> Account:
    """Return the account of a page whose extracted text is `text`: that of the choice, perhaps without the title."""
    texts = page.blocks.text
    squeezed = list(map(letters, texts))
    rules = dict(choice.rules)
    if choice.source == "blocks":
        fates = [Fate.LEFT_OUT] * len(texts)
        for number in choice.chosen:
            fates[number] = Fate.KEPT
        for number in _untitle(squeezed, choice, text, fates):
            rules[number] = "title"
    else:
        fates = found_in(texts, text)
    inside = [n for n, fate in enumerate(fates) if fate]
    told = list(choice.told) or kinds(page, inside)
    for number, rule in rules.items():
        if rule in kinds_known():
            told[number] = rule
    for number in _titles(page, title or page.title, fates):
        told[number] = "title"
    stands, decided = [""] * len(texts), ["model" if choice.source == "blocks" else choice.source] * len(texts)
    for number, shape in zip(inside, shapes(page, inside), strict=True):
        stands[number] = shape
    for number, rule in rules.items():
        decided[number] = rule
    chances = [None] * len(texts) if choice.kept is None else (choice.kept * 1000).round().astype(int).tolist()
    rows = zip(map(len, squeezed), fates, told, decided, chances, stands, strict=True)
    blocks = tuple(map(_BLOCK, rows))
    return Account(choice.source, _thousandths(choice.bound), _thousandths(choice.sure), digest(squeezed), blocks)


def _untitle(squeezed: Sequence[str], choice: Choice, text: str, fates: list[Fate]) -> Iterator[int]:
    """Mark the blocks that the choice's text has above `text`, and yield them."""
    left = len(letters(choice.text)) - len(letters(text)) if len(choice.text) != len(text) else 0
    for number in choice.chosen:
        if left <= 0:
            return
        fates[number] = Fate.LEFT_OUT if len(squeezed[number]) <= left else Fate.IN_PART
        left -= len(squeezed[number])
        yield number


def _titles(page: Page, title: str, fates: Sequence[Fate]) -> Iterator[int]:
    """Yield the headings that were left out and say what the title says, or a part of it."""
    said = squeeze(title)
    columns = zip(page.blocks.text, page.blocks.element, fates, strict=True)
    for number, (text, element, fate) in enumerate(columns):
        if not fate and page.elements.tag[element] in HEADINGS:
            own = squeeze(text)
            if len(own) >= _SHORTEST_TITLE and (own in said or (said and said in own)):
                yield number


def everything(text: str) -> Account:
    """Return the account of a page all of whose text was taken, without looking for its blocks."""
    written = letters(text)
    blocks = (Block(len(written), Fate.KEPT, "text", "everything", None, "p"),) if written else ()
    return Account("everything", None, None, digest([written]), blocks)


def digest(squeezed: Iterable[str]) -> str:
    """Return the SHA-256 of a page's letters."""
    return hashlib.sha256("".join(squeezed).encode()).hexdigest()


def found_in(texts: Sequence[str], text: str) -> list[Fate]:
    """Return for each block whether its words stand in a text that was made without it.

    A block of four words or more is looked for after the one found before it, then anywhere, then by the share of its
    runs of four words that the text has; a shorter one must be a line of the text, or a cell of one, of its own.
    """
    rows = text.split("\n")
    lines = Counter(letters(line) for row in rows for line in {row, *row.split("\t")})
    stream = f" {' '.join(text.split())} "
    words = text.split()
    runs = set(zip(words, words[1:], words[2:], words[3:], strict=False))
    fates: list[Fate] = []
    at, searched, squeezed = 0, 0, ""
    for block in texts:
        mine = block.split()
        if len(mine) < _FEW:
            line = letters(block)
            fates.append(Fate.KEPT if lines[line] > 0 else Fate.LEFT_OUT)
            lines[line] -= 1
            continue
        sought = f" {' '.join(mine)} "
        place = stream.find(sought, at, at + _NEAR + len(sought))
        if place < 0 and searched < _MOST_SEARCHED:
            place = stream.find(sought)
            searched += len(stream)
        if place >= 0:
            at = max(at, place + len(sought) - 1)
            fates.append(Fate.KEPT)
            continue
        own = list(zip(mine, mine[1:], mine[2:], mine[3:], strict=False))
        share = sum(run in runs for run in own) / len(own)
        whole = False
        if share >= _WHOLE and searched < _MOST_SEARCHED:  # all its words may stand there, and yet not in a row
            squeezed = squeezed or letters(text)
            whole = letters(block) in squeezed
            searched += len(squeezed)
        fates.append(Fate.LEFT_OUT if share < _PART else Fate.KEPT if whole else Fate.IN_PART)
    return fates


def _thousandths(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)
