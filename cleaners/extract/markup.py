"""The markup of a tree as its own serializer writes it: tags that are looked up as they are written.

To walk a tree node by node takes a call for each name, text, attribute and neighbour. Its serializer gives all of it in
one, in a form that is easy to read: every element is closed, values are in double quotes, and only what begins or ends
a tag is written as "<" or ">", but for text in a few elements (`RAW`), comments, and "<" in odd names.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from cleaners.extract.tags import UNSEEN

CLOSING, INLINE, BOUND, BREAK, VOID, RULE, SKIPPED, COMMENT, RAW = range(9)
"""What a tag is to a reader of blocks; BOUND parts blocks, VOID has no end tag, and RULE is both."""

Pieces: TypeAlias = Iterator[tuple[str, str]]
"""What follows each "<" up to the next, with the piece after it."""

LINK, BOLD, ITALIC = 1, 2, 3
_COUNTED = {"a": LINK, "b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC}
_MEDIA = frozenset(("img", "picture", "video", "audio"))
_VOID = frozenset(
    (
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link"),
        *("meta", "param", "source", "track", "wbr"),
    )
)
_RAW = ("script", "style", "iframe", "noembed", "noframes", "xmp")
_SIGNS = ("class", "id", "role", "itemprop", "data-testid", "data-component", "aria-label", "data-type")
_ORDER: Mapping[str, int] = {name: place for place, name in enumerate(_SIGNS)}
_NAMES = re.compile(rf' ({"|".join(_SIGNS)})="([^"]*)"')
_STYLE = re.compile(r' style="([^"]*)"')
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_SCRIPT_TAG = re.compile(r"(?i)(/?)script[\s/>]")
_LONGEST_SIGN = 200
_REMEMBERED, _LONGEST_REMEMBERED = 20_000, 200


class Tag(NamedTuple):
    """What is known of a tag from how it is written."""

    role: int
    counted: int = 0
    """LINK, BOLD, ITALIC, or 0."""
    media: bool = False
    name: str = ""
    sign: str = ""
    """Of what bounds a block: tag, class, id and other names its author gave it."""
    code: int = 0
    """Of what bounds a block: its place among the tags the model tells apart."""
    marks: int = 0


class Bounds(NamedTuple):
    """What bounds blocks: tags with their code and marks, those of a tag that the page made up, and a mark."""

    known: Mapping[str, tuple[int, int]]
    custom: tuple[int, int]
    hidden: int
    """The mark of an element that says it is not shown."""


class Tags(dict[str, Tag]):
    """Start tags by what is written between "<" and ">"; those that bound blocks are remembered."""

    def __init__(self, bounds: Bounds, skipped: frozenset[str]) -> None:
        super().__init__()
        self._bounds, self._skipped = bounds, skipped
        self._named: dict[str, Tag] = {}

    def __missing__(self, written: str) -> Tag:
        name, _, attributes = written.partition(" ")
        tag = self._named.get(name) or self._of(name)
        if tag.role == BOUND and attributes:
            tag = self._signed(tag, attributes)
            if len(written) < _LONGEST_REMEMBERED:
                self._remember(self, written, tag)
        return tag

    def _remember(self, where: dict[str, Tag], name: str, tag: Tag) -> None:
        if len(where) >= _REMEMBERED:
            where.clear()
        where[name] = tag

    def _of(self, name: str) -> Tag:
        """Return what a tag without attributes is."""
        if name[:1] in "!?":
            return Tag(COMMENT if name[:1] == "!" else VOID)
        if name in self._skipped:
            tag = Tag(SKIPPED, name=name)
        elif name == "xmp":
            tag = Tag(RAW, name=name)
        elif name == "br":
            tag = Tag(BREAK)
        elif name in self._bounds.known or "-" in name:
            code, marks = self._bounds.known.get(name, self._bounds.custom)
            tag = Tag(RULE if name in _VOID else BOUND, name=name, sign=name, code=code, marks=marks)
        else:
            tag = Tag(VOID if name in _VOID else INLINE, _COUNTED.get(name, 0), name in _MEDIA)
        self._remember(self._named, name, tag)
        return tag

    def _signed(self, tag: Tag, attributes: str) -> Tag:
        """Return the tag with what its attributes add."""
        marks = tag.marks
        if attributes.startswith('class="') and attributes.find('"', 7) == len(attributes) - 1:  # as most are
            sign = f"{tag.sign} {unescaped(attributes[7:-1])[:_LONGEST_SIGN]}"
        else:
            attributes = " " + attributes
            sign = tag.sign + names(attributes)
            style = _STYLE.search(attributes)
            if ' hidden="' in attributes or (style and _HIDDEN.search(unescaped(style[1])[:500])):
                marks |= self._bounds.hidden
        return Tag(tag.role, 0, tag.media, tag.name, sign, tag.code, marks)


def names(attributes: str) -> str:
    """Return the names that attributes give an element, a space before each."""
    found = _NAMES.findall(attributes)
    if len(found) > 1:
        found.sort(key=_by_sign)
    elif attributes == ' class=""':
        return " "
    return "".join([f" {unescaped(value)[:_LONGEST_SIGN]}" for _, value in found if value])


def _by_sign(found: tuple[str, str]) -> int:
    return _ORDER[found[0]]


def unescaped(text: str) -> str:
    """Return a text or a value as it is in the tree; the serializer writes five characters otherwise."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\u00a0").replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&amp;", "&")


