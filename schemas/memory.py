"""Site memory: the lines that many pages of one site share, counted once in an archive and then frozen.

A snapshot is a file of JSON lines for people and programs: a header, then one line of text each, sorted by site and
text. Nothing in it is hidden: what it will take from a page stands in it, with the count that is the reason.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KIND = "cleancopy site memory"
FORMAT = 1


class MemoryFileError(ValueError):
    """A file that is no snapshot, or not as it was built: the message says what to do."""


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One line that pages of a site share, and the evidence.

    It stands on `count` of the site's `documents`, on `outside` of these outside their own paragraphs and beside
    another such line. One that is not `taken` is a paragraph: it stays, and is not taken for a page's own.
    """

    site: str
    line: str
    count: int
    documents: int
    outside: int
    taken: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """What a snapshot was built from: an archive at a version, by a version of the builder."""

    archive_id: str
    version: int
    seal: str
    documents: int
    builder: str


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """A snapshot; `sha256` is that of its file and names it in archives and recipes."""

    origin: Origin
    lines: tuple[SiteLine, ...]
    by_site: Mapping[str, Mapping[str, SiteLine]]
    sha256: str

    def of(self, site: str | None) -> Mapping[str, SiteLine]:
        """Return the lines of a site by their text; none for a site that the memory does not know."""
        return self.by_site.get(site or "", {})


def spell(origin: Origin, lines: Sequence[SiteLine]) -> bytes:
    """Return the file of a snapshot; the same snapshot gives the same bytes."""
    ordered = sorted(lines, key=lambda line: (line.site, line.line))
    body = "".join(_json({name: getattr(line, name) for name in SiteLine.__slots__}) for line in ordered).encode()
    header = {
        "kind": KIND,
        "format": FORMAT,
        **{name: getattr(origin, name) for name in Origin.__slots__},
        "lines": len(ordered),
        "sites": len({line.site for line in ordered}),
        "digest": hashlib.sha256(body).hexdigest(),
    }
    return _json(header).encode("utf-8") + body


def parse_memory(content: bytes, file: str) -> SiteMemory:
    """Read a snapshot; MemoryFileError where it is none, or was changed after it was built."""
    head, _, body = content.partition(b"\n")
    try:
        header = json.loads(head)
        if not isinstance(header, dict) or header.get("kind") != KIND:
            raise MemoryFileError(f"{file} is no site memory; `cleancopy memory build` makes one")
        if header["format"] != FORMAT:
            raise MemoryFileError(f"{file} has format {header['format']}, and this cleancopy knows {FORMAT}; update it")
        if header["digest"] != hashlib.sha256(body).hexdigest():
            raise MemoryFileError(f"{file} is not as it was built: its digest is wrong; build it again")
        origin = Origin(**{name: header[name] for name in Origin.__slots__})
        rows = [json.loads(line) for line in body.decode("utf-8").split("\n") if line]
        lines = tuple(SiteLine(**row) for row in rows)
    except (KeyError, TypeError, RecursionError, ValueError) as error:
        if isinstance(error, MemoryFileError):
            raise
        raise MemoryFileError(
            f"{file} is no site memory, or a damaged one; `cleancopy memory build` makes one"
        ) from error
    by_site: dict[str, dict[str, SiteLine]] = {}
    for line in lines:
        by_site.setdefault(line.site, {})[line.line] = line
    return SiteMemory(origin, lines, by_site, hashlib.sha256(content).hexdigest())


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
