"""Pages that say something of themselves, and what is read of it."""

import json

from cleaners.extract.page import extract
from schemas.page import Metadata

BODY = "<p>On the morning of the second day the ferry left the pier with eleven people on board, and two dogs.</p>"


def read(head: str = "", body: str = "", url: str | None = None) -> Metadata:
    page = f"<html lang='en'><head>{head}</head><body>{body}{BODY}</body></html>"
    return extract(page, url, None).metadata


def ld(*nodes: object) -> str:
    content = json.dumps(nodes[0] if len(nodes) == 1 else list(nodes))
    return f'<script type="application/ld+json">{content}</script>'


def meta(**names: str) -> str:
    return "".join(f'<meta property="{name.replace("_", ":", 1)}" content="{value}">' for name, value in names.items())
