"""What a block of a page is, by where it stands and what it says: comments, a caption, a menu, the text itself.

No model: the names of the elements that hold a block, the words it begins with, and what stands around it. The kinds
and what tells them are data, in `kinds.toml`.
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

import re2

from cleaners.extract.blocks import MARKS, TAGS, Page
from cleaners.extract.words import MOST_NAMES, sign_words, words_of


class UnknownKindError(ValueError):
    """A kind that nobody can ask for: the message lists those that can be."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of block, as `kinds.toml` describes it."""

    name: str
    means: str
    left_out: str = ""
    asked: str | None = None
    near: bool = False
    whole: bool = False
    vague: bool = False
    words: int = 1_000
    names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


_BY_TAG = frozenset(("nav", "footer", "figcaption"))
"""Elements that are what they say however large they are; another's name is not believed of half the page."""
_PLAIN = frozenset(("html", "body", "main"))
_ARTICLE = TAGS.index("article")
_BOXES = frozenset(TAGS.index(name) for name in ("button", "label"))
HEADINGS = frozenset(TAGS.index(f"h{level}") for level in range(1, 7))
_HIDDEN, _FIGURE, _CODE = (1 << MARKS.index(mark) for mark in ("hidden", "figure", "pre"))
_UNSURE = frozenset(("sidebar", "boilerplate", "tags", "dateline", "header", "byline", "standfirst"))
"""Kinds that what stands in a list of links, or of other articles, would have by itself."""
_TITLE = 30
"""Characters that the title of a list of links has at most where no heading marks it."""
_SECTION = 3
"""Blocks that a section has at least: its heading and two more."""
_LONGEST_SAYING = 160
_NO_WORDS: frozenset[str] = frozenset()
_NO_RANK = 1_000
"""Of a word that tells nothing."""
_BYLINE = 12
"""Words below which what names an author is no paragraph about them."""
_FEW = 5
"""Words up to which a link is rather a menu's than another page's headline."""


@cache
def kinds_known() -> dict[str, Kind]:
    """Return every kind by name, the first that counts first."""
    data = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))
    found = [
        Kind(
            **{field: value for field, value in entry.items() if not isinstance(value, list)},
            names=tuple(entry.get("names", ())),
            classes=tuple(entry.get("classes", ())),
            together=tuple(tuple(words) for words in entry.get("together", ())),
            unless=tuple(entry.get("unless", ())),
            says=tuple(entry.get("says", ())),
        )
        for entry in data["kinds"]
    ]
    return {kind.name: kind for kind in found}


def asked_for(names: Iterable[str]) -> frozenset[str]:
    """Return the kinds that a user asks to keep; UnknownKindError where one is none, or cannot be asked for.

    >>> sorted(asked_for(["captions", "comments"]))
    ['caption', 'comments']
    """
    choices = {kind.asked: kind.name for kind in kinds_known().values() if kind.asked}
    wanted = set(names)
    if unknown := sorted(wanted - set(choices)):
        raise UnknownKindError(f"{', '.join(unknown)}: not among the kinds that can be kept: {', '.join(choices)}")
    return frozenset(choices[name] for name in wanted)


def kinds(page: Page, kept: Collection[int], only: Collection[int] | None = None) -> list[str]:
    """Return the kind of each block of a page, of which `kept` belong to the text by the model.

    With `only`, some of those, no others are looked at, and have "".

    What holds a block is asked first, then its own names and words, then what stands around it. A block that nothing
    speaks of is `text` where it is kept, and `boilerplate` where not.
    """
    blocks = page.blocks
    inside = set(kept)
    holders = _holders(page, inside)
    opening = page.description[:60].casefold()
    first, last = min(inside, default=0), max(inside, default=-1)
    known = kinds_known()
    found = [""] * len(blocks.text)
    for number in range(len(found)) if only is None else only:
        text, element, inner = blocks.text[number], blocks.element[number], blocks.inner[number]
        (kind, whole), keeps = holders[element], number in inside
        if not whole:
            own = _named(inner) if inner else ""
            kind = own if own and _fits(own, text) else kind if kind and _fits(kind, text) else ""
            if kind == "author_box" and text.count(" ") < _BYLINE:
                kind = "byline"
            if not kind and len(opening) > 20 and abs(number - first) < 3 and text[:60].casefold() == opening:
                kind = "standfirst"
            if not keeps and len(text) <= _LONGEST_SAYING and (not kind or known[kind].vague):
                kind = _said(text) or kind
        found[number] = kind or ("text" if keeps else _around(page, number, element, amid=first < number < last))
    if only is None:
        _under_headings(page, inside, found)
    return found


def _under_headings(page: Page, inside: set[int], found: list[str]) -> None:
    """Give what stands under a heading such as "Related" its kind, where it is in one element and no text is."""
    elements, texts, known = page.elements, page.blocks.text, kinds_known()
    done = 0
    for number, element in enumerate(page.blocks.element):
        kind = found[number]
        heads = elements.tag[element] in HEADINGS or (kind == "related_links" and len(texts[number]) <= _TITLE)
        if number < done or number in inside or not known[kind].whole or not heads:
            continue
        while element and elements.end[element] - elements.first[element] < _SECTION:
            element = elements.parent[element]  # noqa: PLW2901 - the section that the heading opens
        done = elements.end[element]
        if elements.first[element] == number and inside.isdisjoint(range(number, done)):
            for other in range(number, done):
                if found[other] in _UNSURE:
                    found[other] = kind


