"""How much of each line is link text, where a text came with the marks of its links."""

import re
from collections.abc import Sequence

# Linear, as all of these: no part can pass the mark that ends it.
_LINK = re.compile(r"<u>([^<\n]*)</u>|\[([^\[\]\n]*)\]\(")
_TARGET = re.compile(r"\]\([^()]*(?:\([^()]*\)[^()]*)?\)|</?[a-z]{1,6}>")
_SAID = re.compile(r"[\W_]+")


def link_shares(source: str | None, lines: Sequence[str]) -> list[float]:
    r"""Return the share of link text in each line, marks counted in; -1 for all of a text without marks of links.

    `source` is the text before its marks were taken; a line is found in it by its letters and digits.

    >>> link_shares("[Home](/) <u>News</u>\nA line.", ["Home News", "A line."])
    [0.38095238095238093, 0.0]
    >>> link_shares("Home", ["Home"])
    [-1.0]
    """
    if source is None or not ("<u>" in source or "](" in source):
        return [-1.0] * len(lines)
    shares = {}
    for line in source.split("\n"):
        if "<u>" in line or "](" in line:
            linked = sum(len(first or second) for first, second in _LINK.findall(line))
            shares[_said(_TARGET.sub("", line))] = linked / (len(line.strip()) or 1)
    return [shares.get(_said(line), 0.0) for line in lines]


def _said(line: str) -> str:
    return _SAID.sub("", line.lower())[:200]
