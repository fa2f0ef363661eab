"""The extractors that cleancopy is compared with, each as a function from a page's HTML and URL to its text."""

import logging
import warnings
from collections.abc import Callable

import justext
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import extract
from trafilatura import html2txt as every_text

Extract = Callable[[str, str], str]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that it would like to summarise as well
    from newspaper import Article

for _name in ("trafilatura", "readability", "htmldate", "newspaper", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

_STOP_WORDS = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "ru": "Russian", "tr": "Turkish"}


def _trafilatura(html: str, url: str, **settings: bool) -> str:
    return extract(html, url=url, include_comments=False, **settings) or ""


def _readability(html: str, _url: str) -> str:
    return every_text(Document(html).summary())


def _newspaper(html: str, url: str) -> str:
    article = Article(url, fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return article.text


def _justext(html: str, _url: str) -> str:
    paragraphs = justext.justext(html.encode(), justext.get_stoplist("English"), encoding="utf-8")
    return "\n".join(p.text for p in paragraphs if not p.is_boilerplate)


EXTRACTORS: dict[str, Extract] = {
    "trafilatura": _trafilatura,
    "trafilatura, precision": lambda html, url: _trafilatura(html, url, favor_precision=True),
    "trafilatura, fast": lambda html, url: _trafilatura(html, url, fast=True),
    "resiliparse": lambda html, _url: extract_plain_text(html, main_content=True, alt_texts=False, comments=False),
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "jusText (English)": _justext,
}
"""Name → extractor, with the settings each is usually run with; readers' comments are left out where one can."""


def by_justext(lines: list[str], language: str) -> str:
    """Return the lines that jusText takes for the text, each line a paragraph, by its stop words for the language."""
    html = "".join(f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in lines)
    words = justext.get_stoplist(_STOP_WORDS.get(language[:2], "English"))
    found = justext.justext(html.encode(), words, encoding="utf-8")
    return "\n".join(p.text for p in found if not p.is_boilerplate)
