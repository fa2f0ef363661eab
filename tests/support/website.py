"""A web site of our own on loopback: many hosts behind one port, told apart by the Host field, friendly and hostile.

It speaks HTTP/1.1 over plain sockets, so that it can also say what no server library would.
"""

import asyncio
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from flows.fetch.address import UnresolvedError

ARTICLE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The ferry between the two towns went out twice in the afternoon, and both times it came back with all its people.</p>
<p>Nobody at the pier expected the {title} before the end of the week, a clerk of the harbour said on Tuesday.</p>
</article></body></html>"""


def article(title: str) -> bytes:
    """Return a page with a text that cleaning finds."""
    return ARTICLE.format(title=title).encode()


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: where it went, its fields by lower-case name, and when it was read."""

    host: str
    path: str
    fields: dict[str, str]
    at: float


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes = b"", status: str = "200 OK", **fields: str) -> bytes:
    """Return a response; fields are named with _ for -, and HTML is what it is if they do not say."""
    named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items() if value is not None)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass(slots=True)
class Host:
    """What one host of the site answers, by path; a sequence is answered one after the other, the last for ever."""

    answers: dict[str, list[bytes | Handler]] = field(default_factory=dict)

    def on(self, path: str, *answers: bytes | Handler) -> "Host":
        self.answers[path] = list(answers)
        return self

    def page(self, path: str, body: bytes, etag: str | None = None, **fields: str) -> "Host":
        """Serve a page, and 304 for whoever names its etag."""

        async def serve(request: Request, writer: asyncio.StreamWriter) -> None:
            if etag and request.fields.get("if-none-match") == etag:
                writer.write(reply(status="304 Not Modified", ETag=etag, Content_Length=None, Content_Type=None))
            else:
                writer.write(reply(body, **({"ETag": etag} if etag else {}), **fields))

        return self.on(path, serve)


class Website:
    """The server, in a thread of its own; `with` starts and stops it. `requests` is what was asked, in order."""

    def __init__(self, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        self.hosts: dict[str, Host] = {}
        self.requests: list[Request] = []
        self.connections = self.port = 0
        self._tls, self._address = tls, address
        self._serving: set[asyncio.Task[None]] = set()
        self._stop: Callable[[], object] = lambda: None
        self._started = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def host(self, name: str = "wire.example") -> Host:
        return self.hosts.setdefault(name, Host())

    def url(self, path: str, host: str = "wire.example") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def paths(self, host: str = "wire.example") -> list[str]:
        """Return what was asked of a host, in order."""
        return [request.path for request in self.requests if request.host == host]

    async def resolve(self, name: str, _port: int) -> Sequence[str]:
        """Look a name up: the site's hosts are on loopback, an address is itself, and nothing else exists."""
        if name in self.hosts:
            return ["127.0.0.1"]
        if name.replace(".", "").isdigit() or ":" in name:
            return [name]
        raise UnresolvedError(f"the name {name} cannot be looked up")

    def __enter__(self) -> Self:
        self.thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self.thread.join()

    async def _run(self) -> None:
        stopped = asyncio.Event()
        self._stop = partial(asyncio.get_running_loop().call_soon_threadsafe, stopped.set)
        server = await asyncio.start_server(self._serve, self._address, 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await stopped.wait()
        server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._serving.add(asyncio.current_task())
        try:
            while line := await reader.readline():
                request = await self._request(line, reader)
                self.requests.append(request)
                await self._answer(request, writer)
                await writer.drain()
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._serving.discard(asyncio.current_task())

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answers = self.hosts.get(request.host, Host()).answers
        if request.path not in answers:
            writer.write(reply(b"<p>There is no such page.</p>", "404 Not Found"))
            return
        line = answers[request.path]
        answer = line.pop(0) if len(line) > 1 else line[0]
        if isinstance(answer, bytes):
            writer.write(answer)
        else:
            await answer(request, writer)

    @staticmethod
    async def _request(line: bytes, reader: asyncio.StreamReader) -> Request:
        fields = {}
        while head := (await reader.readline()).strip():
            name, _, value = head.decode("latin-1").partition(":")
            fields[name.lower()] = value.strip()
        path = line.decode("latin-1").split(" ")[1]
        return Request(fields.get("host", "").partition(":")[0], path, fields, time.monotonic())


async def hang_up(_request: Request, writer: asyncio.StreamWriter) -> None:
    """Close the connection without an answer."""
    writer.close()
    raise EOFError


def part_of(answer: bytes, length: int) -> Handler:
    """Return a handler that sends the beginning of an answer and hangs up."""

    async def send(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer[:length])
        await writer.drain()
        await hang_up(request, writer)

    return send


def drip(head: bytes, piece: bytes, pause: float) -> Handler:
    """Return a handler that sends a head and then the same piece for ever."""

    async def send(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            await writer.drain()
            await asyncio.sleep(pause)
            writer.write(piece)

    return send
