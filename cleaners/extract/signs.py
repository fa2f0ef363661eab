"""The names that an author gave an element: its class and id, and others that tell what it is for."""

from functools import lru_cache

LONGEST_SIGN = 200
"""Characters of a name that are looked at."""
_SIGNS = ("class", "id", "role", "itemprop", "data-testid", "data-component", "aria-label", "data-type")


@lru_cache(maxsize=5_000)
def _naming(attributes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the attributes that name an element, in the order of `_SIGNS`."""
    return tuple(name for name in _SIGNS if name in attributes)


def sign_of(tag: str, attributes: dict[str, str | None]) -> str:
    """Return a tag with the names that its attributes give.

    >>> sign_of("p", {"id": "lead", "class": "intro", "href": "/"})
    'p intro lead'
    """
    if len(attributes) == 1 and "class" in attributes:
        return f"{tag} {(attributes['class'] or '')[:LONGEST_SIGN]}"
    for name in _naming(tuple(attributes)):
        if value := attributes[name]:
            tag = f"{tag} {value[:LONGEST_SIGN]}"
    return tag
