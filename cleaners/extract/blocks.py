"""A page as a row of text blocks and the elements that hold them: what the block model looks at.

A block is a run of inline content between block-level boundaries; two line breaks in a row end it too. Elements are
numbered in document order, blocks as well, and each element holds the blocks [first, end), so that any statistic of
any element is a difference of two cumulative sums.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from cleaners.extract.head import Head, read_head
from cleaners.extract.lines import block_text, folded
from cleaners.extract.noscript import LITTLE, holds_text
from cleaners.extract.signs import LONGEST_SIGN, sign_of
from cleaners.extract.stated import Stated, read_stated
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
_Tag: TypeAlias = tuple[int, str, int, int]
"""Role, name, place in TAGS and bit of MARKS."""
_FIXED = 1_000
"""Lexbor's numbers of HTML's own tags are below; another's is its address, of which nothing can be remembered."""
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")


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
class Page(Stated):
    """A page's blocks and elements, and the few words of its head that the model compares them with."""

    blocks: Blocks = field(default_factory=Blocks)
    elements: Elements = field(default_factory=Elements)


def parse(page: str | bytes) -> LexborHTMLParser:
    """Return the tree of a page that `strain.strain` has nothing against; bytes are UTF-8."""
    return LexborHTMLParser(page, options=LexborDocumentOptions.WO_EVENTS)


def read_blocks(tree: LexborHTMLParser, head: Head | None = None) -> Page:
    """Return the page's blocks, those in `noscript` too where next to nothing else is shown; none where nothing is.

    `head` is what `read_head` gives, where that was read before.
    """
    body = tree.body
    reader = _Reader()
    if body is not None:
        reader.walk(body)
        if sum(map(len, reader.blocks.text)) < LITTLE and holds_text(body):
            reader = _Reader("noscript")
            reader.walk(body)
    page = Page(blocks=reader.blocks, elements=reader.elements)
    read_stated(page, tree.head, (head or read_head(tree)).data)
    return page


@cache
def _tags(*shown: str) -> dict[int, _Tag]:
    """Return tags by lexbor's own numbers, for to ask for a number is quicker; those `shown` are not skipped."""
    made = parse("<p>a<!---->")
    names = (name for name in (_ROLES | _CODE_AND_MARK) if name[0] != "-")
    nodes = [*map(made.create_node, names), *made.css("p")[0].traverse(include_text=True)]
    roles = _ROLES | dict.fromkeys(shown, _BOUND)
    known = {node.tag_id: node.tag or "" for node in nodes if node.tag_id < _FIXED}
    return {
        number: (roles.get(name, _INLINE), name, *_CODE_AND_MARK.get(name, (0, 0))) for number, name in known.items()
    }


class _Reader:
    """Walks a tree with a stack of its own, as deep as the tree is."""

    def __init__(self, *shown: str) -> None:
        self._tags = dict(_tags(*shown))  # and this page's own
        self.blocks, self.elements = Blocks(), Elements()
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
        stack: list[tuple[LexborNode, _Tag]] = []
        tags, run, ends, texts = self._tags, self._run, self.elements.end, self.blocks.text
        node: LexborNode | None = body
        while node is not None:
            if (tag := tags.get(node.tag_id)) is None:
                tag = self._meet(node)
            role = tag[0]
            if role == _TEXT:
                if self._begun:
                    run.append(text := node.text_content or "")
                    if self._marked and not text.isspace():
                        self._mark(len(text.strip()))
                elif not node.is_empty_text_node and not (text := node.text_content or " ").isspace():
                    self._begun = True
                    run.append(text)
                    if self._marked:
                        self._mark(len(text.strip()))
            elif role <= _COUNTS:
                if (child := node.first_child) is not None:
                    if role == _BOUND:
                        self._enter(tag, node.attributes)
                    else:
                        if role == _COUNTS:
                            self._count(tag[1], 1)
                        elif tag[1] in _MEDIA:
                            self._media += 1
                        if not self._begun and len(self._inner) < LONGEST_SIGN and (attributes := node.attributes):
                            self._inner += sign_of("", attributes)
                    stack.append((node, tag))
                    node = child
                    continue
                if role == _BOUND:  # empty: it parts what stands around it, and holds nothing
                    self._end_block()
                elif tag[1] in _MEDIA:
                    self._media += 1
            elif role == _BREAK:
                self._break()
            following = node.next if stack else None
            while following is None and stack:
                node, (role, name, _, _) = stack.pop()
                if role == _BOUND:
                    if self._begun or run or self._inner:
                        self._end_block()
                    ends[self._open.pop()[0]] = len(texts)
                elif role == _COUNTS:
                    self._count(name, -1)
                following = node.next if stack else None
            node = following

    def _meet(self, node: LexborNode) -> "_Tag":
        """Return what is known of a tag that no page has to have: its author's own, for one."""
        name = node.tag or ""
        role = _SKIPPED if name[:1] in {"-", ""} else _BOUND if "-" in name else _INLINE
        tag = self._tags[node.tag_id] = role, name, _CUSTOM if "-" in name else 0, 0
        return tag

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

    def _enter(self, tag: "_Tag", attributes: dict[str, str | None]) -> None:
        if self._begun or self._run or self._inner:
            self._end_block()
        elements, opened = self.elements, self._open
        own = len(elements.tag)
        up, marks, path = opened[-1] if own else (0, 0, -1)
        _, name, code, mark = tag
        marks |= mark | _LINK if self._links else mark
        if attributes:
            sign = sign_of(name, attributes)
            if "hidden" in attributes or ("style" in attributes and _HIDDEN.search((attributes["style"] or "")[:500])):
                marks |= _HIDES
        else:
            sign = name
        path = self._paths.setdefault((path, sign), len(self._paths))
        opened.append((own, marks, path))
        elements.parent.append(up)
        elements.tag.append(code)
        elements.marks.append(marks)
        elements.depth.append(len(opened))
        elements.path.append(path)
        elements.sign.append(sign)
        elements.first.append(len(self.blocks.text))
        elements.end.append(0)

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
                blocks = self.blocks
                blocks.text.append(text)
                blocks.element.append(element)
                blocks.link.append(self._link)
                blocks.bold.append(self._bold)
                blocks.italic.append(self._italic)
                blocks.media.append(self._media)
                blocks.inner.append(self._inner)
            self._link = self._bold = self._italic = 0
            self._begun = False
        self._run.clear()
        self._inner = ""
