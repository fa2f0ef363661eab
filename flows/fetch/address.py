"""Which addresses may be connected to: checked at the moment of connecting, on the very address that is connected to.

A name is looked up once for each connection; what the look-up gave is checked and then connected to, so a name that
answers otherwise the next time (DNS rebinding) gains nothing. The network backend of httpcore is the one place where
every connection passes, also those of redirects.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

import httpcore

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the IP addresses of a host name (or of an address as it is) and port; raises UnresolvedError for none."""

_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # where machines on Azure ask for what they are
        "192.0.0.0/24",  # protocol assignments, and Oracle's metadata; public to older versions of ipaddress
        "192.88.99.0/24",  # relays that there are no more
        "64:ff9b:1::/48",  # NAT64 of a local network
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing within a network
    )
)
"""What `ipaddress` takes for public, in some of its versions at least, and is not."""
_MOST = 4
"""Addresses of one name that are tried."""


class AddressError(PermissionError):
    """A host whose addresses may not be connected to."""


class UnresolvedError(OSError):
    """A host name that has no address."""


class Guard:
    """Tells which addresses may be connected to: public ones, and those in the networks of an allow-list."""

    def __init__(self, allow: Iterable[IPNetwork]) -> None:
        self._allow = tuple(allow)

    def permits(self, address: str) -> bool:
        """Return whether an IP address may be connected to.

        >>> Guard(()).permits("93.184.216.34"), Guard(()).permits("::ffff:169.254.169.254")
        (True, False)
        """
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        behind = _behind(found)
        return all(self._allowed(one) or _is_public(one) for one in behind)

    def _allowed(self, address: IPAddress) -> bool:
        return any(address in network for network in self._allow if network.version == address.version)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to permitted addresses only."""

    def __init__(self, guard: Guard, resolve: Resolver) -> None:
        self._guard, self._resolve = guard, resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look the host up and connect; AddressError or UnresolvedError, or httpcore's errors of connecting."""
        try:
            async with asyncio.timeout(timeout):
                addresses = list(await self._resolve(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"looking up {host} took too long") from error
        permitted = [address for address in addresses if self._guard.permits(address)][:_MOST]
        if not permitted:
            raise AddressError(f"{host} is at {', '.join(addresses[:_MOST])}, which is no public address")
        share = timeout / len(permitted) if timeout else None
        for address in permitted[:-1]:
            try:
                return await self._network.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(permitted[-1], port, share, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def system_addresses(host: str, port: int) -> Sequence[str]:
    """Return what the system knows of a name, in its order; UnresolvedError where it knows nothing.

    In a thread of its own that nobody waits for at the end: a look-up cannot be called off.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str], error: OSError | None) -> None:
        if not answer.done():
            if error is not None:
                answer.set_exception(UnresolvedError(f"the name {host} cannot be looked up: {error.strerror}"))
            else:
                answer.set_result(found)

    def look_up() -> None:
        found: list[str] = []
        failed: OSError | None = None
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            failed = error if isinstance(error, OSError) else OSError(0, "it is no name")
        if not loop.is_closed():
            loop.call_soon_threadsafe(partial(settle, list(dict.fromkeys(found)), failed))

    threading.Thread(target=look_up, daemon=True, name=f"look up {host[:40]}").start()
    return await answer


def _behind(address: IPAddress) -> tuple[IPAddress, ...]:
    """Return the address, with the IPv4 address that a router would pass the packets on to; that alone where mapped."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.sixtofour:
        return address, address.sixtofour
    return (address, *address.teredo) if address.teredo else (address,)


def _is_public(address: IPAddress) -> bool:
    odd = address.is_multicast or address.is_reserved or address.is_unspecified
    odd = odd or any(address in network for network in _REFUSED if network.version == address.version)
    if isinstance(address, ipaddress.IPv6Address):
        odd = odd or address.is_site_local
    return address.is_global and not odd
