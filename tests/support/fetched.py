"""Sources that need no network: what their pages give now, as captures with the exchange that brought each."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from flows.fetch.fetcher import Progress
from flows.sources.identity import identity_of_url
from schemas.fetch import Exchange
from schemas.page import Capture, Verdict

_VERDICTS = {200: Verdict.OK, 304: Verdict.NOT_MODIFIED, 404: Verdict.GONE}


@dataclass(frozen=True)
class Site:
    """Sources in the place of `flows.sources.web.Configured`, whose pages are in a folder.

    `pages.json` maps each address to a status and a page; `asked` lists what was asked for.
    """

    folder: Path
    names: frozenset[str] = frozenset({"news"})
    files: dict[str, str] = field(default_factory=dict)
    mirrored: tuple[str, ...] = ()
    progress: Progress = field(default_factory=Progress)
    selections: tuple[()] = ()

    def put(self, pages):
        (self.folder / "pages.json").write_text(json.dumps(pages), "utf-8")

    def asked(self):
        listed = self.folder / "asked"
        return listed.read_text("utf-8").split() if listed.exists() else []

    def captures(self, archive, captured):
        del archive
        pages = json.loads((self.folder / "pages.json").read_text("utf-8"))
        for url, (status, page) in pages.items():
            if identity_of_url(url) in captured:
                continue
            with (self.folder / "asked").open("a", encoding="utf-8") as stream:
                stream.write(f"{url}\n")
            yield self._capture(url, status, page.encode())

    def _capture(self, url, status, body):
        head = (
            f"HTTP/1.1 {status} Said\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        asked = f"GET {url} HTTP/1.1\r\nHost: harbour.example\r\n\r\n"
        exchange = Exchange(url, asked.encode(), head.encode(), body, "http/1.1", "127.0.0.1")
        capture = Capture(identity_of_url(url), min(self.names), body, "text/html", datetime.now(UTC), url, "utf-8")
        return replace(capture, verdict=_VERDICTS.get(status, Verdict.ERROR), exchanges=(exchange,))
