"""What kind of page it is, by a few plain rules over its statements, its address and its blocks.

Rules and not a model, so that a reader can say why; `benchmarks/pagetype.py` prints how often they are right.
"""

import re
from collections import Counter
from urllib.parse import urlsplit

from cleaners.extract.blocks import MARKS, TAGS, Page
from cleaners.extract.head import Head

_FORUM, _PRODUCT, _DOCUMENTATION, _COLLECTION = "forum", "product", "documentation", "collection"
_LISTING, _SERVICE, _ARTICLE = "listing", "service", "article"
TYPES = {
    _ARTICLE: "an article, a post of a blog, a recipe",
    _FORUM: "a thread of a forum, or a question with its answers",
    _PRODUCT: "one product",
    _DOCUMENTATION: "a manual, a reference, a lesson",
    _COLLECTION: "products of a shop",
    _LISTING: "a list of pages",
    _SERVICE: "an offer of work, and any page that is none of these",
}
"""What each type means."""

_LIST = 1 << MARKS.index("list")
_AROUND = sum(1 << MARKS.index(name) for name in ("nav", "footer", "header", "aside"))
_FORUM_LD = frozenset(("discussionforumposting", "qapage"))
_ARTICLE_LD = frozenset(
    ("article", "newsarticle", "blogposting", "reportagenewsarticle", "opinionnewsarticle", "recipe")
)
_FORUM_GENERATOR = re.compile(r"(?i)discourse|phpbb|vbulletin|xenforo|mybb|flarum|nodebb|vanilla|invision|smf")
_DOCUMENTATION_GENERATOR = re.compile(
    r"(?i)docusaurus|sphinx|mkdocs|gitbook|vitepress|mintlify|starlight|hugo-docs|antora|"
    r"readme"
)
_FORUM_HOST = re.compile(
    r"(?i)^(?:forums?|community|boards?|discuss|talk|bbs|answers)\.|stackoverflow\.com|stackexchange|reddit\.|"
    r"quora\."
)
_FORUM_PATH = re.compile(
    r"(?i)/(?:forums?|threads?|topics?|viewtopic|showthread|boards?|discussions?|questions|comments|"
    r"t)(?:[/.-]|$)|viewtopic|showthread"
)
_DOCUMENTATION_HOST = re.compile(r"(?i)^(?:docs?|developers?|api|wiki|learn|kb|support|help)\.|readthedocs|\.dev$")
_DOCUMENTATION_PATH = re.compile(
    r"(?i)/(?:docs?|documentation|manual|api|api-reference|reference|tutorials?|man)(?:[/.]|"
    r"$)"
)
_PRODUCT_PATH = re.compile(r"(?i)/(?:products?|dp|itm|item|p|prod|buy|pd)/[^/]")
_COLLECTION_PATH = re.compile(
    r"(?i)/(?:collections?|categor(?:y|ies)|c|shop|store|b|cat|departments?|browse)(?:[/.]|"
    r"$)"
)
_LISTING_PATH = re.compile(
    r"(?i)/(?:tags?|topics?|search|archives?|authors?|list|directory|latest|news|blog)/?$"
    r"|/(?:charts?|hub|sections?|directory|tags?)/[^/]+/?$|/lists?/."
)
_LISTED_PATH = re.compile(r"(?i)/(?:list_of_|category:)")
_ARTICLE_PATH = re.compile(
    r"(?i)/(?:blogs?|news|articles?|posts?|story|stories|resources|insights|guides?|magazine|"
    r"\d{4})/."
)
_SERVICE_PATH = re.compile(
    r"(?i)/(?:services?|solutions?|pricing|about|contact|features|platform|consulting|industries)(?:[/.-]|"
    r"$)"
)
_PRICE = re.compile(r"[$€£₽₺₼¥]\s?\d|\d\s?(?:€|£|₽|₺|USD|EUR|zł|kr)\b")
_PROSE = 200
_FEW = 3
_LISTED_LD = frozenset(("itemlist", "collectionpage"))
_SHOP_LD = frozenset(("product", "productgroup", "offer", "offercatalog"))
_LISTED, _PRICED = 9, 8
"""Entries alike that make a page a list, and prices that make it a shop's."""
_A_TEASER = 300
"""Characters of prose that an entry of a list has at most."""
_ENTRIES = frozenset(TAGS.index(name) for name in ("h2", "h3", "h4", "article"))


