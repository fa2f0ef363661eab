"""Accounts of pages: packed beside a revision; with their words and the ledger, the whole page as it was decided on."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import pyarrow as pa

from cleaners.extract.reread import letter_places
from cleaners.ledger import apply
from flows.markdown import Piece
from schemas.account import Account, AccountError, Block, Fate, dumps, letters, loads
from schemas.edit import Edit

_LARGEST = 64 << 20
"""Bytes that an account may unpack to; one of 60,000 blocks has less than 2 MB."""

TILED = frozenset(("blocks", "everything"))
"""Sources of a text that is made of the kept blocks, one after the other."""


def packed(account: Account) -> bytes:
    """Return an account as the column `blocks` has it: its JSON, compressed with zstd."""
    content: bytes = pa.compress(dumps(account).encode("utf-8"), codec="zstd", asbytes=True)
    return content


def unpacked(content: bytes) -> Account:
    """Read the column `blocks`; AccountError where it is no account."""
    try:
        with pa.CompressedInputStream(pa.BufferReader(content), "zstd") as stream:
            written: bytes = stream.read(_LARGEST)
        return loads(written.decode("utf-8"))
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise AccountError(f"the account of a page's blocks cannot be unpacked: {error}") from error


def places_in(account: Account, extracted: str) -> dict[int, tuple[int, int]]:
    """Return where in the extracted text each kept block stands, by its number.

    Only a text that is made of blocks says so (`source`): for others nothing is returned. AccountError where the
    account is not that of the text.
    """
    if account.source not in TILED:
        return {}
    letters = letter_places(extracted)
    kept = [(number, block) for number, block in enumerate(account.blocks) if block.fate]
    # a block that is there in part lost its beginning: the title
    missing = sum(block.letters for _, block in kept) - len(letters)
    found: dict[int, tuple[int, int]] = {}
    at = 0
    for number, block in kept:
        size = block.letters - missing if block.fate is Fate.IN_PART else block.letters
        if size <= 0 or at + size > len(letters):
            raise AccountError("the account of the page's blocks is not that of its text")
        found[number] = letters[at], letters[at + size - 1] + 1
        at += size
    if at != len(letters):
        raise AccountError("the account of the page's blocks is not that of its text")
    return found


def within(edits: Sequence[Edit], start: int, end: int) -> list[Edit]:
    """Return what edits, sorted and disjoint, do to the stretch [start, end): each cut to it.

    What an edit puts in belongs to the stretch in which it begins.
    """
    found: list[Edit] = []
    for edit in edits[max(bisect_right(edits, start, key=lambda e: e.start) - 1, 0) :]:
        if edit.start >= end:
            break
        if edit.end > start or edit.start == edit.end >= start:
            low, high = max(edit.start, start), min(edit.end, end)
            after = edit.after if edit.start >= start else ""
            found.append(Edit(low, high, edit.before[low - edit.start : high - edit.start], after, edit.rule))
    return found


def pieces_of(account: Account, extracted: str, edits: Sequence[Edit]) -> list[Piece]:
    """Return the clean words of each kept block with its shape, for a text that is made of blocks (`places_in`)."""
    places = places_in(account, extracted)
    shape = {number: account.blocks[number].shape for number in places}
    return [Piece(_cleaned(extracted, edits, *place), shape[number]) for number, place in places.items()]


def lines_of(extracted: str, edits: Sequence[Edit], known: Mapping[str, str]) -> list[Piece]:
    """Return the clean lines of a text that is not made of blocks; `known` maps the letters of blocks to shapes."""
    found: list[Piece] = []
    at = 0
    for line in extracted.split("\n"):
        cells = line.split("\t")
        row = "td" in (found[-1].shape if found else "")
        for number, cell in enumerate(cells):
            shape = known.get(letters(cell), "p")
            if len(cells) > 1:
                shape = "td" if number else "tr" if row else "table"
            found.append(Piece(_cleaned(extracted, edits, at, at + len(cell)), shape))
            at += len(cell) + 1
    return found


def _cleaned(text: str, edits: Sequence[Edit], start: int, end: int) -> str:
    inside = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in within(edits, start, end)]
    return apply(text[start:end], inside)


def runs(blocks: Sequence[Block]) -> Iterator[range]:
    """Yield the numbers of blocks that follow each other and share fate, kind and rule; a kept block is alone."""
    starts = [0]
    for number, (one, other) in enumerate(pairwise(blocks), 1):
        if one.fate or other.fate or (one.kind, one.rule) != (other.kind, other.rule):
            starts.append(number)
    yield from (range(first, end) for first, end in pairwise([*starts, len(blocks)]) if end > first)
