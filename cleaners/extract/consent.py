"""Elements that consent software puts into pages: whatever they hold, and however much, is no text of the page."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

import re2

from cleaners.extract.blocks import TAGS, Page

_NAMES = (
    *("onetrust-consent-sdk", "onetrust-banner-sdk", "onetrust-pc-sdk", "optanon-popup-wrapper"),
    *("CybotCookiebotDialog", "CybotCookiebotDialogBody", "cookiebot-dialog"),
    *("usercentrics-root", "usercentrics-cmp-ui", "uc-banner-modal"),
    *("didomi-host", "didomi-popup", "didomi-notice", "didomi-consent-popup"),
    *("qc-cmp2-container", "qc-cmp2-main", "qc-cmp-ui-container"),
    *("truste-consent-track", "truste_overlay", "truste_box_overlay", "trustarc-banner-container", "consent_blackbar"),
    *("sp_message_container_[0-9]+", "sp_message_panel"),
    *("osano-cm-window", "osano-cm-dialog", "osano-cm-info-dialog"),
    *("cky-consent-container", "cky-modal", "cookie-law-info-bar", "cliSettingsPopup"),
    *("cmplz-cookiebanner", "cmplz-cookiebanner-container", "BorlabsCookieBox", "BorlabsCookie"),
    *("iubenda-cs-banner", "klaro", "tarteaucitronRoot", "axeptio_overlay", "cookiefirst-root", "cmpbox"),
    *("cookiescript_injected", "cmpwrapper", "fc-consent-root", "hs-eu-cookie-confirmation"),
    *("eu-cookie-compliance-banner", "ccc-notify"),
    *("moove_gdpr_cookie_info_bar", "moove_gdpr_cookie_modal", "shopify-pc__banner", "_evidon_banner"),
    *("termly-code-snippet-support", "cc-window", "cookieConsentContainer"),
)
"""Ids and classes by which the software names what it puts in: OneTrust, Cookiebot, Usercentrics, Didomi, Quantcast,
TrustArc, Sourcepoint, Osano, CookieYes, Complianz, Borlabs, Iubenda, Klaro, tarteaucitron, Axeptio, CookieFirst, Cookie
Script, consentmanager, Google, HubSpot, EU Cookie Compliance, Moove, Shopify, Evidon, Civic, Termly. None of them names
the page's body or a cookie policy that the software writes into it (`ot-sdk-cookie-policy`, `CookieDeclaration`)."""
_WHOLE = ("html", "body")
_OF_ARTICLE = frozenset(TAGS.index(name) for name in ("main", "article", "h1"))


def consent_boxes(page: Page) -> Iterator[tuple[int, int]]:
    """Yield the blocks [first, end) of each element that consent software put into the page.

    One that holds an article or the page's heading is none: a box that was never closed, or a name on the page itself.
    """
    elements = page.elements
    signs = "\0".join(elements.sign)
    number = reached = 0
    articles: list[int] | None = None  # of most pages nobody asks
    for match in _names().finditer(signs):
        number += signs.count("\0", reached, match.start() + 1)
        reached = match.start() + 1
        first, end = elements.first[number], elements.end[number]
        articles = _articles(page) if articles is None else articles
        at = bisect_left(articles, first)
        if not elements.sign[number].startswith(_WHOLE) and (at == len(articles) or articles[at] >= end):
            yield first, end


def _articles(page: Page) -> list[int]:
    """Return the first block of each article, main part and h1, in order."""
    columns = page.elements.tag, page.elements.first, page.elements.end
    return [first for tag, first, end in zip(*columns, strict=True) if tag in _OF_ARTICLE and first < end]


def consent_blocks(page: Page) -> list[int]:
    """Return the blocks that consent software put into the page, in order."""
    found: list[int] = []
    reached = 0  # boxes may stand in one another
    for first, end in consent_boxes(page):
        found += range(max(first, reached), end)
        reached = max(reached, end)
    return found


@cache
def _names() -> "re2._Regexp":
    return re2.compile(rf"(?i)[ \x00](?:{'|'.join(_NAMES)})(?:[ \x00]|$)")
