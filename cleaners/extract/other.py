"""The page as trafilatura reads it, on a tree of its own that is built when it is first asked."""

from functools import cached_property
from importlib.metadata import version

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

NAME = f"trafilatura {version('trafilatura')} (second opinion)"


class SecondOpinion:
    """Trafilatura on one page; what it does not find is empty."""

    def __init__(self, page: str, url: str | None) -> None:
        self._page = page
        self._url = url

    @cached_property
    def _tree(self) -> HtmlElement | None:
        parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
        try:
            tree = document_fromstring(self._page.encode(), parser=parser)
        except etree.LxmlError:  # a page without any element or text
            return None
        # past its limit of nesting libxml2 drops the rest of the page without a word but this
        cut = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
        return None if cut else tree

    def text(self) -> str:
        """Return the article without readers' comments; empty where none is found."""
        from cleaners.extract import engine, render  # noqa: PLC0415 - trafilatura takes half a second to import

        body = None if self._tree is None else engine.article(self._tree, self._url)
        return "" if body is None else render.render(body)