def _holders(page: Page, inside: set[int]) -> list[tuple[str, bool]]:
    """Return for each element the kind that it gives to what it holds, "" for none, and whether to all of it."""
    elements, texts, known = page.elements, page.blocks.text, kinds_known()
    chars = list(accumulate(map(len, texts), initial=0))
    kept = list(accumulate((len(text) if n in inside else 0 for n, text in enumerate(texts)), initial=0))
    found: list[tuple[str, bool]] = [("", False)]
    rows = zip(elements.parent, elements.tag, map(_named, elements.sign), elements.first, elements.end, strict=True)
    for number, (parent, tag, own, first, end) in enumerate(rows):
        given = found[parent] if number else found.pop()
        if (own or tag == _ARTICLE) and not given[1] and first < end:
            mine, by_tag = kept[end] - kept[first], elements.sign[number].partition(" ")[0] in _BY_TAG
            # where much of the text is, a name says nothing: it is a wrapper's, or its author's fancy
            if by_tag or 2 * (chars[end] - chars[first]) <= chars[-1]:
                if own and 4 * mine <= kept[-1]:
                    given = own, known[own].whole
                elif tag == _ARTICLE and not mine and kept[-1]:
                    given = "other_article", True
        found.append(given)
    return found


def _around(page: Page, number: int, element: int, *, amid: bool) -> str:
    """Return what a block is that neither names nor words tell: links, what is not shown, or boilerplate.

    `amid` the text a link leads to another page, and what is short in a figure says whose it is.
    """
    blocks, elements = page.blocks, page.elements
    text = blocks.text[number]
    if blocks.link[number] * 2 > len(text):
        return "related_links" if amid or text.count(" ") >= _FEW else "navigation"
    if elements.marks[element] & (_FIGURE | _CODE) == _FIGURE:
        return "caption" if text.count(" ") >= _FEW else "credit"
    if elements.tag[element] in _BOXES:
        return "controls"
    return "hidden" if elements.marks[element] & _HIDDEN else "boilerplate"


def _fits(kind: str, text: str) -> bool:
    return text.count(" ") < kinds_known()[kind].words


@lru_cache(maxsize=50_000)
def _named(sign: str) -> str:
    """Return the kind that an element's names tell, "" for none; the tag comes first, or a space where it is inline."""
    told = list(map(_told, sign.split()))
    if len(sign) > MOST_NAMES and sum([count for count, _, _, _ in told]) > MOST_NAMES:
        told = list(map(_told, sign_words(sign)))
    opening, lowest, known = "", _NO_RANK, _NO_WORDS
    for _, first, rank, some in told:
        opening = opening or first
        lowest = min(lowest, rank)
        known |= some
    if opening in _PLAIN:
        return ""
    if len(known) > 1:
        ranks = [
            rank
            for several, unless, rank in _name_tables()[1]
            if rank < lowest and several <= known and unless.isdisjoint(known)
        ]
        lowest = min(ranks, default=lowest)
    return _names()[lowest] if lowest < _NO_RANK else ""


@lru_cache(maxsize=50_000)
def _told(name: str) -> tuple[int, str, int, frozenset[str]]:
    """Return of one name how many words it has, the first, the rank they tell, and those that tell one with others."""
    words = words_of(name)
    single, _, others = _name_tables()
    rank = min([single[word] for word in words if word in single], default=_NO_RANK)
    rank = min(rank, _classes().get(name.lower(), _NO_RANK))
    return len(words), words[0] if words else "", rank, others.intersection(words)


@cache
def _names() -> tuple[str, ...]:
    return tuple(kinds_known())


@cache
def _classes() -> dict[str, int]:
    """Return the ranks of whole classes."""
    every = reversed(list(enumerate(kinds_known().values())))
    return {name: rank for rank, kind in every for name in kind.classes}


@cache
def _name_tables() -> tuple[dict[str, int], tuple[tuple[frozenset[str], frozenset[str], int], ...], frozenset[str]]:
    """Return the ranks of single words, those of words that must all be there but for others, and all of these."""
    every = tuple(kinds_known().values())
    single = {word: rank for rank, kind in reversed(list(enumerate(every))) for word in kind.names}
    together = tuple(
        (frozenset(words), frozenset(kind.unless), rank) for rank, kind in enumerate(every) for words in kind.together
    )
    return single, together, frozenset().union(*(words | unless for words, unless, _ in together))


@cache
def _sayings() -> tuple["re2.Set", tuple[str, ...]]:
    options = re2.Options()
    options.max_mem = 64 << 20
    patterns = re2.Set.MatchSet(options)
    names = []
    for kind in kinds_known().values():
        for pattern in kind.says:
            patterns.Add(pattern)
            names.append(kind.name)
    patterns.Compile()
    return patterns, tuple(names)


@lru_cache(maxsize=20_000)
def _said(text: str) -> str:
    """Return the kind that a block's words tell, "" for none."""
    patterns, names = _sayings()
    hits = patterns.Match(text.lower())
    return names[min(hits)] if hits else ""
