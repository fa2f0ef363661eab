"""WARC files in the making, as crawlers leave them."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas.page import Capture

STARTED = datetime(2024, 1, 1, tzinfo=UTC)
CAPTURED = datetime(2020, 11, 10, 9, 30, tzinfo=UTC)
HTML = [("Content-Type", "text/html; charset=windows-1251")]
PAGE = "<html><p>Нагорный Карабах</p></html>".encode("cp1251")
URL = "https://example.org/a"

Headers = list[tuple[str, str]]


class Crawl:
    """A WARC file in the making."""

    def __init__(self, *, compressed: bool = False) -> None:
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=compressed)

    def add(
        self,
        body: bytes = PAGE,
        headers: Headers = HTML,
        status: str | None = "200 OK",
        kind: str = "response",
        url: str = URL,
        **fields: str,
    ) -> "Crawl":
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if status else None
        warc = {"WARC-Date": "2020-11-10T09:30:00Z"} | {
            name.replace("_", "-"): value for name, value in fields.items() if name != "content_type"
        }
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_headers_dict=warc,
            warc_content_type=fields.get("content_type", ""),
        )
        return self.write(record)

    def write(self, record: ArcWarcRecord) -> "Crawl":
        self.writer.write_record(record)
        record.raw_stream.close()
        return self

    @property
    def data(self) -> bytes:
        return self.file.getvalue()


Read = Callable[..., list[Capture]]
