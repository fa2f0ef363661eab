"""A web site on loopback that answers when it is told to, and remembers what it was asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class SlowSite:
    """Articles at /1, /2, ...; from `stuck` on, a page comes only once `go` is set."""

    url: str = ""
    stuck: int = 1_000_000
    asked: list[str] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)


@contextmanager
def slow_site() -> Iterator[SlowSite]:
    """Serve such a site for as long as the block lasts."""
    site = SlowSite()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/")
            if not name.isdecimal():
                self.send_error(404)
                return
            site.asked.append(name)
            if int(name) >= site.stuck:
                site.go.wait(60)
            said = f"The ferry number {name} left the port at night, and all who were on board arrived in the morning."
            body = f"<html><head><title>Ferry {name}</title></head><body><article><p>{said}</p></article></body></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        site.go.set()
        server.shutdown()
        server.server_close()
        thread.join()
