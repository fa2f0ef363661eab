"""A page as a row of text blocks and the elements that hold them: what the block model looks at.

A block is a run of inline content between block-level boundaries; two line breaks in a row end it too. Elements are
numbered in document order, blocks as well, and each element holds the blocks [first, end), so that any statistic of
any element is a difference of two cumulative sums.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from cleaners.extract import markup
from cleaners.extract.jsonld import article_body
from cleaners.extract.lines import block_text, fold
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
_LINK, _HIDES, _VERBATIM = _BIT["link"], _BIT["hidden"], _BIT["pre"]
_BOUNDARIES = BLOCKS | ROWS | CELLS | {"button", "label", "figure", "template"}
_BOUNDS = markup.Bounds(
    {name: (_CODE.get(name, 0), _MARK_OF.get(name, 0)) for name in _BOUNDARIES - UNSEEN}, (_CODE["custom"], 0), _HIDES
)
_TAGS = markup.Tags(_BOUNDS, UNSEEN)
_TAGS_AND_NOSCRIPT = markup.Tags(
    _BOUNDS._replace(known={**_BOUNDS.known, "noscript": (0, 0)}), UNSEEN - {"noscript"}
)
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]{1,40})"')
_LONGEST_INNER = 200


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
    """Return the tree of a page that `tags.strain` has nothing against; bytes are UTF-8."""
    return LexborHTMLParser(page)


def read_blocks(tree: LexborHTMLParser) -> Page:
    """Return the page's blocks, those in `noscript` too where next to nothing else is shown; none where nothing is."""
    body = tree.body
    written = (body.html if body is not None else None) or ""
    if body is not None and "<plaintext" in written:  # of its markup nobody could tell where it ends
        body.unwrap_tags(["plaintext"])
        written = body.html or ""
    found = _read(written, _TAGS)
    if body is not None and sum(map(len, found.blocks.text)) < LITTLE and holds_text(body):
        found = _read(written, _TAGS_AND_NOSCRIPT)
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


def _read(written: str, tags: markup.Tags) -> Page:
    reader = _Reader(tags)
    reader.read(markup.pieces_of(written))
    reader.close()
    return reader.page()


