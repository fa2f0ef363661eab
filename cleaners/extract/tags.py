"""A linear-time reader of HTML tags, for pages that no tree builder should be given.

`tags` reads each character a bounded number of times and builds nothing; `strain` uses it to say what is too much about
a page, `strip_tags` to make text of it.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from cleaners.extract.lines import Lines, unescape

ROWS = frozenset(("dd", "dt", "li", "option", "optgroup", "tr"))
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "details", "dialog", "dir"),
        *("div", "dl", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("head", "header", "hr", "html", "legend", "main", "menu", "nav", "ol", "p", "pre", "search", "section"),
        *("summary", "table", "tbody", "tfoot", "thead", "ul"),
    )
)
CELLS = frozenset(("td", "th"))
UNSEEN = frozenset(
    (
        *("script", "style", "template", "noscript", "noframes", "noembed", "iframe", "textarea", "title", "svg"),
        *("math", "select"),
    )
)
"""Elements whose text is not shown as text of the page."""
# inside these a tag is no tag, up to the element's own end tag
_RAW = frozenset(("script", "style", "textarea", "title", "noframes", "noembed", "iframe", "xmp"))
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW | UNSEEN}

# a tag of the usual form, whole; no part of it reaches past the next "<", so failing costs no more than that
_PLAIN = re.compile(r"""</?([a-zA-Z][^\s/<>"']*)(?:[^<>"']|(?<==)"[^"<>]*"|(?<==)'[^'<>]*')*+>""")
_OPEN = re.compile(r"</?([a-zA-Z][^\s/>]*)|<!--|<[!?]")
# up to the end of a tag; an unclosed quote would swallow the rest of the page, and is taken for a slip
_REST = re.compile(r"""(?:[^>"'=]++|=\s{0,9}+(?:"[^"]*+"|'[^']*+')?+|["'])*+>?""")
Tag: TypeAlias = tuple[str, bool, int, int]
"""Name in lower case (empty for comments and declarations), whether it is an end tag, and [start, end)."""


def tags(page: str, at: int = 0) -> Iterator[Tag]:
    """Yield the tags, comments and declarations from a place of a page on; those inside scripts are left out."""
    unclosed: set[str] = set()
    while (start := page.find("<", at)) >= 0:
        found = _PLAIN.match(page, start) or _OPEN.match(page, start)
        if not found:
            at = start + 1
            continue
        name = (found[1] or "").lower()
        if not name:
            at = _end_of_comment(page, start) if found[0] == "<!--" else _after(page, ">", found.end())
            yield "", False, start, at
            continue
        at = found.end() if page[found.end() - 1] == ">" else _end_of_tag(page, found.end())
        closing = page[start + 1] == "/"
        yield name, closing, start, at
        if name in _RAW and not closing:
            at = _skip(page, name, at, unclosed)


def _skip(page: str, name: str, at: int, unclosed: set[str]) -> int:
    """Return where the end tag of `name` begins; `unclosed` remembers what has none, so it is sought only once."""
    end = None if name in unclosed else _ENDS[name].search(page, at)
    if end:
        return end.start()
    unclosed.add(name)
    return len(page) if name in {"script", "style"} else at


def _after(page: str, mark: str, at: int) -> int:
    found = page.find(mark, at)
    return len(page) if found < 0 else found + len(mark)


def _end_of_comment(page: str, start: int) -> int:
    if page.startswith((">", "->"), start + 4):  # the two that end at once
        return _after(page, ">", start + 4)
    return _after(page, "-->", start + 4)


def _end_of_tag(page: str, at: int) -> int:
    """Return where the tag ends whose attributes begin at `at`; quotes hide a `>` only around a value."""
    rest = _REST.match(page, at)
    return rest.end() if rest else len(page)


def strip_tags(page: str) -> str:
    r"""Return the visible text of a page without building a tree: one block per line, a blank line between blocks.

    Menus and footers stay: which block is the article cannot be told from tags alone. What stands in `noscript` is
    text where there is no other.

    >>> strip_tags("<title>t</title><p>1 &lt; 2<br>and <b>bold</b><script>x</script><p>next")
    '1 < 2\nand bold\n\nnext'
    """
    return _stripped(page, UNSEEN) or _stripped(page, UNSEEN - {"noscript"})


def _stripped(page: str, unseen: frozenset[str]) -> str:
    lines = Lines()
    unclosed: set[str] = set()
    at = 0
    for name, closing, start, end in tags(page):
        if start < at:  # inside an element that is not shown
            continue
        lines.write(unescape(page[at:start]))
        at = end
        if name in unseen and not closing and page[end - 2] != "/":
            at = _skip(page, name, end, unclosed)
        elif name in CELLS and not closing:
            lines.cell()
        elif name == "br":
            lines.line_break()
        elif name in ROWS or name in BLOCKS:
            lines.end(blank=name in BLOCKS)
    lines.write(unescape(page[at:]))
    return lines.text()
