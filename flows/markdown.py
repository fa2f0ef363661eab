r"""The clean text of a document as Markdown (CommonMark, with the tables of GitHub), by the shapes of its blocks.

Headings, items, tables, quotations, lines of verse and of programs are what the page's own elements say. Nothing is
added to the words but marks, and nothing that a rule removed comes back.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKS = re.compile(r"([\\`*_\[\]<>&|~#])")
_BEGINS = re.compile(r"(\s*)([-+=]|\d{1,9}[.)])(?=\s|$|[-=])")
_SHAPE = re.compile(r"(>*)(h[1-6]|li|ol|\+|p|pre|table|tr|td)(\d*)")
_TICKS = re.compile(r"`+")
_DEEPEST = 12
"""Lists nested deeper than this are shown as if they were not: each level indents every line below it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The clean words of one block, and its shape (schemas.account.SHAPES)."""

    text: str
    shape: str


def markdown(title: str | None, pieces: Sequence[Piece]) -> str:
    """Return a document as Markdown, its title as the first heading; pieces without words are left out."""
    parts: list[str] = [f"# {_line(title)}"] if title else []
    mark, items = "", False
    for quoted, item, text in _written([piece for piece in pieces if piece.text.strip()]):
        # items follow each other; blocks of one quotation are held together by its mark
        gap = f"\n{quoted.rstrip()}\n" if quoted == mark else "\n\n"
        parts += ("" if not parts else "\n" if item and items and quoted == mark else gap, text)
        mark, items = quoted, item
    return "".join(parts) + ("\n" if parts else "")


def _written(pieces: Sequence[Piece]) -> Iterator[tuple[str, bool, str]]:
    """Yield each piece, or table, as Markdown: its quotation's mark, whether it is an item of a list, the text."""
    numbers: dict[tuple[int, str], int] = {}
    indents: dict[int, int] = {}
    at = 0
    while at < len(pieces):
        quotes, name, depth = _parsed(pieces[at].shape)
        mark = "> " * quotes
        if name in {"table", "tr", "td"} or (name == "+" and not depth):
            end = at + 1
            while end < len(pieces) and _belongs(pieces[end].shape, quotes):
                end += 1
            yield mark, False, "\n".join(mark + row for row in _table(pieces[at:end]))
            at = end
            continue
        if name in {"li", "ol"}:
            depth = min(depth, _DEEPEST)
            for deeper in [key for key in numbers if key[0] > depth]:
                del numbers[deeper]
            numbers[depth, name] = numbers.get((depth, name), 0) + 1
            bullet = f"{numbers[depth, name]}. " if name == "ol" else "- "
            left = indents.get(depth - 1, 0)
            indents[depth] = left + len(bullet)
            yield mark, True, _block(_lines(pieces[at].text), mark + " " * left + bullet, mark + " " * indents[depth])
        elif name == "+":
            left = indents.get(min(depth, _DEEPEST), 0)
            yield mark, False, _block(_lines(pieces[at].text), mark + " " * left, mark + " " * left)
        else:
            numbers, indents = {}, {}
            yield mark, False, _plain(pieces[at].text, name, mark)
        at += 1


def _plain(text: str, name: str, mark: str) -> str:
    if name.startswith("h"):
        return f"{mark}{'#' * int(name[1])} {_line(text)}"
    if name == "pre":
        fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
        return _block([fence, *text.split("\n"), fence], mark, mark)
    return _block(_lines(text), mark, mark)


def _belongs(shape: str, quotes: int) -> bool:
    marks, name, depth = _parsed(shape)
    return marks == quotes and (name in {"tr", "td"} or (name == "+" and not depth))


def _table(pieces: Sequence[Piece]) -> Iterator[str]:
    rows: list[list[str]] = []
    for piece in pieces:
        name = _parsed(piece.shape)[1]
        cell = _line(piece.text)
        if name in {"table", "tr"} or not rows:
            rows.append([cell])
        elif name == "td":
            rows[-1].append(cell)
        else:
            rows[-1][-1] += f"<br>{cell}"
    width = max(map(len, rows))
    for number, row in enumerate(rows):
        yield f"| {' | '.join([*row, *[''] * (width - len(row))])} |"
        if number == 0:
            yield f"|{' --- |' * width}"


def _parsed(shape: str) -> tuple[int, str, int]:
    """Return how many quotations a shape stands in, what it is, and how deep; a paragraph where it is unknown."""
    match = _SHAPE.fullmatch(shape)
    return (len(match[1]), match[2], int(match[3][:4] or 0)) if match else (0, "p", 0)


def _block(lines: Sequence[str], first: str, others: str) -> str:
    return "\n".join((first if number == 0 else others) + line for number, line in enumerate(lines))


def _lines(text: str) -> list[str]:
    """Return the lines of a block, each but the last with the mark of a line break."""
    lines = [_escaped(line.strip()) for line in text.split("\n") if line.strip()]
    return [f"{line}\\" for line in lines[:-1]] + lines[-1:]


def _line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(line: str) -> str:
    r"""Return a line whose every character means itself.

    >>> _escaped("1. a_b")
    '1\\. a\\_b'
    """
    marked = _MARKS.sub(r"\\\1", line)
    begins = _BEGINS.match(marked)
    if not begins:
        return marked
    at = begins.end(2) - 1
    return f"{marked[:at]}\\{marked[at:]}"
