"""What tests of WARC reading share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from crawl import STARTED, Crawl

from flows.sources import captures
from schemas.page import Capture


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Capture]]:
    def read(data: bytes | Crawl, name: str = "crawl.warc") -> list[Capture]:
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.data)
        return list(captures(str(tmp_path / name), STARTED))

    return read
