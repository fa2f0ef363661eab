"""A page as a row of text blocks and the elements that hold them: what the block model looks at.

A block is a run of inline content between block-level boundaries; two line breaks in a row end it too. Elements are
numbered in document order, blocks as well, and each element holds the blocks [first, end), so that any statistic of
any element is a difference of two cumulative sums.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from cleaners.extract.jsonld import article_body
from cleaners.extract.lines import block_text, fold, folded
from cleaners.extract.noscript import LITTLE, holds_text
from cleaners.extract.tags import BLOCKS, CELLS, ROWS, UNSEEN

TAGS = (
    *("other", "p", "div", "li", "td", "span", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre"),
    *("section", "article", "main", "header", "footer", "nav", "aside", "figure", "figcaption", "form", "table"),
    *("tr", "th", "dl", "dt", "dd", "button", "label", "body", "details", "summary", "address", "tbody", "custom"),
)
"""Tags the model tells apart, by their place here."""
MARKS = (
    *("nav", "footer", "header", "aside", "form", "article", "main", "figure", "list", "table", "quote", "hidden"),
    *("link", "button", "pre", "dialog"),
)
"""What a block stands in, at any distance; mark i is bit i."""

_CODE = {name: place for place, name in enumerate(TAGS)}
_CUSTOM = _CODE["custom"]
_BIT = {name: 1 << place for place, name in enumerate(MARKS)}
_MARK_OF = {
    **{name: _BIT[name] for name in ("nav", "footer", "header", "aside", "form", "article", "main", "figure")},
    **dict.fromkeys(("ul", "ol", "dl", "menu"), _BIT["list"]),
    "table": _BIT["table"],
    "blockquote": _BIT["quote"],
    "pre": _BIT["pre"],
    "dialog": _BIT["dialog"],
    "button": _BIT["button"],
}
_CODE_AND_MARK = {name: (_CODE.get(name, 0), _MARK_OF.get(name, 0)) for name in {*_CODE, *_MARK_OF}}
_LINK, _HIDES, _VERBATIM = _BIT["link"], _BIT["hidden"], _BIT["pre"]
_BOUNDARIES = BLOCKS | ROWS | CELLS | {"button", "label", "figure", "template"}
_BOLD = frozenset(("b", "strong"))
_MEDIA = frozenset(("img", "picture", "video", "audio"))
_INLINE, _BOUND, _COUNTS, _SKIPPED, _TEXT, _BREAK = range(6)
_ROLES = (
    dict.fromkeys(_BOUNDARIES, _BOUND)
    | dict.fromkeys(UNSEEN, _SKIPPED)
    | dict.fromkeys((*_BOLD, "a", "i", "em"), _COUNTS)
    | {"-text": _TEXT, "br": _BREAK, "-comment": _SKIPPED}
    | dict.fromkeys(("span", "img", "small", "font", "u", "sup", "sub", "picture", "input", "wbr"), _INLINE)
)
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]{1,40})"')
_LONGEST_SIGN = 200
_SIGNS = ("class", "id", "role", "itemprop", "data-testid", "data-component", "aria-label", "data-type")


@dataclass(slots=True)
class Elements:
    """Block-level elements in document order, a column a field; `parent` of the first is itself."""

    parent: list[int] = field(default_factory=list)
    tag: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    path: list[int] = field(default_factory=list)
    """Same number, same tags and classes from the root down."""
    sign: list[str] = field(default_factory=list)
    """Tag, class, id and other names its author gave it."""
    first: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    """Text blocks in document order, a column a field."""

    text: list[str] = field(default_factory=list)
    element: list[int] = field(default_factory=list)
    link: list[int] = field(default_factory=list)
    """Characters inside links."""
    bold: list[int] = field(default_factory=list)
    italic: list[int] = field(default_factory=list)
    media: list[int] = field(default_factory=list)
    """Images, films and frames that come before the block's end."""
    inner: list[str] = field(default_factory=list)
    """Names on the inline elements that open the block."""


