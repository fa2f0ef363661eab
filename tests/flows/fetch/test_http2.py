"""HTTP/2: what is stored has the form of HTTP/1.1 and says which protocol it was."""

import asyncio
import ssl
import threading

import pytest
from certificate import self_signed
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from website import article

from archive.exchanges import field

FERRY = article("Ferry")


class Server(asyncio.Protocol):
    """Answers each stream with one page, or with whatever `answer` does to the connection."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.connection = H2Connection(H2Configuration(client_side=False))

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.connection.initiate_connection()
        transport.write(self.connection.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self.connection.receive_data(data):
            if isinstance(event, RequestReceived):
                self.answer(self.connection, event)
        self.transport.write(self.connection.data_to_send())


def page(connection: H2Connection, event: RequestReceived) -> None:
    asked = dict(event.headers)
    found = asked[b":path"] != b"/robots.txt"
    body = FERRY if found else b""
    head = [(":status", "200" if found else "404"), ("content-type", "text/html"), ("etag", '"1"')]
    connection.send_headers(event.stream_id, head)
    connection.send_data(event.stream_id, body, end_stream=True)


def flood(connection: H2Connection, event: RequestReceived) -> None:
    connection.send_headers(event.stream_id, [(":status", "200"), *((f"x-{n}", "b" * 1000) for n in range(2000))])


@pytest.fixture
def serve(tmp_path):
    """Return a function that starts an HTTP/2 server and returns its port and a context that trusts it."""
    certificate, key = self_signed("wire.example")
    (tmp_path / "site.pem").write_bytes(certificate + key)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(tmp_path / "site.pem")
    serving.set_alpn_protocols(["h2"])
    loops = []

    def start(answer) -> tuple[int, ssl.SSLContext]:
        ready, ports = threading.Event(), []

        async def run() -> None:
            stopped = asyncio.Event()
            loop = asyncio.get_running_loop()
            loops.append((loop, stopped))
            server = await loop.create_server(lambda: Server(answer), "127.0.0.1", 0, ssl=serving)
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            async with server:
                await stopped.wait()

        threads.append(threading.Thread(target=lambda: asyncio.run(run()), daemon=True))
        threads[-1].start()
        ready.wait()
        return ports[0], ssl.create_default_context(cadata=certificate.decode())

    threads = []
    yield start
    for loop, stopped in loops:
        loop.call_soon_threadsafe(stopped.set)
    for thread in threads:
        thread.join()


async def loopback(_name, _port):
    return ["127.0.0.1"]


def test_pages_are_fetched_over_http_2(serve, fetch):
    port, trust = serve(page)
    urls = [f"https://wire.example:{port}/{number}" for number in range(3)]
    captures = fetch(*urls, resolve=loopback, tls=trust)
    assert [(c.verdict, c.body) for c in captures] == [("ok", FERRY)] * 3
    (exchange,) = captures[0].exchanges
    assert (exchange.protocol, exchange.address) == ("h2,tls/1.3", "127.0.0.1")
    assert exchange.response.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n")
    assert field(exchange.request, "host") == f"wire.example:{port}"


def test_a_flood_of_fields_is_refused_over_http_2_too(serve, fetch):
    port, trust = serve(flood)
    (capture,) = fetch(f"https://wire.example:{port}/a", resolve=loopback, tls=trust, timeout=5)
    assert capture.verdict == "robots_disallowed"
    assert capture.exchanges == ()
