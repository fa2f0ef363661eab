"""XML of strangers, read as it comes: no document type, no entities, no network, and an end to everything.

Feeds and sitemaps are read through here. lxml mends what is not well formed and never looks back, so that time and
memory grow no faster than the bytes; what follows the first limit that is met is left unread, and said to be.
"""

import re
import zlib
from collections.abc import Iterator
from html.entities import html5
from itertools import chain

from lxml import etree

LARGEST = 50 << 20
"""Bytes of a listing, uncompressed: what the sitemap protocol allows."""

_MOST_ELEMENTS = 1_500_000
"""In one document: 50,000 entries of a sitemap, which its protocol allows, with some thirty elements each."""
_MOST_INSIDE = 2_000
"""In one entry: an image sitemap has up to 1,000 pictures a page."""
_CHUNK = 1 << 16
_AMPERSAND = re.compile(rb"&(?:(#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_PREDEFINED = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_UNFINISHED = "ERR_TAG_NOT_FINISHED"
_SECTION = b"<![CDATA["
_GZIP = b"\x1f\x8b"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class RefusedError(ValueError):
    """A listing that is not read at all, because of what it is."""


def unpacked(body: bytes) -> tuple[bytes, str | None]:
    """Return the bytes, gunzipped where they are gzip, and what is wrong with them; never more than LARGEST."""
    if not body.startswith(_GZIP):
        return body[:LARGEST], _too_long(len(body))
    gunzip = zlib.decompressobj(wbits=31)
    try:
        content = gunzip.decompress(body, LARGEST + 1)
    except zlib.error as error:
        raise RefusedError(f"its gzip data is damaged: {error}") from error
    if len(content) > LARGEST:
        return content[:LARGEST], _too_long(len(content))
    return content, None if gunzip.eof else "its gzip data ends early"


def _too_long(size: int) -> str | None:
    return f"only its first {LARGEST >> 20} MiB were read" if size > LARGEST else None


class Document:
    """The elements of some names in an XML document, in order, each whole; RefusedError where it is not read.

    `root` is the local name of the root element, `top` is that element as far as it has come, known when the first
    element comes, and `problem` is what was wrong with the document, known after the last one.
    """

    def __init__(self, content: bytes, names: frozenset[str]) -> None:
        self._content, self._at, self._declared = _without_prolog(content)
        self._names = names
        self._events = etree.XMLPullParser(
            events=("start", "end"),
            recover=True,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self.root = _root_of(self._content, self._at)
        self.top: etree._Element | None = None
        self.problem: str | None = None

    def __iter__(self) -> Iterator["etree._Element"]:
        """Yield each element when it has ended; it is emptied when the next one is asked for."""
        count = inside = 0
        within: etree._Element | None = None
        for event, element in self._parsed():
            if event == "start":
                self.top = element if self.top is None else self.top
                count += 1
                inside = inside + 1 if within is not None else 0
                if within is None and local(element) in self._names:
                    within = element
                if count > _MOST_ELEMENTS or inside > _MOST_INSIDE:
                    most = f"{_MOST_ELEMENTS:,} elements" if count > _MOST_ELEMENTS else f"{_MOST_INSIDE:,} in an entry"
                    self.problem = f"read up to the limit of {most}"
                    return
                continue
            if element is within:
                yield element
                within = None
            if within is None:
                _forget(element)

    def _parsed(self) -> "Iterator[tuple[str, etree._Element]]":
        for piece in chain([self._declared], _mended(self._content, self._at)):
            try:
                self._events.feed(piece)
            except etree.XMLSyntaxError as error:
                self.problem = _broken(str(error))
                yield from self._read()
                return
            yield from self._read()
        try:
            self._events.close()
        except etree.XMLSyntaxError as error:
            self.problem = _broken(str(error))
        wrong = self._events.feed_error_log.filter_from_errors()
        if all(entry.type_name != _UNFINISHED for entry in wrong):  # else the rest ends in the middle of an address
            yield from self._read()
        if self.problem is None and len(wrong):
            self.problem = _broken(f"{wrong[0].message} (line {wrong[0].line})")

    def _read(self) -> "Iterator[tuple[str, etree._Element]]":
        for event, element in self._events.read_events():
            if isinstance(element, etree._Element):  # noqa: SLF001 - the stubs' name of what elements are
                yield event, element


def local(element: "etree._Element") -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def words(element: "etree._Element | None", longest: int = 500) -> str:
    """Return the text in an element on one line, cut to `longest` characters."""
    if element is None:
        return ""
    pieces, size = [], 0
    for piece in element.itertext():
        pieces.append(str(piece))
        size += len(pieces[-1])
        if size > 4 * longest:
            break
    return " ".join("".join(pieces).split())[:longest]


def root_name(content: bytes) -> str:
    """Return the local name of the root element, in lower case; "" where there is none."""
    try:
        content, at, _ = _without_prolog(content)
        return _root_of(content, at).lower()
    except RefusedError:
        return ""


def _broken(said: str) -> str:
    return f"not well-formed XML: {said}"[:300]


def _forget(element: "etree._Element") -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def _without_prolog(content: bytes) -> tuple[bytes, int, bytes]:
    """Return the document in an encoding that ASCII is part of, where its root element begins, and a declaration.

    What stands between the two can declare entities: a document type without any is left out, one with a part of
    its own refused. RefusedError also where there is no element.
    """
    declared = ""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            content, declared = content.removeprefix(mark).decode(encoding, "replace").encode(), "utf-8"
            break
    at = 0
    while (at := content.find(b"<", at)) >= 0:
        if content.startswith(b"<?", at):
            end = content.find(b"?>", at)
            declared = declared or _encoding(content[at : min(end, at + 200)])
        elif content.startswith(b"<!--", at):
            end = content.find(b"-->", at + 4) + 1
        elif content[at : at + 9].upper() == b"<!DOCTYPE":
            end = content.find(b">", at)
            if b"[" in content[at:end]:
                raise RefusedError("it declares a document type of its own, which can hide entities: refused")
        else:
            return content, at, f'<?xml version="1.0" encoding="{declared or "utf-8"}"?>\n'.encode()
        if end <= 0:
            break
        at = end + 1
    raise RefusedError("it holds no XML" if content.strip() else "it is empty")


def _mended(content: bytes, at: int) -> Iterator[bytes]:
    """Yield the document from `at` on, with ampersands of addresses escaped, and HTML's names of characters as numbers.

    lxml would leave them out, and half of an address with them. Each piece ends with a tag or a section, so that none
    cuts a name in two.
    """
    inside = False
    while at < len(content):
        end = content.rfind(b">", at, at + _CHUNK) + 1 or content.find(b">", at + _CHUNK) + 1 or len(content)
        mended: list[bytes] = []
        for number, piece in enumerate(content[at:end].split(_SECTION)):
            data, closing, outside = b"", b"", piece
            if number or inside:
                data, closing, outside = piece.partition(b"]]>")
                inside = not closing
            mended += (_SECTION if number else b"", data, closing, _AMPERSAND.sub(_reference, outside))
        at = end
        yield b"".join(mended)


def _reference(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name is None:
        return b"&amp;"
    if name in _PREDEFINED or name.startswith(b"#"):
        return found[0]
    meant = html5.get(f"{name.decode('ascii')};")
    return "".join(f"&#{ord(letter)};" for letter in meant).encode() if meant else b"&amp;" + found[0][1:]


def _encoding(declaration: bytes) -> str:
    _, found, after = declaration.partition(b"encoding=")
    name = after[1:].partition(after[:1])[0].decode("ascii", "replace") if found and after[:1] in {b'"', b"'"} else ""
    return name if name.replace("-", "").replace("_", "").replace(".", "").isalnum() and name.isascii() else ""


def _root_of(content: bytes, at: int) -> str:
    tag = content[at + 1 : at + 200]
    for stop in b" \t\r\n/>":
        tag = tag.partition(bytes((stop,)))[0]
    return tag.decode("ascii", "replace").rpartition(":")[2]