@dataclass(slots=True)
class Page:
    """A page's blocks and elements, and the few words of its head that the model compares them with."""

    blocks: Blocks
    elements: Elements
    title: str = ""
    description: str = ""
    kind: str = ""
    types: str = ""
    """Types of things that its JSON-LD names, parted by spaces, in small letters."""
    dated: bool = False
    """Whether its head says when it was published."""
    stated: str = ""
    """The article's text as JSON-LD gives it."""


def parse(page: str | bytes) -> LexborHTMLParser:
    """Return the tree of a page that `strain.strain` has nothing against; bytes are UTF-8."""
    return LexborHTMLParser(page, options=LexborDocumentOptions.WO_EVENTS)


def read_blocks(tree: LexborHTMLParser) -> Page:
    """Return the page's blocks, those in `noscript` too where next to nothing else is shown; none where nothing is."""
    reader = _Reader()
    if tree.body is not None:
        reader.walk(tree.body)
    found = reader.page()
    if tree.body is not None and sum(map(len, found.blocks.text)) < LITTLE and holds_text(tree.body):
        reader = _Reader(_ROLES | {"noscript": _BOUND})
        reader.walk(tree.body)
        found = reader.page()
    types: list[str] = []
    for script in tree.css("script[type]"):
        written = script.text() if "json" in (script.attributes.get("type") or "") else ""
        if '"@type"' in written:
            types += _TYPE.findall(written)
        if not found.stated and '"articleBody"' in written:
            found.stated = article_body(written)
    found.types = " ".join(dict.fromkeys(types)).lower()
    head = tree.head
    for node in head.iter() if head is not None else ():
        if node.tag == "title" and not found.title:
            found.title = fold(node.text())
        elif node.tag == "meta":
            attributes = node.attributes
            name, content = attributes.get("property") or attributes.get("name"), attributes.get("content") or ""
            if name in {"description", "og:description"} and not found.description:
                found.description = fold(content)
            elif name == "og:title" and content:
                found.title = fold(content)
            elif name == "og:type":
                found.kind = content.lower()
            elif name == "article:published_time":
                found.dated = True
    return found


