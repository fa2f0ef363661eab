"""Pages whose text stands in `noscript`, as forums write it for readers without scripts."""

from selectolax.lexbor import LexborNode

LITTLE = 400
"""Characters outside `noscript` from which a page has a text of its own."""
_TEXT = 600
"""Characters inside from which it is the page's text; what asks for scripts to be enabled is shorter."""
_MOST_READ = 20


def holds_text(body: LexborNode) -> bool:
    """Return whether the `noscript` elements of a body hold enough for a text."""
    found = 0
    for node in body.css("noscript")[:_MOST_READ]:
        found += sum(map(len, node.text().split()))
        if found >= _TEXT:
            return True
    return False