def page_type(head: Head, page: Page, types: tuple[str, ...], url: str | None, *, dated: bool) -> str | None:
    """Return the type of a page, one of TYPES; None for one with hardly anything on it.

    `types` are those of its JSON-LD objects; `dated` is whether it states when it was published.
    """
    try:
        parts = urlsplit(url or "")
        host, path = (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:
        host = path = ""
    stated = _stated(head, page, frozenset(types), host, path)
    if stated or len(page.blocks.text) < _FEW:
        return stated
    if _COLLECTION_PATH.search(path):
        return _COLLECTION
    about = (_ARTICLE_PATH.search(path) or _SERVICE_PATH.search(path)) and not _LISTING_PATH.search(path)
    if not about and _lists(page, frozenset(types)):
        return _COLLECTION if _prices(page) >= _PRICED else _LISTING
    return _by_address(path, dated=dated) or _by_blocks(page, dated=dated)


def _lists(page: Page, types: frozenset[str]) -> bool:
    """Return whether a page is a list of others: it says so, or is mostly headlines that lead there, all made alike."""
    if types & _LISTED_LD and not types & _SHOP_LD:
        return True
    elements, blocks = page.elements, page.blocks
    entries = Counter(
        (tag, elements.path[elements.parent[element]])
        for element, tag in enumerate(elements.tag)
        if tag in _ENTRIES
        and not elements.marks[element] & _AROUND
        and (first := elements.first[element]) < elements.end[element]
        and any(
            2 * blocks.link[block] > len(blocks.text[block])
            for block in range(first, min(first + _FEW, elements.end[element]))
        )
    )
    most = max(entries.values(), default=0)
    if most < _LISTED:
        return False
    shown = [
        text for text, element in zip(blocks.text, blocks.element, strict=True) if not elements.marks[element] & _AROUND
    ]
    prose = sum(len(text) for text in shown if len(text) > _PROSE)
    return prose < 0.4 * sum(map(len, shown)) or prose < _A_TEASER * most


def _prices(page: Page) -> int:
    return sum(1 for text in page.blocks.text if len(text) < 60 and _PRICE.search(text))


def _stated(head: Head, page: Page, types: frozenset[str], host: str, path: str) -> str | None:
    """Return the type that the page's own statements, or the software of its site, give."""
    generator = next((m.get("content") or "" for m in head.metas if (m.get("name") or "").lower() == "generator"), "")
    if types & _FORUM_LD or _FORUM_GENERATOR.search(generator) or _FORUM_HOST.search(host):
        return _FORUM
    if _FORUM_PATH.search(path) and not types & _ARTICLE_LD and not _DOCUMENTATION_HOST.search(host):
        return _FORUM
    if (
        _DOCUMENTATION_GENERATOR.search(generator)
        or _DOCUMENTATION_HOST.search(host)
        or _DOCUMENTATION_PATH.search(path)
    ):
        return _DOCUMENTATION
    if _LISTED_PATH.search(path):
        return _LISTING
    if types & _ARTICLE_LD:
        return _ARTICLE
    if types & {"product", "productgroup"} and not _COLLECTION_PATH.search(path):
        return _PRODUCT
    if page.kind in {"product", "og:product", "product.item"} or _PRODUCT_PATH.search(path):
        return _PRODUCT
    return None


def _by_address(path: str, *, dated: bool) -> str | None:
    if _LISTING_PATH.search(path) or path in {"", "/"}:
        return _LISTING if path not in {"", "/"} else _SERVICE
    if _SERVICE_PATH.search(path) and not dated:
        return _SERVICE
    return _ARTICLE if _ARTICLE_PATH.search(path) else None


def _by_blocks(page: Page, *, dated: bool) -> str:
    """Return the type that the shape of the page suggests: prose, prices, or lists of links."""
    shown = [
        (text, page.blocks.link[block] / max(len(text), 1))
        for block, text in enumerate(page.blocks.text)
        if not page.elements.marks[page.blocks.element[block]] & _AROUND
    ]
    prose = sum(len(text) for text, links in shown if len(text) > _PROSE and links < 0.5)
    linked = sum(len(text) * links for text, links in shown)
    total = max(sum(len(text) for text, _ in shown), 1)
    if not dated and sum(1 for text, _ in shown if len(text) < 60 and _PRICE.search(text)) >= 8:
        return _COLLECTION
    if dated and prose > 1_000:
        return _ARTICLE
    if linked > 0.5 * total:
        return _LISTING
    return _ARTICLE if prose > 0.5 * total and prose > 2_000 else _SERVICE