class _Reader:
    """Walks a tree with a stack of its own, as deep as the tree is."""

    def __init__(self, roles: Mapping[str, int] = _ROLES) -> None:
        self._roles = roles
        self._blocks: list[tuple[str, int, int, int, int, int, str]] = []  # rows of what is read, columns when done
        self._elements: list[tuple[int, int, int, int, int, str, int]] = []
        self._ends: list[int] = []
        self._paths: dict[tuple[int, str], int] = {}
        self._open: list[tuple[int, int, int]] = []  # number, marks and path
        self._lines: list[str] = []
        self._run: list[str] = []
        self._begun = False  # whether the run has more than white space
        self._links = self._bolds = self._italics = 0  # how many are open
        self._marked = 0  # how many of all these
        self._link = self._bold = self._italic = 0  # characters of the run in them
        self._media = 0
        self._inner = ""

    def walk(self, body: LexborNode) -> None:
        """Read the blocks of `body`."""
        stack: list[tuple[LexborNode, str, int]] = []
        roles, run, ends, blocks = self._roles, self._run, self._ends, self._blocks
        node: LexborNode | None = body
        while node is not None:
            if (role := roles.get(tag := node.tag or "")) is None:
                role = _SKIPPED if tag[:1] == "-" else _BOUND if "-" in tag else _INLINE
            if role == _TEXT:
                text = node.text_content or ""
                if not text.isspace() and text:
                    self._begun = True
                    run.append(text)
                    if self._marked:
                        self._mark(len(text.strip()))
                elif self._begun:
                    run.append(text)
            elif role <= _COUNTS:
                if (child := node.first_child) is not None:
                    if role == _BOUND:
                        self._enter(tag, node.attributes)
                    else:
                        if role == _COUNTS:
                            self._count(tag, 1)
                        elif tag in _MEDIA:
                            self._media += 1
                        if not self._begun and len(self._inner) < _LONGEST_SIGN and (attributes := node.attributes):
                            self._inner += _sign("", attributes)
                    stack.append((node, tag, role))
                    node = child
                    continue
                if role == _BOUND:  # empty: it parts what stands around it, and holds nothing
                    self._end_block()
                elif tag in _MEDIA:
                    self._media += 1
            elif role == _BREAK:
                self._break()
            while (following := None if node is body else node.next) is None and stack:
                node, tag, role = stack.pop()
                if role == _BOUND:
                    if self._begun or run or self._inner:
                        self._end_block()
                    ends[self._open.pop()[0]] = len(blocks)
                elif role == _COUNTS:
                    self._count(tag, -1)
            node = following

    def page(self) -> Page:
        """Return what was read."""
        elements = Elements(*map(list, zip(*self._elements, strict=True)))
        elements.end = self._ends
        return Page(Blocks(*map(list, zip(*self._blocks, strict=True))), elements)

    def _mark(self, size: int) -> None:
        """Count characters of the run for the links and the bold and italic elements they stand in."""
        if self._links:
            self._link += size
        if self._bolds:
            self._bold += size
        if self._italics:
            self._italic += size

    def _break(self) -> None:
        """End a line; an empty one ends the block."""
        line = "".join(self._run)
        self._run.clear()
        if line.strip():
            self._lines.append(line)
        elif self._lines:
            self._end_block()

    def _count(self, tag: str, by: int) -> None:
        self._marked += by
        if tag == "a":
            self._links += by
        elif tag in _BOLD:
            self._bolds += by
        else:
            self._italics += by

    def _enter(self, tag: str, attributes: dict[str, str | None]) -> None:
        if self._begun or self._run or self._inner:
            self._end_block()
        elements, opened = self._elements, self._open
        own = len(elements)
        up, marks, path = opened[-1] if own else (0, 0, -1)
        sign = _sign(tag, attributes) if attributes else tag
        if (known := _CODE_AND_MARK.get(tag)) is None:
            known = _CUSTOM if "-" in tag else 0, 0
        marks |= known[1] | _LINK if self._links else known[1]
        if "hidden" in attributes or ("style" in attributes and _HIDDEN.search((attributes["style"] or "")[:500])):
            marks |= _HIDES
        path = self._paths.setdefault((path, sign), len(self._paths))
        opened.append((own, marks, path))
        elements.append((up, known[0], marks, len(opened), path, sign, len(self._blocks)))
        self._ends.append(0)

    def _end_block(self) -> None:
        """Store what was written since the last boundary, if there is anything to see in it."""
        if self._begun:
            element, marks, _ = self._open[-1]
            line, lines = "".join(self._run), self._lines
            if lines or marks & _VERBATIM:
                lines.append(line)
                text = block_text(lines, verbatim=bool(marks & _VERBATIM))
                lines.clear()
            else:
                text = folded(line)
            if text:
                self._blocks.append((text, element, self._link, self._bold, self._italic, self._media, self._inner))
            self._link = self._bold = self._italic = 0
            self._begun = False
        self._run.clear()
        self._inner = ""


@lru_cache(maxsize=5_000)
def _naming(attributes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the attributes that name an element, in the order of `_SIGNS`."""
    return tuple(name for name in _SIGNS if name in attributes)


def _sign(tag: str, attributes: dict[str, str | None]) -> str:
    if len(attributes) == 1 and "class" in attributes:
        return f"{tag} {(attributes['class'] or '')[:_LONGEST_SIGN]}"
    for name in _naming(tuple(attributes)):
        if value := attributes[name]:
            tag = f"{tag} {value[:_LONGEST_SIGN]}"
    return tag
