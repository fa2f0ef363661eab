"""What is asked of trafilatura, and how: settings that leave nothing to the clock or to earlier pages.

It was written to answer rather than to fail, and still raises on odd pages; here every failure is a None.
"""

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import TypeVar

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

NAME = f"trafilatura {version('trafilatura')}"

# it and what it calls report what they cannot use, page by page; the verdict and its detail do that here
for _name in ("trafilatura", "htmldate", "courlan", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

_T = TypeVar("_T")


def article(tree: HtmlElement, url: str | None) -> _Element | None:
    """Return the body tree of the page's article, or None where none is found.

    Readers' comments are left out. Deduplication stays off: it remembers earlier pages. The output format only
    spares a second rendering; the tree is the same in all of them.
    """
    found = _attempt(
        lambda: bare_extraction(tree, url=url, include_comments=False, deduplicate=False, output_format="xml")
    )
    return found.body if isinstance(found, Document) else None


def _attempt(ask: Callable[[], _T]) -> _T | None:
    try:
        return ask()
    except Exception:  # noqa: BLE001 - whatever they raise on a hostile page means that they found nothing
        return None
