"""The account of a page: what became of each of its visible blocks, without their words.

Words are not stored again. A block is a stretch of the page's *letters*: its visible text in the order of its tree,
all white space left out. So any reader of HTML finds the words in the raw record (docs/data-format.md).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class AccountError(ValueError):
    """An account that cannot be read: the message says what is wrong with it."""


class Fate(IntEnum):
    """Whether a block's words are in the extracted text."""

    LEFT_OUT = 0
    KEPT = 1
    IN_PART = 2


class Block(NamedTuple):
    """What became of one visible block.

    `letters` counts its code points that are no white space. `kind` says what it is (`KINDS`), `rule` what decided:
    `model`, or the name of a rule. `chance` is how likely the model held it to belong to the text, in thousandths;
    None where it was not asked. `shape` says how a kept block stands in the page, as `SHAPES` describes.
    """

    letters: int
    fate: Fate
    kind: str
    rule: str
    chance: int | None
    shape: str


@dataclass(frozen=True, slots=True)
class Account:
    """The blocks of a page in the order of its tree, and what was decided of the page as a whole.

    `source` is where the text came from: blocks, second opinion, fallback, or everything. `bound` is the chance from
    which the model kept blocks, in thousandths, `sure` the share of right text it expected; None where it was not
    asked. `sha256` is the digest of the page's letters in UTF-8.
    """

    source: str
    bound: int | None
    sure: int | None
    sha256: str
    blocks: tuple[Block, ...]

    def places(self) -> Iterator[tuple[int, int, Block]]:
        """Yield each block with the stretch [start, end) of the page's letters that it is."""
        at = 0
        for block in self.blocks:
            yield at, at + block.letters, block
            at += block.letters


SHAPES = {
    "p": "a paragraph",
    "h1": "a heading, h1 to h6",
    "li1": "an item of a list, nested once (li2: twice ...); ol1 where the list is numbered",
    "+1": "a further block of the item before it, nested once (+2: twice ...)",
    "table": "the first cell of a table",
    "tr": "the first cell of a further row",
    "td": "a further cell of a row",
    "+": "a further block of the cell before it",
    "pre": "lines as they stand, such as those of a program",
    ">p": "a paragraph of a quotation; any shape can have the mark, once for each quotation around it",
}
"""How a kept block stands in the page, by example."""


def letters(text: str) -> str:
    r"""Return a text without its white space.

    >>> letters("one\n two\u00a0three")
    'onetwothree'
    """
    return "".join(text.split())


def columns(account: Account) -> dict[str, object]:
    """Return an account in JSON's types: a column for each field of its blocks, names by their place in a list."""
    fields = tuple(zip(*account.blocks, strict=True)) or ((),) * len(Block._fields)
    lengths, fates, kinds, rules, chances, shapes = fields
    tables = [{name: place for place, name in enumerate(dict.fromkeys(names))} for names in (kinds, rules, shapes)]
    return {
        "source": account.source,
        "bound": account.bound,
        "sure": account.sure,
        "sha256": account.sha256,
        "kinds": list(tables[0]),
        "rules": list(tables[1]),
        "shapes": list(tables[2]),
        "letters": lengths,
        "fate": "".join(map(str, map(int, fates))),
        "kind": [tables[0][name] for name in kinds],
        "rule": [tables[1][name] for name in rules],
        "chance": chances,
        "shape": [tables[2][name] for name in shapes],
    }


def dumps(account: Account) -> str:
    """Return an account as compact JSON."""
    return json.dumps(columns(account), ensure_ascii=False, separators=(",", ":"))


def loads(written: str) -> Account:
    """Read what `dumps` wrote; AccountError where it is anything else."""
    try:
        value = json.loads(written)
        fates = [Fate(int(digit)) for digit in value["fate"]]
        named = [[value[f"{name}s"][place] for place in value[name]] for name in ("kind", "rule", "shape")]
        rows = zip(value["letters"], fates, *named[:2], value["chance"], named[2], strict=True)
        blocks = tuple(Block(*row) for row in rows)
        return Account(value["source"], value["bound"], value["sure"], value["sha256"], blocks)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise AccountError(f"the account of a page's blocks cannot be read: {error!r}") from error
