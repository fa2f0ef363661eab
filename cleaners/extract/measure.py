"""What is measured of the blocks and elements of pages, several pages at once: what rows of features are made of.

The arrays hold the pages one after the other. What is summed is summed page by page, so that a page has the same
numbers, to the last bit, alone and among others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from cleaners.extract.blocks import TAGS, Page
from cleaners.extract.columns import Floats, Ints, Rows, joined, offsets
from cleaners.extract.words import WordTable

CODE = {name: place for place, name in enumerate(TAGS)}
_HEADINGS = CODE["h1"], CODE["h6"]
_ENDS = frozenset(".!?…:;。؟։।")
_AFTER_END = "\"'”’»)]"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured of one page that has a block: `n` blocks, and its elements' blocks [first, end)."""

    page: Page
    n: int
    chars: Floats
    words: Floats
    link: Floats
    prose: Floats
    ends: Floats
    block_tag: Ints
    direct: Floats
    first: Ints
    end: Ints
    total: Floats


class Measures:
    """What is measured of pages that each have a block; `features.table` and `context.context` make rows of it."""

    def __init__(self, pages: Sequence[Page], words: WordTable) -> None:
        self.pages = pages
        self.texts = list(chain.from_iterable(page.blocks.text for page in pages))
        self.rows = Rows([len(page.blocks.text) for page in pages])
        self.roots = offsets([len(page.elements.tag) for page in pages])
        """Of each page, the first of its elements."""
        self.element_page = np.repeat(np.arange(len(pages)), np.diff(self.roots))
        self._read()
        self._read_texts()
        said = words.said(self.texts, self.rows.starts)
        self.said, self.text_scores, self.near_scores = said, said.texts, said.nears
        self.inner = words.signs_of(chain.from_iterable(page.blocks.inner for page in pages))
        self.signs = words.signs_of(chain.from_iterable(page.elements.sign for page in pages))
        self._trails()
        self._sum()

    def _read(self) -> None:
        """Read the columns of elements and blocks that are numbers."""
        pages, rows, page = self.pages, self.rows, self.element_page
        blocks, elements = [p.blocks for p in pages], [p.elements for p in pages]
        size = int(self.roots[-1])
        self.own = joined((b.element for b in blocks), rows.size) + self.roots[rows.page]
        self.tag = joined((e.tag for e in elements), size)
        self.marks = joined((e.marks for e in elements), size)
        self.depth = joined((e.depth for e in elements), size)
        self.parent = joined((e.parent for e in elements), size) + self.roots[page]
        # no more paths than elements, so that those of different pages are different
        self.path = joined((e.path for e in elements), size) + self.roots[page]
        self.first = joined((e.first for e in elements), size) + rows.starts[page]
        self.end = joined((e.end for e in elements), size) + rows.starts[page]
        self.bold, self.italic, self.media, links = (
            joined(column, rows.size)
            for column in (
                (b.bold for b in blocks),
                (b.italic for b in blocks),
                (b.media for b in blocks),
                (b.link for b in blocks),
            )
        )
        self.chars = np.fromiter(map(len, self.texts), dtype=np.float64, count=rows.size)
        self.link = np.minimum(links / np.maximum(self.chars, 1), 1.0)
        self.block_tag = self.tag[self.own]
        self.heading = ((self.block_tag >= _HEADINGS[0]) & (self.block_tag <= _HEADINGS[1])).astype(np.float64)

    def _read_texts(self) -> None:
        """Read what texts alone say."""
        texts = self.texts
        self.words = np.array([t.count(" ") + 1 for t in texts], dtype=np.float64)
        commas = [t.count(",") + (0 if t.isascii() else t.count("، ") + t.count("、")) for t in texts]
        self.commas = np.array(commas, dtype=np.float64)
        self.ends = np.array([t[-6:].rstrip(_AFTER_END)[-1:] in _ENDS for t in texts], dtype=np.float64)
        # how much a block reads as running text
        self.prose = np.where((self.link < 0.4) & (self.chars >= 60), self.chars * (0.5 + 0.5 * self.ends), 0.0)

    def _sum(self) -> None:
        rows = self.rows
        self.groups = self.path[self.own], self.path[self.up[self.own]]
        quantities = (
            *(np.ones(rows.size), self.chars, self.link * self.chars, self.prose, (self.prose > 0).astype(float)),
            *(self.commas, self.heading, self.text_scores[:, 2], (self.words <= 5).astype(float), self.ends),
        )
        self.sums = rows.cumulate(np.stack(quantities, axis=1))
        last = rows.starts[1:] + np.arange(len(self.pages))
        self.whole = self.sums[last]
        """Sums over each page, shape (pages, quantities); `total` are the same for dividing."""
        self.total = np.maximum(self.whole, 1e-9)
        self.held = self.sums[self.end + self.element_page] - self.sums[self.first + self.element_page]
        # as readability does: running text speaks for the elements that directly hold it
        above, size = self.up[self.own], len(self.up)
        direct = np.bincount(above, self.prose, size) + np.bincount(self.up[above], self.prose / 2, size)
        self.direct: Floats = np.asarray(direct, dtype=np.float64)

    def _trails(self) -> None:
        """Follow each element up: the next that holds more than it, and the lowest and highest scores on the way."""
        parent, depth = self.parent, self.depth
        alike = (self.first == self.first[parent]) & (self.end == self.end[parent])
        # elements of one depth in a row, so that a level is a slice
        order = np.argsort(depth, kind="stable")
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        up, trail, above_at = places[parent[order]], self.signs[order], places[parent[order]]
        merged, alike = trail.copy(), alike[order]
        bounds = np.searchsorted(depth[order], np.arange(1, depth.max() + 2)).tolist()
        for start, stop in pairwise(bounds[1:]):
            parents, own = above_at[start:stop], trail[start:stop]
            above = trail[parents]
            np.minimum(above[:, 0], own[:, 0], out=own[:, 0])
            np.maximum(above[:, 1], own[:, 1], out=own[:, 1])
            own[:, 2] += 0.7 * above[:, 2]
            wrapped = np.flatnonzero(alike[start:stop]) + start  # the words of a wrapper count for what it wraps
            if len(wrapped):
                above, own = merged[above_at[wrapped]], merged[wrapped]
                up[wrapped] = up[above_at[wrapped]]
                np.minimum(above[:, 0], own[:, 0], out=own[:, 0])
                np.maximum(above[:, 1], own[:, 1], out=own[:, 1])
                own[:, 2] += above[:, 2]
                merged[wrapped] = own
        self.up, self.trail, self.merged = order[up[places]], trail[places], merged[places]

    def of(self, number: int) -> Measure:
        """Return what was measured of one of the pages."""
        start, end = self.rows.starts[number : number + 2].tolist()
        blocks, elements = slice(start, end), slice(*self.roots[number : number + 2].tolist())
        return Measure(
            self.pages[number],
            end - start,
            self.chars[blocks],
            self.words[blocks],
            self.link[blocks],
            self.prose[blocks],
            self.ends[blocks],
            self.block_tag[blocks],
            self.direct[elements],
            self.first[elements] - start,
            self.end[elements] - start,
            self.total[number],
        )
