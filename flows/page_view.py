"""The whole page as it was decided on: kept blocks with what the ledger took of them, and what was left out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleaners.extract.kinds import kinds_known
from cleaners.ledger import flatten
from flows.accounts import places_in, runs, within
from flows.output import marked, noted, print_table, removed, safe
from schemas.account import Account, Block, Fate
from schemas.edit import Edit, Step

_LINE = 60
"""Characters up to which neighbours that were left out stand on one line."""


@dataclass(frozen=True, slots=True)
class PageView:
    """An account with the words of its blocks, and the text that was extracted with the steps that cleaned it."""

    account: Account
    words: Sequence[str]
    extracted: str
    steps: Sequence[Step]

    def page(self) -> str:
        """Return the page for a person: what was left out or removed is marked, with kind and reason."""
        blocks = self.account.blocks
        edits, places = flatten(self.steps), places_in(self.account, self.extracted)
        pieces: list[str] = []
        before = -1
        for run in runs(blocks):
            first = run[0]
            gap = "\n\n"
            if not blocks[first].fate:
                piece, before = self._left_out(run), -1
            elif first in places:
                start, end = places[first]
                gap = self.extracted[before:start] if before >= 0 else gap
                piece, before = _edited(self.extracted, edits, start, end) + self._note(blocks[first]), end
            else:
                piece = safe(self.words[first]) + self._note(blocks[first])
            pieces += (gap, piece)
        if not places and self.extracted:
            whole = _edited(self.extracted, edits, 0, len(self.extracted) + 1)
            pieces += (f"\n\n{noted(f'the text, as the {self.account.source} has it')}\n\n", whole)
        return "".join(pieces[1:])

    def rows(self) -> Iterator[Mapping[str, object]]:
        """Yield a row for each block of the page, in order."""
        places = places_in(self.account, self.extracted)
        for number, ((first, last, block), words) in enumerate(zip(self.account.places(), self.words, strict=True)):
            start, end = places.get(number, (None, None))
            yield {
                "block": number,
                "fate": _FATES[block.fate],
                "kind": block.kind,
                "rule": block.rule,
                "chance": None if block.chance is None else block.chance / 1000,
                "shape": block.shape or None,
                "first_letter": first,
                "last_letter": last,
                "start": start,
                "end": end,
                "words": words,
                "why": kinds_known()[block.kind].means if block.kind in kinds_known() else None,
            }

    def print_kinds(self) -> None:
        """Print how much of each kind was left out of the page, and why."""
        blocks: Counter[tuple[str, str]] = Counter()
        letters: Counter[tuple[str, str]] = Counter()
        for block in self.account.blocks:
            if not block.fate:
                blocks[block.kind, block.rule] += 1
                letters[block.kind, block.rule] += block.letters
        known = kinds_known()
        lines = (
            (kind, number, letters[kind, rule], rule, known[kind].means if kind in known else "")
            for (kind, rule), number in blocks.most_common()
        )
        print_table(("left out", "blocks", "letters", "by", "what it is"), lines, width=70)

    def _left_out(self, run: range) -> str:
        joined = [safe(self.words[run[0]])]
        for one, other in pairwise(run):
            short = max(len(self.words[one]), len(self.words[other])) <= _LINE
            joined += (" | " if short else "\n", safe(self.words[other]))
        block = self.account.blocks[run[0]]
        chances = [chance for number in run if (chance := self.account.blocks[number].chance) is not None]
        return removed("".join(joined)) + noted(f"{block.kind}: {self._reason(block, chances)}")

    def _reason(self, block: Block, chances: Sequence[int]) -> str:
        if block.rule != "model" or not chances or self.account.bound is None:
            return block.rule
        low, high = min(chances) / 1000, max(chances) / 1000
        span = f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f}-{high:.2f}"
        return f"model {span} < {self.account.bound / 1000:.2f}"

    @staticmethod
    def _note(block: Block) -> str:
        if block.fate is Fate.IN_PART:
            return noted(f"in part: {block.rule}")
        return "" if block.rule in {"model", "everything", "second opinion", "fallback"} else noted(block.rule)


_FATES = {Fate.KEPT: "kept", Fate.LEFT_OUT: "left out", Fate.IN_PART: "in part"}


def _edited(text: str, edits: Sequence[Edit], start: int, end: int) -> str:
    """Return the stretch [start, end) of a text with what edits do to it marked."""
    pieces: list[str] = []
    here = start
    for edit in within(edits, start, end):
        pieces += (safe(text[here : edit.start]), marked(edit))
        here = edit.end
    return "".join((*pieces, safe(text[here:end])))
