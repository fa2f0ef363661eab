"""The edit ledger: the only module that changes text.

A cleaner never returns text. It proposes edits over the text it was given, and `apply` carries them out, so a
change that no edit accounts for cannot happen.

    >>> edits = [Edit(0, 6, "HELLO ", "", "shout"), Edit(6, 11, "wrold", "world", "typo")]
    >>> apply("HELLO wrold", edits)
    'world'
    >>> apply("world", invert(edits))
    'HELLO wrold'
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from schemas.edit import Edit, Step


class LedgerError(ValueError):
    """An edit that does not fit its text: a bug in a cleaner, or a damaged archive."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Carry out `edits`, which must be sorted, disjoint and true of `text`; LedgerError if they are not."""
    kept: list[str] = []
    here = 0
    for edit in edits:
        true = text[edit.start : edit.end] == edit.before and edit.end - edit.start == len(edit.before)
        if edit.start < here or not true:
            raise LedgerError(f"{edit} does not fit the text at {here}")
        kept += (text[here : edit.start], edit.after)
        here = edit.end
    kept.append(text[here:])
    return "".join(kept)


def invert(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that turn the output back into the input."""
    inverse, shift = [], 0
    for start, _, before, after, rule in edits:
        at = start + shift
        inverse.append(Edit(at, at + len(after), after, before, rule))
        shift += len(after) - len(before)
    return inverse


def settle(proposals: Iterable[Edit]) -> list[Edit]:
    """Choose among overlapping proposals: leftmost, then longest, then first proposed."""
    chosen: list[Edit] = []
    here = 0
    for edit in sorted(proposals, key=lambda e: (e.start, -e.end)):
        if edit.before != edit.after and edit.start >= here:
            # a second insertion at one place would make the order of edits ambiguous
            if chosen and edit.end == edit.start == chosen[-1].end:
                continue
            chosen.append(edit)
            here = edit.end
    return chosen


def revert(text: str, steps: Sequence[Step]) -> str:
    """Turn `text` back into what it was before `steps`; LedgerError if they are not the steps that led to it."""
    for step in reversed(steps):
        text = apply(text, invert(step.edits))
    return text


def edits_between(before: str, after: str, rule: str, offset: int = 0) -> list[Edit]:
    """Account for a third-party text → text function: one edit, trimmed to what changed.

    >>> edits_between("donâ€™t go", "don’t go", "r")
    [Edit(start=3, end=6, before='â€™', after='’', rule='r')]
    """
    if before == after:
        return []
    head = 0
    limit = min(len(before), len(after))
    while head < limit and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < limit - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    stop = len(before) - tail
    return [Edit(offset + head, offset + stop, before[head:stop], after[head : len(after) - tail], rule)]


class Positions:
    """Where the stretches of one text lie in another that a flat list of edits made of it.

    >>> places = Positions([Edit(0, 6, "HELLO ", "", "shout")])
    >>> places.forward(6, 11), places.forward(0, 3), places.back(0, 5)
    ((0, 5), None, (6, 11))
    """

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._inverse = invert(edits)

    def forward(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where source stretch [start, end) is in the output, or None where nothing of it is left."""
        return _moved(self._edits, self._inverse, start, end)

    def back(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where output stretch [start, end) came from in the source, or None where nothing did."""
        return _moved(self._inverse, self._edits, start, end)


def _moved(edits: Sequence[Edit], inverse: Sequence[Edit], start: int, end: int) -> tuple[int, int] | None:
    """Map a stretch; an end that lies inside an edit moves outwards to that edit's own ends."""
    first = bisect_right(edits, start, key=lambda e: e.end)
    at = start + _shift(edits, inverse, first)
    if first < len(edits) and edits[first].start <= start:
        at = inverse[first].start
    last = bisect_right(edits, end - 1, key=lambda e: e.start)
    to = end + _shift(edits, inverse, last)
    if last and edits[last - 1].end >= end:
        to = inverse[last - 1].end
    return (at, to) if at < to else None


def _shift(edits: Sequence[Edit], inverse: Sequence[Edit], count: int) -> int:
    """Return how far the text after the first `count` edits has moved."""
    return inverse[count - 1].end - edits[count - 1].end if count else 0


def compose(first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Return one list of edits with the effect of `first` and then `second`.

    Edits that touch the same characters become one, carrying both rules; every other edit keeps its own, so
    each source character still has exactly one fate.
    """
    composed, shift = [], 0  # shift: from positions between the two, to the source
    undone = invert(first)
    for earlier, later in _groups(undone, list(_parted(undone, second))):
        match earlier, later:
            case [edit], []:
                start, middle, source, output = edit.start, edit.before, edit.after, edit.before
            case [], [edit]:
                start, middle, source, output = edit.start, edit.before, edit.before, edit.after
            case _:
                start = min(e.start for e in earlier + later)
                middle = _covered_text(start, earlier + later)
                source, output = _patch(middle, start, earlier), _patch(middle, start, later)
        if source != output:
            rules = dict.fromkeys(e.rule for e in earlier + later)
            at = start + shift
            composed.append(Edit(at, at + len(source), source, output, "+".join(rules)))
        shift += len(source) - len(middle)
    return composed


def flatten(steps: Iterable[Step]) -> list[Edit]:
    """Return one list of edits, in code points of the extracted text, with the effect of all `steps`."""
    flat: list[Edit] = []
    for step in steps:
        flat = compose(flat, step.edits)
    return flat


def _parted(removals: Sequence[Edit], edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield `edits`, with each removal of white space parted where something was removed before.

    A fold of blank lines would otherwise become one edit with all that had stood between them.
    """
    points = [e.start for e in removals if e.start == e.end]
    for edit in edits:
        start = edit.start
        if not edit.after and edit.before.isspace():
            for point in points[bisect_right(points, edit.start) : bisect_left(points, edit.end)]:
                if point > start:
                    yield Edit(start, point, edit.before[start - edit.start : point - edit.start], "", edit.rule)
                    start = point
        yield edit._replace(start=start, before=edit.before[start - edit.start :])


def _groups(one: Sequence[Edit], two: Sequence[Edit]) -> Iterator[tuple[list[Edit], list[Edit]]]:
    """Split two edit lists over one text into the smallest groups that do not overlap."""
    sides, at = (one, two), [0, 0]
    while at[0] < len(one) or at[1] < len(two):
        heads = [s for s in (0, 1) if at[s] < len(sides[s])]
        side: int | None = min(heads, key=lambda s: sides[s][at[s]][:2])
        group: tuple[list[Edit], list[Edit]] = ([], [])
        while side is not None:
            group[side].append(sides[side][at[side]])
            at[side] += 1
            side = next((s for s in (0, 1) if _joins(sides[s], at[s], group[1 - s])), None)
        yield group


def _joins(edits: Sequence[Edit], i: int, others: list[Edit]) -> bool:
    """Return whether edits[i] shares a character, or its very point, with the last of `others`."""
    if i == len(edits) or not others:
        return False
    edit, last = edits[i], others[-1]
    overlap = edit.start < last.end and last.start < edit.end
    return overlap or edit[:2] == last[:2]


def _covered_text(start: int, edits: list[Edit]) -> str:
    """Return the one stretch of text that `edits`, which overlap, cover between them."""
    chars: dict[int, str] = {}
    for edit in edits:
        chars.update(enumerate(edit.before, edit.start))
    return "".join(chars[i] for i in range(start, start + len(chars)))


def _patch(text: str, offset: int, edits: Iterable[Edit]) -> str:
    return apply(text, (e._replace(start=e.start - offset, end=e.end - offset) for e in edits))
