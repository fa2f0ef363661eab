"""Blocks into numbers: one row a block, vectorised over the page."""

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaners.extract.blocks import MARKS, TAGS, Page
from cleaners.extract.columns import Floats, Ints, digits, following, last, shift
from cleaners.extract.words import SHORT, WordTable, text_words

_ENDS = frozenset(".!?…:;。؟։।")
_AFTER_END = "\"'”’»)]"
_BEGINNING = 60
_CODE = {name: place for place, name in enumerate(TAGS)}
_HEADINGS = range(_CODE["h1"], _CODE["h6"] + 1)
_NO_LETTER = re.compile(r"[\W_]+")
_SMALL = bytes(range(128)).lower() + bytes(range(128, 256))
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())
LEVELS = 4
_TYPES = (
    *("newsarticle", "blogposting", "article", "product", "discussionforumposting", "qapage", "collectionpage"),
    "itemlist",
)


class Measure:
    """What is measured of a page that has a block; `table` and `context.context` make rows of it."""

    def __init__(self, page: Page, words: WordTable) -> None:
        self.page = page
        self.n = len(page.blocks.text)
        blocks, elements = page.blocks, page.elements
        texts = blocks.text
        self.own = np.array(blocks.element, dtype=np.int64)
        self.tag = np.array(elements.tag, dtype=np.int64)
        self.first, self.end = np.array(elements.first), np.array(elements.end)
        self.chars = np.array([len(t) for t in texts], dtype=np.float64)
        self.words = np.array([t.count(" ") + 1 for t in texts], dtype=np.float64)
        self.link = np.minimum(np.array(blocks.link) / np.maximum(self.chars, 1), 1.0)
        commas = [t.count(",") + (0 if t.isascii() else t.count("، ") + t.count("、")) for t in texts]
        self.commas = np.array(commas, dtype=np.float64)
        self.ends = np.array([t[-6:].rstrip(_AFTER_END)[-1:] in _ENDS for t in texts], dtype=np.float64)
        self.block_tag = self.tag[self.own]
        self.heading = ((self.block_tag >= _HEADINGS[0]) & (self.block_tag <= _HEADINGS[-1])).astype(np.float64)
        # how much a block reads as running text
        self.prose = np.where((self.link < 0.4) & (self.chars >= 60), self.chars * (0.5 + 0.5 * self.ends), 0.0)
        self.signs = words.signs_of(elements.sign)
        self.columns: list[Floats | NDArray[np.bool_] | Ints | float] = []
        self.path = np.array(elements.path)
        said = words.said(texts)
        self.said, self.text_scores, self.near_scores = said, said.texts, said.nears
        self.inner = words.signs_of(blocks.inner)
        self._trails()
        self.groups = self.path[self.own], self.path[self.up[self.own]]
        quantities = (
            *(np.ones(self.n), self.chars, self.link * self.chars, self.prose, (self.prose > 0).astype(float)),
            *(self.commas, self.heading, self.text_scores[:, 2], (self.words <= 5).astype(float), self.ends),
        )
        self.sums = np.zeros((self.n + 1, len(quantities)))
        np.cumsum(np.stack(quantities, axis=1), axis=0, out=self.sums[1:])
        self.total = np.maximum(self.sums[-1], 1e-9)
        self.held = self.sums[self.end] - self.sums[self.first]  # (elements, quantities)
        # as readability does: running text speaks for the elements that directly hold it
        above, size = self.up[self.own], len(self.up)
        self.direct = np.bincount(above, self.prose, size) + np.bincount(self.up[above], self.prose / 2, size)

    def _trails(self) -> None:
        """Follow each element up: the next that holds more than it, and the lowest and highest scores on the way."""
        parent, depth = np.array(self.page.elements.parent), np.array(self.page.elements.depth)
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

    def add(self, *columns: Floats | NDArray[np.bool_] | Ints | float) -> None:
        """Add columns; a single number is a column of it."""
        self.columns.extend(columns)

    def table(self) -> Floats:
        """Return the features of the page's blocks, shape (blocks, features), a column after the other in memory."""
        self.columns = []
        self._block_itself()
        self._containers()
        self._regions()
        self._neighbours()
        self._groups()
        self._head()
        self._whole()
        rows = np.empty((len(self.columns), self.n))
        for place, column in enumerate(self.columns):
            rows[place] = column
        return rows.T

    def _block_itself(self) -> None:
        texts = self.page.blocks.text
        marks = np.array(self.page.elements.marks)[self.own]
        self.add(self.chars, self.words, self.link, self.commas, self.ends, self.block_tag, self.heading, self.prose)
        self.add(self.chars / self.words, np.array(self.page.blocks.bold) / np.maximum(self.chars, 1))
        self.add(np.array([t.count("\n") for t in texts]), digits([t[:_BEGINNING] for t in texts]))
        self.add(np.array([t[:1].isupper() for t in texts]), np.array([t.isupper() for t in texts]))
        self.add(np.array([t[:1] in "\"'“„«‘" for t in texts]), np.array([t.count(".") for t in texts]))
        self.add(np.array(self.page.blocks.italic) / np.maximum(self.chars, 1), *self.near_scores.T)
        media = np.array(self.page.blocks.media)
        self.add(media - shift(media, 1), shift(media, -1, float(media[-1])) - media)
        self.add(np.array(["@" in t for t in texts]), np.array(["://" in t or "www." in t for t in texts]))
        self.add(*(((marks >> bit) & 1) for bit in range(len(MARKS))))
        self.add(*self.text_scores.T, *self.inner.T, *self.trail[self.own].T)

    def _containers(self) -> None:
        """Add what the block's own element and the three above it hold."""
        level = self.own
        children = np.bincount(self.up, minlength=len(self.up))
        best = max(self.direct.max(), 1e-9)
        place = np.arange(self.n)
        for step in range(LEVELS):
            held = self.held[level]
            count, chars = np.maximum(held[:, 0], 1), np.maximum(held[:, 1], 1)
            self.add(count, chars / self.total[1], held[:, 2] / chars, held[:, 3] / self.total[3], held[:, 4] / count)
            self.add(chars / count, held[:, 7] / count, held[:, 8] / count, self.chars / chars)
            self.add(*self.merged[level].T, self.tag[level], self.direct[level] / best)
            if step:
                self.add((place - self.first[level]) / count, children[level], held[:, 6], held[:, 5] / chars)
                self.add(self.prose / np.maximum(held[:, 3], 1), held[:, 9] / count)
                self.add(place - self.first[level], self.end[level] - place)
            level = self.up[level]

    def _regions(self) -> None:
        """Add where the block lies to the deepest elements that hold 40, 60 and 80% of the running text."""
        place = np.arange(self.n)
        weight = 3 if self.sums[-1, 3] > 0 else 1
        share = self.held[:, weight] / self.total[weight]
        size = self.end - self.first
        depth = np.array(self.page.elements.depth)
        for bound in (0.4, 0.6, 0.8):
            inside = np.flatnonzero(share >= bound)
            chosen = inside[np.lexsort((-depth[inside], size[inside]))[0]] if len(inside) else 0
            self._add_region(int(chosen), place)
        best = int(self.direct.argmax())
        self._add_region(best, place)
        # how far up one must go from the block to meet that element
        chain = [best]
        while chain[-1] != self.up[chain[-1]]:
            chain.append(int(self.up[chain[-1]]))
        meets = sum((place >= self.first[e]) & (place < self.end[e]) for e in chain)
        self.add(len(chain) - meets)
        self.add(depth[self.own] - depth[best])

    def _add_region(self, element: int, place: Ints) -> None:
        first, end = int(self.first[element]), int(self.end[element])
        size = max(end - first, 1)
        self.add((place >= first) & (place < end))
        self.add(np.maximum(first - place, 0) - np.maximum(place - end + 1, 0), (place - first) / size)
        self.add(self.held[element, 1] / self.total[1], self.held[element, 2] / max(self.held[element, 1], 1), size)

    def _neighbours(self) -> None:
        path = np.array(self.page.elements.path)[self.own]
        for by in (1, 2, -1, -2):
            self.add(shift(self.chars, by), shift(self.link, by), shift(self.near_scores[:, 2], by))
            self.add(shift(self.merged[self.own][:, 2], by))
            if abs(by) == 1:
                self.add(shift(path, by, -1) == path, shift(self.ends, by), shift(self.block_tag, by, -1))
                self.add(shift(self.text_scores[:, 2], by), shift(self.prose, by))
        place = np.arange(self.n)
        prose = self.prose > 80
        self.add(place - last(prose), following(prose) - place)
        for width in (3, 8):
            low, high = np.maximum(place - width, 0), np.minimum(place + width + 1, self.n)
            around = self.sums[high] - self.sums[low]
            self.add(
                around[:, 3] / (high - low), around[:, 2] / np.maximum(around[:, 1], 1), around[:, 7] / (high - low)
            )
            before, after = (
                self.sums[place] - self.sums[low],
                self.sums[high] - self.sums[place + 1],
            )
            self.add(before[:, 3], after[:, 3])
        # the heading the block stands under
        above = last(self.heading > 0)
        known = np.maximum(above, 0)
        self.add(place - above, np.where(above >= 0, self.block_tag[known], -1))
        self.add(*np.where(above >= 0, self.text_scores[known].T, 0.0), np.where(above >= 0, self.chars[known], 0))

    def _groups(self) -> None:
        """Add how many blocks have the same path of tags and classes, and how they look together."""
        for group in self.groups:
            count = np.maximum(np.bincount(group), 1)
            chars = np.bincount(group, self.chars)
            link = np.bincount(group, self.link * self.chars) / np.maximum(chars, 1)
            prose = np.bincount(group, self.prose)
            ends = np.bincount(group, self.ends) / count
            self.add(count[group], (chars / count)[group], (chars / self.total[1])[group], link[group])
            self.add((prose / self.total[3])[group], ends[group])

    def _head(self) -> None:
        """Add what the block shares with title, description and h1, and with other blocks."""
        texts, page = self.page.blocks.text, self.page
        likeness, description = self._likeness(), page.description.casefold()
        self.add(likeness)
        stated = squeeze(page.stated)
        self.add(float(len(stated)))
        if stated:
            begins = [squeeze(t[:80]) for t in texts]
            found = [begin[:40] in stated for begin in begins]
            self.add(np.array([there - (len(begin) < 8) for begin, there in zip(begins, found, strict=True)]))
            for number, (text, begin) in enumerate(zip(texts, begins, strict=True)):
                if len(begin) > 40 or len(text) > 80:
                    found[number] = (squeeze(text[-80:]) if len(text) > 80 else begin)[-40:] in stated
            self.add(np.array(found))
        else:
            self.add(-2.0, -2.0)
        told = [len(t) > 20 and t[:60].casefold() in description for t in texts] if description else [False]
        self.add(np.array(told), float(len(description)))
        seen: dict[str, int] = {}
        earlier = []
        for text in texts:
            earlier.append(seen.get(text, 0))
            seen[text] = earlier[-1] + 1
        self.add(np.array(earlier), np.array([seen[text] for text in texts]))
        place = np.arange(self.n)
        titles = (self.block_tag == _CODE["h1"]) | (likeness > 0.7) & (self.heading > 0)
        self.add(place - last(titles), following(titles) - place, float(titles.sum()))
        first = int(titles.argmax()) if titles.any() else -1
        self.add(place - first if first >= 0 else np.full(self.n, -1_000))
        self.add(np.cumsum(titles))

    def _likeness(self) -> Floats:
        """Return the share of words that a short block and the title have in common."""
        title = set(text_words([self.page.title])[0])
        found, words, starts = np.zeros(self.n), self.said.words, self.said.starts
        shared = np.fromiter(map(title.__contains__, words), dtype=np.bool_, count=len(words)) if title else np.zeros(0)
        for block in np.unique(np.searchsorted(starts, np.flatnonzero(shared), "right") - 1).tolist():
            if self.chars[block] <= 250:
                end = starts[block + 1] if block + 1 < self.n else len(words)
                own = words[starts[block] + 1 : min(end, starts[block] + SHORT + 2)]
                found[block] = len(title.intersection(own)) / len(title.union(own))
        return found

    def _whole(self) -> None:
        place = np.arange(self.n)
        self.add(
            place, self.n - place, place / self.n, self.sums[:-1, 3] / self.total[3], self.sums[:-1, 1] / self.total[1]
        )
        tags = np.bincount(self.tag, minlength=len(TAGS))
        self.add(float(self.n), self.total[1], self.total[3], self.total[2] / self.total[1], self.total[4] / self.n)
        self.add(*(float(tags[_CODE[name]]) for name in ("p", "h1", "h2", "article", "li", "td", "form", "pre")))
        self.add(
            *(float(name in self.page.types) for name in _TYPES),
            *(float(self.page.dated), float("comment" in self.page.types)),
            float("article" in self.page.kind),
            float("product" in self.page.kind),
            float("website" in self.page.kind),
        )
        self.add(float(self.prose.max()), float(self.direct.max()), float(np.sort(self.direct)[-3:].sum()))


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, in small letters.

    >>> squeeze("The ferry, again")
    'theferryagain'
    """
    if text.isascii():
        return text.encode().translate(_SMALL, _NO_ASCII_LETTER).decode()
    return _NO_LETTER.sub("", text).casefold()