class _Reader:
    """Reads the markup of a serialized tree, with a stack of its own, as deep as the tree is."""

    def __init__(self, tags: markup.Tags) -> None:
        self._tags = tags
        self._blocks: list[tuple[str, int, int, int, int, int, str]] = []  # rows of what is read, columns when done
        self._elements: list[tuple[int, int, int, int, int, str, int]] = []
        self._ends: list[int] = []
        self._paths: dict[tuple[int, str], int] = {}
        self._stack: list[int] = []  # of each open element its number where it bounds blocks, or ~ what is counted in it
        self._open = [(0, 0, -1)]  # number, marks and path of what holds the body and of what bounds blocks
        self._lines: list[str] = []
        self._run: list[str] = []
        self._begun = False  # whether the run has more than white space
        self._counts = [0, 0, 0, 0]  # how many links, bold and italic elements are open
        self._marked = 0  # how many of all these
        self._link = self._bold = self._italic = 0  # characters of the run in them
        self._media = 0
        self._inner = ""

    def read(self, pieces: markup.Pieces) -> None:
        """Read the blocks in the pieces of an element's markup."""
        tags, run, stack = self._tags, self._run, self._stack
        for piece, following in pieces:
            written, closed, text = piece.partition(">")
            if not closed and not piece.startswith("!--"):
                piece, following = markup.whole(piece, following, pieces)  # noqa: PLW2901 - it is several pieces
                written, _, text = piece.partition(">")
            if written[:1] == "/":
                if stack and (number := stack.pop()) != ~0:
                    self._close(number)
            else:
                tag = tags[written]
                role = tag.role
                if role == markup.INLINE:
                    if text or following[:1] != "/":
                        stack.append(~tag.counted)
                        self._enter_inline(tag, written)
                    else:
                        stack.append(~0)
                        self._media += tag.media
                elif role == markup.BOUND:
                    if self._begun or run or self._inner:
                        self._end_block()
                    # an empty element parts what stands around it, and holds nothing
                    stack.append(self._enter(tag) if text or following[:1] != "/" else ~0)
                elif role == markup.BREAK:
                    self._break()
                elif role == markup.VOID:
                    self._media += tag.media
                else:
                    text = self._aside(tag, piece, pieces)
            if text:
                if "&" in text:
                    text = markup.unescaped(text)
                if not text.isspace():
                    self._begun = True
                    run.append(text)
                    if self._marked:
                        self._mark(len(text.strip()))
                elif self._begun:
                    run.append(text)

    def close(self) -> None:
        """Close what is still open: what a `plaintext` in a template took the end tags of."""
        while self._stack:
            self._close(self._stack.pop())

    def _aside(self, tag: markup.Tag, piece: str, pieces: markup.Pieces) -> str:
        """Read past what is no text of blocks, or is not written as others; return the text after it."""
        if tag.role == markup.COMMENT:
            return markup.after_comment(piece, pieces)
        if tag.role == markup.SKIPPED:
            return markup.after(tag.name, pieces)
        written, _, text = piece.partition(">")
        if tag.role == markup.RULE:
            self._end_block()
            return text
        found, left = markup.raw(tag.name, text, pieces)
        if found:
            self._enter_inline(tag, written)
            if self._begun or not found.isspace():
                self._begun = True
                self._run.append(found)
                self._mark(len(found.strip()))
        return left

    def _close(self, number: int) -> None:
        if number >= 0:
            if self._begun or self._run or self._inner:
                self._end_block()
            self._open.pop()
            self._ends[number] = len(self._blocks)
        elif number != ~0:
            self._counts[~number] -= 1
            self._marked -= 1

    def page(self) -> Page:
        """Return what was read."""
        elements = Elements(*map(list, zip(*self._elements, strict=True)))
        elements.end = self._ends
        return Page(Blocks(*map(list, zip(*self._blocks, strict=True))), elements)

    def _mark(self, size: int) -> None:
        """Count characters of the run for the links and the bold and italic elements they stand in."""
        _, links, bolds, italics = self._counts
        if links:
            self._link += size
        if bolds:
            self._bold += size
        if italics:
            self._italic += size

    def _break(self) -> None:
        """End a line; an empty one ends the block."""
        line = "".join(self._run)
        self._run.clear()
        if line.strip():
            self._lines.append(line)
        elif self._lines:
            self._end_block()

    def _enter_inline(self, tag: markup.Tag, written: str) -> None:
        if tag.media:
            self._media += 1
        if counted := tag.counted:
            self._counts[counted] += 1
            self._marked += 1
        if not self._begun and (place := written.find(" ")) > 0 and len(self._inner) < _LONGEST_INNER:
            self._inner += markup.names(written[place:])

    def _enter(self, tag: markup.Tag) -> int:
        _, _, _, _, sign, code, mark = tag
        opened, elements = self._open, self._elements
        up, marks, path = opened[-1]
        marks |= mark | _LINK if self._counts[markup.LINK] else mark
        path = self._paths.setdefault((path, sign), len(self._paths))
        own = len(elements)
        elements.append((up, code, marks, len(opened), path, sign, len(self._blocks)))
        opened.append((own, marks, path))
        self._ends.append(0)
        return own

    def _end_block(self) -> None:
        """Store what was written since the last boundary, if there is anything to see in it."""
        if self._begun:
            element, marks, _ = self._open[-1]
            self._lines.append("".join(self._run))
            if text := block_text(self._lines, verbatim=bool(marks & _VERBATIM)):
                row = (text, element, self._link, self._bold, self._italic, self._media, self._inner)
                self._blocks.append(row)
            self._lines.clear()
            self._link = self._bold = self._italic = 0
            self._begun = False
        self._run.clear()
        self._inner = ""
