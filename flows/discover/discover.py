"""The pages that the sources of a run list: all are read at once, and of two that list a page the first takes it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from archive.validators import Validators
from flows.discover.entry import Entry, Reason
from flows.discover.reading import Fetching, Reader
from flows.discover.section import Section
from flows.discover.selection import Selection
from flows.discover.urls import read_urls
from flows.fetch.wanted import Fetched, Wanted
from flows.sources.identity import identity_of_url

_AHEAD = 100
"""Pages that wait to be asked for; sources take turns in filling this up."""


_NONE = Validators()


def _no_validators(_identity: str) -> Validators:
    return _NONE


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of pages from before: validators by identity, and identities that need not be asked for again."""

    validators: Callable[[str], Validators] = _no_validators
    captured: AbstractSet[str] = field(default_factory=frozenset)


class Discovery:
    """The selections of a run's sources, filled from their listings; `per_host` pages are asked for at once."""

    def __init__(self, selections: Sequence[Selection], client: Fetching, per_host: int = 1) -> None:
        self._selections = selections
        self._client = client
        self._per_host = per_host
        self._desk = asyncio.Lock()
        self._owners: dict[str, str] = {}
        self._claimed = [asyncio.Event() for _ in selections]

    async def look(self) -> None:
        """Fill the selections without asking for any page but listings; of a section, the first level."""
        async with asyncio.TaskGroup() as group:
            for number in range(len(self._selections)):
                group.create_task(self._listed(number))

    async def pages(self, known: Known) -> AsyncIterator[Wanted | Fetched]:
        """Yield the pages to ask for, and those that had to be fetched for their links, as they are found."""
        queue: asyncio.Queue[Wanted | Fetched | None] = asyncio.Queue(_AHEAD)

        async def all_sources() -> None:
            async with asyncio.TaskGroup() as group:
                for number in range(len(self._selections)):
                    group.create_task(self._discover(number, known, queue.put))
            await queue.put(None)

        task = asyncio.create_task(all_sources())
        task.add_done_callback(lambda done: None if done.cancelled() or not done.exception() else _wake(queue))
        try:
            while (page := await queue.get()) is not None:
                yield page
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _discover(self, number: int, known: Known, put: "Callable[[Wanted | Fetched], Awaitable[None]]") -> None:
        selection = self._selections[number]
        section, found = await self._listed(number)
        fetched: set[str] = set()
        if section is not None and selection.source.depth > 1:
            async for page in section.follow(found):
                identity = identity_of_url(page.wanted.url)
                if self._is_ours(selection, identity) and identity not in known.captured:
                    fetched.add(identity)
                    await put(page)
        for identity, entry in list(selection.chosen()):
            if identity not in fetched and identity not in known.captured and self._is_ours(selection, identity):
                await put(_wanted(selection, entry, known.validators(identity)))

    async def _listed(self, number: int) -> tuple[Section | None, list[str]]:
        """Read a source's listings, and claim its pages once the sources before it have claimed theirs."""
        selection, section, found = self._selections[number], None, list[str]()
        if selection.source.kind == "section":
            section = Section(selection, self._client, at_once=self._per_host)
            found = await section.begin()
        elif selection.source.kind == "urls":
            await asyncio.to_thread(read_urls, selection)
        else:
            await Reader(selection, self._client, self._desk).read()
        if number:
            await self._claimed[number - 1].wait()
        for identity, _ in list(selection.chosen()):
            self._is_ours(selection, identity)
        self._claimed[number].set()
        return section, found

    def _is_ours(self, selection: Selection, identity: str) -> bool:
        """Claim a page for a source; return whether it is the source's, and drop it there where it is another's."""
        if not selection.has(identity):
            return False
        if self._owners.setdefault(identity, selection.name) == selection.name:
            return True
        selection.drop(identity, Reason.OTHER_SOURCE)
        return False


def _wake(queue: "asyncio.Queue[Wanted | Fetched | None]") -> None:
    """Let whoever waits for pages know that no more come, also where the queue is full."""
    while queue.full():
        queue.get_nowait()
    queue.put_nowait(None)


def _wanted(selection: Selection, entry: Entry, known: Validators) -> Wanted:
    source = selection.source
    return Wanted(
        entry.url,
        selection.name,
        etag=known.etag,
        last_modified=known.last_modified,
        rendered=source.browser,
        listed=entry.listed,
        validates=known.url,
        delay=source.delay,
    )