def pieces_of(markup: str) -> Pieces:
    """Return the pieces of a serialized element, from its own tag on."""
    pieces = [*markup.split("<"), ""]
    return zip(pieces[1:-1], pieces[2:], strict=True)


def whole(piece: str, following: str, pieces: Pieces) -> tuple[str, str]:
    """Return a tag to its end where "<" is part of a name in it, with what follows it, and the piece after."""
    parts = [piece]
    while ">" not in parts[-1]:
        piece, following = next(pieces, (">", ""))
        parts.append(piece)
    return "<".join(parts), following


def after_comment(piece: str, pieces: Pieces) -> str:
    """Return the text after a comment; `piece` is where it begins."""
    start = 3
    while (end := piece.find("-->", start)) < 0:
        piece, start = next(pieces, ("-->", ""))[0], 0
    return piece[end + 3 :]


def after(name: str, pieces: Pieces) -> str:
    """Return the text after the end tag of an element that has been opened and that nothing in is read of."""
    if name in _RAW:
        return raw(name, "", pieces)[1]
    depth, end = 1, f"/{name}>"
    for piece, _ in pieces:
        if piece.startswith(end):
            depth -= 1
            if not depth:
                return piece[len(end) :]
        elif piece.startswith("!--"):
            after_comment(piece, pieces)
        else:
            written = piece if ">" in piece else whole(piece, "", pieces)[0]
            inner = re.split("[ >]", written, maxsplit=1)[0] if written.startswith((name, *_RAW)) else ""
            if inner == name:
                depth += 1
            elif inner in _RAW:
                raw(inner, "", pieces)
    return ""


def raw(name: str, text: str, pieces: Pieces) -> tuple[str, str]:
    """Return the text of an element that is written as it is, `text` being its beginning, and the text after it."""
    end, parts, hidden, escaped = f"/{name}>", [text], False, False
    for piece, _ in pieces:
        if piece.startswith(end) and not hidden:
            return "<".join(parts), piece[len(end) :]
        parts.append(piece)
        if name == "script":  # in a comment in it, a script has scripts of its own
            escaped = "-->" not in piece and (escaped or piece.startswith("!--"))
            if tag := _SCRIPT_TAG.match(piece) if escaped else None:
                hidden = not tag[1]
            hidden = hidden and escaped
    return "<".join(parts), ""
