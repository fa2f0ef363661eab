"""Takes remnants of markup out of text: HTML tags and entities, Markdown, wiki marks, and codes in brackets.

The words inside stay, and each mark is an edit of its own. What could be meant as it is written stays as well:
footnote marks, editorial brackets, formulas, code between backticks.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from cleaners.shortcodes import shortcodes
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document

# an end tag, a tag with an attribute, or one of these names alone is markup; the names after them could be
# placeholders ("git add <object>"), and are markup alone only where the text closes them
_PLAIN = (
    *("a", "abbr", "b", "big", "br", "del", "em", "font", "i", "ins", "nobr", "s", "small", "span", "strike", "strong"),
    *(
        "sub",
        "sup",
        "tt",
        "u",
        "wbr",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
    ),
    *("h3", "h4", "h5", "h6", "hr", "iframe", "img", "li", "noscript", "ol", "p", "pre", "table", "tbody", "td", "th"),
    *("thead", "tr", "ul"),
)
_DOUBTFUL = (
    *(
        "acronym",
        "article",
        "aside",
        "button",
        "caption",
        "cite",
        "code",
        "details",
        "footer",
        "form",
        "header",
        "input",
    ),
    *("kbd", "label", "main", "mark", "nav", "object", "option", "picture", "q", "samp", "section", "select", "source"),
    *("summary", "svg", "textarea", "time", "var", "video"),
)
_BLOCKS = frozenset(
    (
        *("article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"),
        *(
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "iframe",
            "li",
            "main",
            "nav",
            "ol",
            "option",
            "p",
        ),
        *("pre", "section", "select", "table", "tbody", "td", "th", "thead", "tr", "ul", "video"),
    )
)
_KNOWN = frozenset(_PLAIN + _DOUBTFUL)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,11})(\s+[a-z][\w:-]{0,40}\s*=[^<>\n]*)?\s*/?>", re.IGNORECASE)
# the same written with entities; its attributes end at the next entity
_ESCAPED_TAG = re.compile(r"&lt;(/?)([a-z][a-z0-9]{0,11})(\s+[a-z][\w:-]{0,40}\s*=[^<>&\n]*)?\s*/?&gt;", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b[^<>\n]*>|<!--", re.IGNORECASE)
_QUOTES = frozenset("'\"“”‘’«»„")

_ENTITY = re.compile(r"&(?:amp;){0,3}(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_MARKS = re.compile(r"\*+|_+")
_HEADING = re.compile(r"^(#{2,6}[ \t]+)\S", re.MULTILINE)
_HEADING_END = re.compile(r"[ \t]+#{2,6}[ \t]*$")
_TOP_HEADING = re.compile(r"(#[ \t]+)[^\W\d_]")
_URL = r"(?:https?://|mailto:|www\.|/|#|\.\./)(?:[^()\s]|\([^()\s]*\))*+"
_TARGET = rf"\((?:<[^<>\n]*>|{_URL})(?:\s+\"[^\"\n]*\")?\)"
_FILE = r"\((?:[^()\s]|\([^()\s]*\))++(?:\s+\"[^\"\n]*\")?\)"
_IMAGE = re.compile(rf"\[!\[[^\[\]\n]*\]{_FILE}\]{_FILE}|!\[[^\[\]\n]*\]{_FILE}")
_LINK = re.compile(rf"(\[)(?:[^\[\]\n]|\[[^\[\]\n]*\])++(\]{_TARGET})")
_TEMPLATE = re.compile(r"\{\{[^{}\n]+\}\}")
_WIKI_FILE = re.compile(r"\[\[(?:file|image|category|файл|категория):[^\[\]\n]+\]\]", re.IGNORECASE)
_WIKI_LINK = re.compile(r"(\[\[(?:[^\[\]|\n]+\|)?)([^\[\]|\n]+)(\]\])(?!\()")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def propose(document: Document) -> Iterable[Edit]:
    """Propose to take out what is left of markup.

    What stands in the text of an HTML page was shown to its readers, marks and all: there only entities and links
    in Markdown are taken for slips. Nothing between backticks is touched.
    """
    text = document.text
    finders: list[Callable[[str], Iterator[Edit]]] = [_entities, _links]
    if not document.is_html:
        finders = [_hidden, _tags, *finders, _pairs, _headings, _wiki, shortcodes]
    code = [match.span() for match in _CODE.finditer(text)] if "`" in text else []
    for find in finders:
        for edit in find(text):
            following = bisect_right(code, edit.start, key=lambda span: span[1])
            if following == len(code) or code[following][0] >= edit.end:
                yield edit


def _cut(text: str, start: int, end: int, rule: str, after: str = "") -> Edit:
    return Edit(start, end, text[start:end], after, f"markup:{rule}")


def _has(text: str, mark: str) -> bool:
    """Tell whether a mark stands in a text: one character is sought much faster than two, and is seldom there."""
    return mark[0] in text and mark in text


def _hidden(text: str) -> Iterator[Edit]:
    """Take scripts, style sheets and comments, with what is in them."""
    if "<" not in text:
        return
    lower, at = text.lower(), 0
    missing: set[str] = set()  # ends that do not come any more, so that each is sought once
    while match := _HIDDEN.search(text, at):
        at = match.end()
        end_mark = f"</{match[1].lower()}>" if match[1] else "-->"
        end = -1 if end_mark in missing else lower.find(end_mark, at)
        if end < 0:
            missing.add(end_mark)
            continue
        at = end + len(end_mark)
        yield _cut(text, match.start(), at, "markup_script/element" if match[1] else "markup_comment/html")


def _tags(text: str) -> Iterator[Edit]:
    if "<" not in text and "&" not in text:
        return
    closed = {match[2].lower() for match in _TAG.finditer(text) if match[1]}
    for pattern in (_TAG, _ESCAPED_TAG):
        for match in pattern.finditer(text):
            start, end, name = match.start(), match.end(), match[2].lower()
            certain = match[1] or match[3] or name in _PLAIN or name in closed
            # a tag that is spoken of: the "<b>" tag
            quoted = text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES
            if name in _KNOWN and certain and not quoted:
                yield _cut(text, start, end, f"markup_tag/{name}", _break(text, start, end) if name in _BLOCKS else "")


def _break(text: str, start: int, end: int) -> str:
    """Return the line end that a block's tag stands for, where words on both sides would run together without it."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if not before or not after or "\n" in before + after:
        return ""
    return "\n"


