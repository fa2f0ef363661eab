"""Lines that many pages of the site share, by the site memory that a page is cleaned with; none without one.

The rule of an edit has the evidence: `memory:repeated_block/12-of-40-pages`. What stays whatever the memory says:
paragraphs and all that stands between those of the page's own, the title, quotations, the line right above a paragraph
(it may head it), and everything on a page without a paragraph of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cleaners.lines import is_quotation
from cleaners.matching import Line, is_prose, split_lines
from cleaners.protected import quoted_lines
from cleaners.recurrence import in_company, normal
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.memory import SiteLine
from schemas.page import Document

_RULE = re.compile(r"memory:repeated_block/(\d+)-of-(\d+)-pages")
_HEADLINE = 15
"""Characters from which a line that the title holds is the headline: lists of the most read name the page itself."""


def propose(document: Document) -> Iterable[Edit]:
    """Propose to take the lines that the site's pages share."""
    return proposals(document, document.site_lines) if document.site_lines else ()


def why(rule: str) -> str | None:
    """Return what a rule of this cleaner says of its evidence; None for the rule of another.

    >>> why("memory:repeated_block/12-of-40-pages")
    'A line that stands on 12 of the 40 pages of its site that the site memory was built from.'
    """
    found = _RULE.fullmatch(rule)
    if found is None:
        return None
    return f"A line that stands on {found[1]} of the {found[2]} pages of its site that the site memory was built from."


def proposals(document: Document, known: Mapping[str, SiteLine]) -> Iterator[Edit]:
    """Yield an edit for each line of the text that is in `known`, to be taken, and stands where such lines stand."""
    keyed = [(line, key) for line in split_lines(document.text) if (key := normal(line.text))]
    lines, shared = [line for line, _ in keyed], [known.get(key) for _, key in keyed]
    own = [n for n, line in enumerate(lines) if shared[n] is None and is_prose(line.text)]
    if not own:
        return
    stays = _staying(document, lines)
    for number in (*range(own[0]), *range(own[-1] + 1, len(lines))):
        line, evidence = lines[number], shared[number]
        if evidence is None or not evidence.taken or number in stays or not in_company(shared, number):
            continue
        label = f"memory:repeated_block/{evidence.count}-of-{evidence.documents}-pages"
        yield Edit(line.start, line.end, document.text[line.start : line.end], "", label)


def _staying(document: Document, lines: Sequence[Line]) -> set[int]:
    """Return the lines that stay whatever is known of them: the title, quotations, what heads a paragraph."""
    title, quoted = normal(document.title or ""), quoted_lines(document.text, lines)
    heads = {number for number in range(len(lines) - 1) if is_prose(lines[number + 1].text)}
    said = {n for n, line in enumerate(lines) if is_quotation(line.text) or _is_title(normal(line.text), title)}
    return heads | said | quoted


def _is_title(line: str, title: str) -> bool:
    return line == title or (len(line) >= _HEADLINE and line in title)


CLEANER = Cleaner("memory", "2026.11.1", propose)
