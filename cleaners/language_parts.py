"""Pieces of a text that are judged one by one, and what each has in one script."""

from collections.abc import Iterator
from typing import NamedTuple

from cleaners.scripts import census, legible, only

# Characters that one decision looks at; longer paragraphs are judged piece by piece, and of a document at most
# so many pieces, evenly spread.
PIECE = 1200
MOST_PIECES = 1000
# Share of a block's letters from which another script in it is a second language, not a quoted name.
SECOND_SCRIPT = 0.15


class Part(NamedTuple):
    """The words of a block in one script, and how many letters of the block it answers for."""

    script: str
    text: str
    letters: int


def parts_of(piece: str) -> tuple[Part, ...]:
    """Give the parts of a piece of text, one for each script that is more than a quoted name."""
    clear = legible(piece)
    counts = census(clear)
    whole = sum(counts.values())
    parts: list[Part] = []
    for script, count in counts.items():
        if not parts:
            quoted = sum(n for n in counts.values() if n < whole * SECOND_SCRIPT)
            parts.append(Part(script, clear if count == whole else only(clear, script), count + quoted))
        elif count >= whole * SECOND_SCRIPT:
            parts.append(Part(script, only(clear, script), count))
    return tuple(parts)


def pieces_of(text: str) -> Iterator[str]:
    """Give the lines of a text that are not blank, long ones cut at blanks."""
    for line in text.split("\n"):
        if len(line) <= PIECE:
            if piece := line.strip():
                yield piece
            continue
        start = 0
        while start < len(line):
            end = start + PIECE
            if end < len(line):
                end = line.rfind(" ", start + 1, end) + 1 or end
            if piece := line[start:end].strip():
                yield piece
            start = end