def _entities(text: str) -> Iterator[Edit]:
    if "&" not in text:
        return
    for match in _ENTITY.finditer(text):
        reference = f"&{match[1]};"
        character = html.unescape(reference)
        # a name that is none stays as it is, and so does a number that stands for no visible character
        if character not in {reference, ""} and all(
            c.isprintable() or c in "\xa0\xad" or "\u2000" <= c <= "\u200f" for c in character
        ):
            kind = "double-encoded" if len(match[0]) > len(reference) else "encoded"
            yield _cut(text, *match.span(), f"markup_entity/{kind}", character)


def _pairs(text: str) -> Iterator[Edit]:
    """Take the marks of bold type, two or three asterisks or underscores, where a line has both of a pair."""
    if not _has(text, "**") and not _has(text, "__"):
        return
    start = 0
    for line in text.split("\n"):
        if "**" in line or "__" in line:
            opened: re.Match[str] | None = None
            for mark in _MARKS.finditer(line):
                before, after = line[max(mark.start() - 1, 0) : mark.start()], line[mark.end() : mark.end() + 1]
                if len(mark[0]) not in {2, 3}:
                    continue
                if opened and mark[0] == opened[0] and before.strip() and not after.isalnum():
                    if mark[0][0] == "*" or " " in line[opened.end() : mark.start()]:  # __init__ is a name
                        for m in (opened, mark):
                            yield _cut(text, start + m.start(), start + m.end(), "markup_bold/pair")
                    opened = None
                elif after.strip() and not before.isalnum() and before != "\\":
                    opened = mark
        start += len(line) + 1


def _headings(text: str) -> Iterator[Edit]:
    if top := _TOP_HEADING.match(text):
        yield _cut(text, *top.span(1), "markup_heading/top")
    if not _has(text, "##"):
        return
    for match in _HEADING.finditer(text):
        yield _cut(text, *match.span(1), "markup_heading/marks")
        line_end = text.find("\n", match.end())
        line = text[match.end() : line_end if line_end >= 0 else len(text)]
        if closing := _HEADING_END.search(line[-200:]):
            end = match.end() + len(line)
            yield _cut(text, end - len(closing[0]), end, "markup_heading/marks")


def _links(text: str) -> Iterator[Edit]:
    if not _has(text, "]("):
        return
    for match in _IMAGE.finditer(text):
        yield _cut(text, *match.span(), "markup_image/markdown")
    for match in _LINK.finditer(text):
        if text[match.start() - 1 : match.start()] != "!":
            yield _cut(text, *match.span(1), "markup_link/markdown")
            yield _cut(text, *match.span(2), "markup_link/markdown")


def _wiki(text: str) -> Iterator[Edit]:
    if not _has(text, "{{") and not _has(text, "[["):
        return
    for match in _TEMPLATE.finditer(text):
        yield _cut(text, *match.span(), "markup_template/braces")
    for match in _WIKI_FILE.finditer(text):
        yield _cut(text, *match.span(), "markup_image/wiki")
    for match in _WIKI_LINK.finditer(text):
        if not match[2].strip().isdigit():  # [[1]] is a footnote
            yield _cut(text, *match.span(1), "markup_link/wiki")
            yield _cut(text, *match.span(3), "markup_link/wiki")


CLEANER = Cleaner("markup", "2026.11.1", propose)
