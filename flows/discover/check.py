"""What sources would give, without asking for any page but their listings and the hosts' robots.txt."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flows.discover.discover import Discovery
from flows.discover.entry import Reason
from flows.discover.selection import Selection, host_of
from flows.fetch.address import Guard, Resolver, UnresolvedError, system_addresses
from flows.fetch.client import Client
from flows.fetch.wanted import Wanted
from schemas.page import Verdict
from schemas.source import Fetching


def check(
    selections: Sequence[Selection],
    rules: Fetching,
    client: Callable[[Fetching], Client],
    resolve: Resolver = system_addresses,
) -> None:
    """Fill the selections from their listings, and drop from them what the fetcher would refuse to ask for."""
    asyncio.run(_check(selections, rules, client(rules), resolve))


async def _check(selections: Sequence[Selection], rules: Fetching, client: Client, resolve: Resolver) -> None:
    try:
        await Discovery(selections, client, rules.per_host).look()
        doors = _Doors(client, Guard(rules.allow), resolve)
        async with asyncio.TaskGroup() as group:
            for selection in selections:
                group.create_task(_drop_refused(selection, doors))
    finally:
        await client.aclose()
    for selection in selections:
        if selection.source.kind == "section" and selection.source.depth > 1:
            deeper = f"what these pages link to, down to depth {selection.source.depth}, is found when they are fetched"
            selection.remarks.append(deeper)


async def _drop_refused(selection: Selection, doors: "_Doors") -> None:
    for identity, entry in list(selection.chosen()):
        if reason := await doors.refusal(entry.url, selection):
            selection.drop(identity, reason)


@dataclass(slots=True)
class _Doors:
    """What hosts let in: each is looked up once, and its robots.txt is asked by the client, which keeps it."""

    client: Client
    guard: Guard
    resolve: Resolver
    _hosts: dict[str, asyncio.Task[Reason | None]] = field(default_factory=dict)

    async def refusal(self, url: str, selection: Selection) -> Reason | None:
        """Return why a page would not be asked for; None where it would."""
        host = host_of(url)
        if host not in self._hosts:
            self._hosts[host] = asyncio.create_task(self._looked_up(url))
        if reason := await self._hosts[host]:
            return reason
        refused = await self.client.refusal(Wanted(url, selection.name))
        if refused is None:
            return None
        if refused.verdict is Verdict.ROBOTS_DISALLOWED:
            return Reason.ROBOTS_DISALLOWED
        selection.trouble(url, refused.detail)
        return Reason.UNREACHABLE

    async def _looked_up(self, url: str) -> Reason | None:
        parts = urlsplit(url)
        try:
            addresses = await self.resolve(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        except (UnresolvedError, ValueError):
            return Reason.UNREACHABLE
        return None if any(self.guard.permits(address) for address in addresses) else Reason.PRIVATE_ADDRESS
