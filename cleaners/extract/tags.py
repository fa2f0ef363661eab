"""A linear-time reader of HTML tags, for pages that no tree builder should be given.

Tree builders and extractors are quadratic in some hostile pages: in nesting depth, in cells of one table, in
attributes of one tag. `tags` reads each character a bounded number of times and builds nothing; `strain` uses it
to say what is too much about a page, `strip_tags` to make text of it.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from cleaners.extract.lines import Lines, unescape

MAX_CHARACTERS = 20_000_000
MAX_TAGS = 60_000
"""Of 1,457 pages measured none has more than 22,000; at this number the extractor needs about 5 seconds."""
MAX_CELLS = 10_000
"""The extractor is quadratic in table cells: 10,000 take 0.6 s, 20,000 take 2.3 s; measured pages have up to 950."""
MAX_ATTRIBUTES = 500
"""Per tag; tree builders are quadratic in them: of 40,000 lexbor needs 2.4 s."""
MAX_DEPTH = 1_000
"""A tree builder looks through the open elements again and again: at 40,000 lexbor needs 1.7 s."""
MAX_COPIES = 1_000_000
"""Of formatting elements: one that is left open is opened anew in every later paragraph (HTML standard 13.2.4.3)."""
_PLAIN_TAGS = 10_000
"""Up to this many no depth is too deep: lexbor needs 0.1 s for as many nested elements."""
_PLAIN_CHARACTERS = 60_000
"""Up to this many there is no room for attributes that would take longer than 0.3 s."""

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
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
        *("wbr"),
    )
)
# these end by themselves where the next of their kind begins, so that a row of them is no nesting
_SELF_ENDING = frozenset(
    ("p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup")
)
# inside these a tag is no tag, up to the element's own end tag
_RAW = frozenset(("script", "style", "textarea", "title", "noframes", "noembed", "iframe", "xmp"))
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW | UNSEEN}

_LOOKS = 50
"""Tags that are looked at one by one before all are; what looks crowded is mostly a script or a drawing."""

_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"))
# of equal ones a tree builder repeats three; these differ, or may
_FORMATTED = re.compile(r"<(?=[bcefistuBCEFISTU])(?:[bisuBISU]|(?i:big|code|em|font|small|strike|strong|tt))[\s/]")
# what may be 500 attributes in one tag; each repetition is bounded and none is tried twice
_CROWDED = re.compile(r"""<[a-zA-Z](?:[^>="']{1,20}+|=\s{0,9}+(?:"[^"]{0,8000}+"|'[^']{0,8000}+')?+|["']){70}+""")

# a tag of the usual form, whole; no part of it reaches past the next "<", so failing costs no more than that
_PLAIN = re.compile(r"""</?([a-zA-Z][^\s/<>"']*)(?:[^<>"']|(?<==)"[^"<>]*"|(?<==)'[^'<>]*')*+>""")
_OPEN = re.compile(r"</?([a-zA-Z][^\s/>]*)|<!--|<[!?]")
# up to the end of a tag; an unclosed quote would swallow the rest of the page, and is taken for a slip
_REST = re.compile(r"""(?:[^>"'=]++|=\s{0,9}+(?:"[^"]*+"|'[^']*+')?+|["'])*+>?""")
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"?|'[^']*'?)""")

Tag: TypeAlias = tuple[str, bool, int, int]
"""Name in lower case (empty for comments and declarations), whether it is an end tag, and [start, end)."""


def tags(page: str) -> Iterator[Tag]:
    """Yield the tags, comments and declarations of a page, in order; those inside scripts are left out."""
    unclosed: set[str] = set()
    at = 0
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


def strain(page: str) -> str | None:
    """Say what is too much about a page for a tree builder, or return None where nothing is."""
    if len(page) > MAX_CHARACTERS:
        return f"longer than {MAX_CHARACTERS:,} characters"
    return None if _is_plain(page) else _strain(page)


def _is_plain(page: str) -> bool:
    """Return whether a page cannot be too much, by counts that cost a tenth of reading its tags."""
    count = page.count("<")
    return (
        count <= _PLAIN_TAGS
        and (count * count <= MAX_COPIES or count * len(_FORMATTED.findall(page)) <= MAX_COPIES)
        and (len(page) <= _PLAIN_CHARACTERS or not _may_crowd(page))
    )


def _may_crowd(page: str) -> bool:
    """Return whether a tag has too many attributes, or whether too many look as if they had."""
    at = 0
    for _ in range(_LOOKS):
        found = _CROWDED.search(page, at)
        if found is None:
            return False
        at = found.start() + 1
        if _is_crowded(page[at : _end_of_tag(page, at)]):
            return True
    return True


def _is_crowded(tag: str) -> bool:
    return len(tag) > 2 * MAX_ATTRIBUTES and len(_QUOTED.sub(" ", tag).split()) > MAX_ATTRIBUTES


def _strain(page: str) -> str | None:
    count = cells = copies = 0
    stack: list[str] = []
    open_count: dict[str, int] = {}
    formats: dict[str, int] = {}
    for name, closing, start, end in tags(page):
        count += 1
        if count > MAX_TAGS:
            return f"more than {MAX_TAGS:,} tags"
        if name in _FORMATTING and (closing or end - start > len(name) + 2):
            formats[name] = max(formats.get(name, 0) + (-1 if closing else 1), 0)
        if closing:
            _close(name, stack, open_count)
        if closing or not name:
            continue
        copies += sum(formats.values())
        if copies > MAX_COPIES:
            return f"formatting that is never closed and would be repeated more than {MAX_COPIES:,} times"
        if end - start > 2 * MAX_ATTRIBUTES and _is_crowded(page[start:end]):
            return f"more than {MAX_ATTRIBUTES:,} attributes in one tag"
        cells += name in CELLS
        if cells > MAX_CELLS:
            return f"more than {MAX_CELLS:,} table cells"
        # a slash ends no element of HTML, and is believed only where the name may be SVG's or the page's own
        ended = page[end - 2] == "/" and name not in BLOCKS and name not in _FORMATTING
        if name not in _VOID and name not in _SELF_ENDING and not ended:
            stack.append(name)
            open_count[name] = open_count.get(name, 0) + 1
            if len(stack) > MAX_DEPTH:
                return f"elements nested more than {MAX_DEPTH:,} deep"
    return None


def _close(name: str, stack: list[str], open_count: dict[str, int]) -> None:
    """Close the innermost element of that name, and all inside it; nothing where none is open."""
    if not open_count.get(name):
        return
    last = ""
    while last != name:
        last = stack.pop()
        open_count[last] -= 1


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
