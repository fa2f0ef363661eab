"""Blocks into numbers: one row a block, vectorised over the blocks of several pages."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaners.extract.blocks import MARKS, TAGS
from cleaners.extract.columns import Floats, Ints, digits
from cleaners.extract.letters import are_in, squeeze, squeeze_all
from cleaners.extract.measure import CODE, Measures
from cleaners.extract.tokens import tokens
from cleaners.extract.words import SHORT, beginnings

_BEGINNING = 60
_SHORT_BLOCK = 250
LEVELS = 4
_TYPES = (
    *("newsarticle", "blogposting", "article", "product", "discussionforumposting", "qapage", "collectionpage"),
    "itemlist",
)
_COUNTED = tuple(CODE[name] for name in ("p", "h1", "h2", "article", "li", "td", "form", "pre"))
FEATURES = 261
"""Columns of the table."""


def table(measures: Measures, spare: int = 0) -> Floats:
    """Return the features of the pages' blocks, shape (blocks, FEATURES + `spare`), a row after the other in memory.

    The last `spare` columns are 0.
    """
    return _Table(measures, spare).values


class _Table:
    """A table in the making: each method fills the next columns."""

    def __init__(self, measures: Measures, spare: int) -> None:
        self._measures, self._at = measures, 0
        self.values = np.empty((measures.rows.size, FEATURES + spare))
        self.values[:, FEATURES:] = 0
        self._block_itself()
        self._containers()
        self._regions()
        self._neighbours()
        self._groups()
        self._head()
        self._whole()

    def _add(self, *columns: Floats | NDArray[np.bool_] | Ints | list[int] | list[bool] | float) -> None:
        """Fill the next columns, one each; a single number is a column of it."""
        for column in columns:
            self.values[:, self._at] = column
            self._at += 1

    def _add_all(self, columns: Floats | Ints) -> None:
        """Fill the next columns with those of a matrix."""
        end = self._at + columns.shape[1]
        self.values[:, self._at : end] = columns
        self._at = end

    def _block_itself(self) -> None:
        m, rows = self._measures, self._measures.rows
        texts, sizes = m.texts, np.maximum(m.chars, 1)
        marks = m.marks[m.own]
        self._add(m.chars, m.words, m.link, m.commas, m.ends, m.block_tag, m.heading, m.prose)
        self._add(m.chars / m.words, m.bold / sizes)
        self._add([t.count("\n") for t in texts], digits([t[:_BEGINNING] for t in texts]))
        self._add([t[:1].isupper() for t in texts], [t.isupper() for t in texts])
        self._add([t[:1] in "\"'“„«‘" for t in texts], [t.count(".") for t in texts])
        self._add(m.italic / sizes)
        self._add_all(m.near_scores)
        self._add(m.media - rows.shift(m.media, 1), rows.shift(m.media, -1, m.media.astype(np.float64)) - m.media)
        self._add(["@" in t for t in texts], ["://" in t or "www." in t for t in texts])
        self._add_all((marks[:, None] >> np.arange(len(MARKS))) & 1)
        for columns in (m.text_scores, m.inner, m.trail[m.own]):
            self._add_all(columns)

    def _containers(self) -> None:
        """Add what the block's own element and the three above it hold."""
        m, rows = self._measures, self._measures.rows
        level, total = m.own, m.total[rows.page]
        children = np.bincount(m.up, minlength=len(m.up))
        best = np.maximum(np.maximum.reduceat(m.direct, m.roots[:-1]), 1e-9)[rows.page]
        for step in range(LEVELS):
            held = m.held[level]
            count, chars = np.maximum(held[:, 0], 1), np.maximum(held[:, 1], 1)
            self._add(count, chars / total[:, 1], held[:, 2] / chars, held[:, 3] / total[:, 3], held[:, 4] / count)
            self._add(chars / count, held[:, 7] / count, held[:, 8] / count, m.chars / chars)
            self._add_all(m.merged[level])
            self._add(m.tag[level], m.direct[level] / best)
            if step:
                after = rows.place - m.first[level]
                self._add(after / count, children[level], held[:, 6], held[:, 5] / chars)
                self._add(m.prose / np.maximum(held[:, 3], 1), held[:, 9] / count)
                self._add(after, m.end[level] - rows.place)
            level = m.up[level]

    def _regions(self) -> None:
        """Add where the block lies to the deepest elements that hold 40, 60 and 80% of the running text."""
        m, rows = self._measures, self._measures.rows
        page = m.element_page
        weight = np.where(m.whole[:, 3] > 0, 3, 1)[page]
        share = m.held[np.arange(len(page)), weight] / m.total[page, weight]
        size = m.end - m.first
        for bound in (0.4, 0.6, 0.8):
            chosen = m.roots[:-1].copy()
            inside = np.flatnonzero(share >= bound)
            ranked = inside[np.lexsort((-m.depth[inside], size[inside], page[inside]))]
            pages, firsts = np.unique(page[ranked], return_index=True)
            chosen[pages] = ranked[firsts]
            self._add_region(chosen)
        best = np.array([int(m.direct[root:end].argmax()) + root for root, end in pairwise(m.roots.tolist())])
        self._add_region(best)
        # how far up one must go from the block to meet that element
        up, lengths = m.up, []
        chains: list[int] = []
        for top in best.tolist():
            begun = len(chains)
            chains.append(top)
            while (above := int(up[chains[-1]])) != chains[-1]:
                chains.append(above)
            lengths.append(len(chains) - begun)
        places = rows.size + 1
        meets = np.cumsum(np.bincount(m.first[chains], minlength=places) - np.bincount(m.end[chains], minlength=places))
        self._add(np.array(lengths)[rows.page] - meets[:-1])
        self._add(m.depth[m.own] - m.depth[best][rows.page])

    def _add_region(self, elements: Ints) -> None:
        """Add where each block lies to the element that `elements` has for its page."""
        m, page, place = self._measures, self._measures.rows.page, self._measures.rows.place
        sizes = np.maximum(m.end[elements] - m.first[elements], 1)
        first, end, held = m.first[elements][page], m.end[elements][page], m.held[elements]
        self._add((place >= first) & (place < end))
        self._add(np.maximum(first - place, 0) - np.maximum(place - end + 1, 0), (place - first) / sizes[page])
        self._add((held[:, 1] / m.total[:, 1])[page], (held[:, 2] / np.maximum(held[:, 1], 1))[page], sizes[page])

    def _neighbours(self) -> None:
        m, rows = self._measures, self._measures.rows
        path, merged = m.path[m.own], m.merged[m.own, 2]
        for by in (1, 2, -1, -2):
            self._add(rows.shift(m.chars, by), rows.shift(m.link, by), rows.shift(m.near_scores[:, 2], by))
            self._add(rows.shift(merged, by))
            if abs(by) == 1:
                self._add(rows.shift(path, by, -1.0) == path, rows.shift(m.ends, by))
                self._add(rows.shift(m.block_tag, by, -1.0))
                self._add(rows.shift(m.text_scores[:, 2], by), rows.shift(m.prose, by))
        place, before = rows.place, rows.before
        prose = m.prose > 80
        self._add(place - rows.last(prose), rows.following(prose) - place)
        for width in (3, 8):
            low, high = np.maximum(place - width, rows.start), np.minimum(place + width + 1, rows.end)
            up_to_low, up_to_high = m.sums[low + rows.page], m.sums[high + rows.page]
            around, count = up_to_high - up_to_low, high - low
            self._add(around[:, 3] / count, around[:, 2] / np.maximum(around[:, 1], 1), around[:, 7] / count)
            self._add(m.sums[before, 3] - up_to_low[:, 3], up_to_high[:, 3] - m.sums[before + 1, 3])
        # the heading the block stands under
        above = rows.last(m.heading > 0)
        under = above >= rows.start
        known = np.maximum(above, 0)
        self._add(place - above, np.where(under, m.block_tag[known], -1))
        self._add_all(np.where(under[:, None], m.text_scores[known], 0.0))
        self._add(np.where(under, m.chars[known], 0))

    def _groups(self) -> None:
        """Add how many blocks have the same path of tags and classes, and how they look together."""
        m = self._measures
        total = m.total[m.rows.page]
        for group in m.groups:
            count = np.maximum(np.bincount(group), 1)
            chars = np.bincount(group, m.chars)
            link = np.bincount(group, m.link * m.chars) / np.maximum(chars, 1)
            prose = np.bincount(group, m.prose)
            ends = np.bincount(group, m.ends) / count
            self._add(count[group], (chars / count)[group], chars[group] / total[:, 1], link[group])
            self._add(prose[group] / total[:, 3], ends[group])

    def _head(self) -> None:
        """Add what the block shares with title, description and h1, and with other blocks."""
        m, rows = self._measures, self._measures.rows
        likeness = self._likeness()
        self._add(likeness)
        self._said_in_head()
        self._repeated()
        titles = (m.block_tag == CODE["h1"]) | (likeness > 0.7) & (m.heading > 0)
        counts = np.add.reduceat(titles.astype(np.int64), rows.starts[:-1])
        found = np.cumsum(titles)
        earlier = np.concatenate(([0], found))[rows.start]
        firsts = np.minimum.reduceat(np.where(titles, rows.place, rows.size), rows.starts[:-1])[rows.page]
        self._add(rows.place - rows.last(titles), rows.following(titles) - rows.place, counts[rows.page])
        self._add(np.where(firsts < rows.size, rows.place - firsts, -1_000))
        self._add(found - earlier)

    def _said_in_head(self) -> None:
        """Add whether the block is in the article's text as JSON-LD has it, and in the page's description."""
        m, rows = self._measures, self._measures.rows
        columns = np.empty((rows.size, 5))
        for number, (start, end) in enumerate(pairwise(rows.starts.tolist())):
            page, texts, own = m.pages[number], m.texts[start:end], columns[start:end]
            stated, description = squeeze(page.stated), page.description.casefold()
            own[:, 0], own[:, 4] = len(stated), len(description)
            if stated:
                own[:, 1:3] = _said_in(stated, texts)
            else:
                own[:, 1:3] = -2.0
            own[:, 3] = [len(t) > 20 and t[:60].casefold() in description for t in texts] if description else 0.0
        self._add_all(columns)

    def _repeated(self) -> None:
        """Add how often the page has said the same before, and how often in all."""
        m = self._measures
        earlier: list[int] = []
        all_told: list[int] = []
        for start, end in pairwise(m.rows.starts.tolist()):
            seen: dict[str, int] = {}
            texts = m.texts[start:end]
            for text in texts:
                count = seen.get(text, 0)
                earlier.append(count)
                seen[text] = count + 1
            all_told += map(seen.__getitem__, texts)
        self._add(earlier, all_told)

    def _likeness(self) -> Floats:
        """Return the share of words that a short block and the title have in common."""
        m, rows = self._measures, self._measures.rows
        found, words = np.zeros(rows.size), m.said.words
        bounds = np.append(words.starts, len(words.numbers))
        titles = tokens(beginnings(page.title for page in m.pages))
        pieces = np.split(titles.numbers, titles.starts[1:])
        for title, (start, end) in zip(pieces, pairwise(rows.starts.tolist()), strict=True):
            wanted = title[1:]
            if not len(wanted):
                continue
            row = words.numbers[bounds[start] : bounds[end]]
            among = np.zeros(len(row), dtype=np.bool_)
            for word in wanted:
                among |= row == word
            shared = np.flatnonzero(among) + bounds[start]
            blocks = np.unique(np.searchsorted(bounds, shared, "right") - 1)
            said = set(wanted.tolist())
            for block in blocks[m.chars[blocks] <= _SHORT_BLOCK].tolist():
                begun = int(bounds[block]) + 1
                own = words.numbers[begun : min(int(bounds[block + 1]), begun + SHORT + 1)].tolist()
                found[block] = len(said.intersection(own)) / len(said.union(own))
        return found

    def _whole(self) -> None:
        m, rows = self._measures, self._measures.rows
        place, sums, size = rows.place - rows.start, m.sums[rows.before], rows.end - rows.start
        total, count = m.total[rows.page], np.diff(rows.starts)
        self._add(place, size - place, place / size, sums[:, 3] / total[:, 3], sums[:, 1] / total[:, 1])
        tags = np.bincount(m.element_page * len(TAGS) + m.tag, minlength=len(m.pages) * len(TAGS))
        directs = [m.direct[root:end] for root, end in pairwise(m.roots.tolist())]
        said = [
            [
                *(float(name in page.types) for name in _TYPES),
                *(float(page.dated), float("comment" in page.types)),
                *(float(name in page.kind) for name in ("article", "product", "website")),
            ]
            for page in m.pages
        ]
        whole = (
            *(count, m.total[:, 1], m.total[:, 3], m.total[:, 2] / m.total[:, 1], m.total[:, 4] / count),
            *tags.reshape(-1, len(TAGS))[:, _COUNTED].T,
            *np.array(said).T,
            np.maximum.reduceat(m.prose, rows.starts[:-1]),
            np.maximum.reduceat(m.direct, m.roots[:-1]),
            np.array([np.sort(direct)[-3:].sum() for direct in directs]),
        )
        self._add_all(np.stack(whole, axis=1)[rows.page])


def _said_in(stated: str, texts: Sequence[str]) -> Floats:
    """Return whether each block begins, and ends, with what a stated text says, less for hardly a word."""
    begins = squeeze_all([t[:80] for t in texts])
    ends = begins.copy()
    long = [place for place, text in enumerate(texts) if len(text) > 80]
    for place, end in zip(long, squeeze_all([texts[place][-80:] for place in long]), strict=True):
        ends[place] = end
    first, last = [begin[:40] for begin in begins], [end[-40:] for end in ends]
    others = [place for place, text in enumerate(last) if text != first[place]]
    said = np.array(are_in([*first, *(last[place] for place in others)], stated), dtype=np.float64)
    found = np.stack((said[: len(texts)], said[: len(texts)]), axis=1)
    found[others, 1] = said[len(texts) :]
    found[:, 0] -= [len(begin) < 8 for begin in begins]
    return found
