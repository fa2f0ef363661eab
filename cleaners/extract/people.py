"""Names of people in what pages give as authors: whole names, never a role, an account, an address or a sentence."""

import re
from collections.abc import Collection, Iterable

from cleaners.extract.values import one_line

_NO_PERSON = re.compile(
    r"(?i)https?:|www\.|[@/<>{}=!?]|\d{2}|\w\.\w{2}|\b(?:staff|team|desk|newsroom|redaktion|redacción|rédaction|редакция)\b|"
    r"^(?:admin(?:istrator)?|author|editors?|guest|null|none|root|unknown|user|webmaster|wordpress|anonymous)$"
)
_NAME = re.compile(
    r"(?:[^\W\d_a-zа-яёա-ֆ][\w'’.-]*|(?:de|der|den|van|von|zu|al|el|bin|ibn|da|di|la|le|dos|del)\b)(?: |$)"
)
_NO_NAME = re.compile(
    r"(?i)\b(?:about|admin|and|authorized|bio|dealer|full|inc|testimonial|article|articles|author|blog|by|ceo|contributor|contact|copyright|department|desk|editor|editorial|"
    r"follow|founder|guest|home|last|learn|more|news|newsroom|our|posted|published|read|reviewed|share|staff|subscribe|team|"
    r"the|this|to|updated|view|writer|written|you|your|reading|time|guide|best|how|what|why|all|posts|in|for|with|online|"
    r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber)\b"
)
_SIGN = re.compile(r"\s*\([^()]{0,20}\)$")
_TITLES = re.compile(
    r"(?i),?\s+(?:ph\.?d|m\.?d|mba|rn|dds|dmd|jd|cpa|cfp|esq|msc?|bsc?|r\.?d|pharm\.?d|lcsw|dvm|dnp|do|ed\.?d)\b\.?"
)
_BY = re.compile(
    r"(?i)^(?:(?:(?:written|posted|published|reported|words|text|story|report|article|post)\s+)?by|von|par|por|door|от|"
    r"автор|autor(?:in)?|auteur|author|yazar|müəllif|հեղինակ)\b\s*[:՝]?\s+"
)
_BY_ALONE = re.compile(r"(?i)(?:(?:written|posted|published|reported|words|text|story|article)\s+)?by\s*:?")
_BY_LATER = re.compile(r"(?<=[\s|•·⋅∙●–—])[Bb]y\s+(?=[^\W\d_a-z])")
_BY_GLUED = re.compile(r"By(?=[A-ZÀ-Þ][a-zß-ÿ])")
_BETWEEN_PEOPLE = re.compile(r"\s*[;|]\s*|\s+(?:and|und|et|y|и|ve|və|&)\s+")
_AFTER = re.compile(
    r"\s*(?:[|•·⋅∙●–—/]|\u00a0\s|\s-\s|\bon\b|\bin\b|\bupdated\b|\bpublished\b|\bposted\b|\blast\b|\bam\b|,?\s*\d|\b(?:jan|feb|mar|apr|may|"
    r"jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d)",
    re.IGNORECASE,
)


def people(
    values: Iterable[str],
    publisher: str | None,
    host: str = "",
    *,
    accounts: bool = False,
    persons: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the people that stated values name, each once; nobody for a publisher, a role or an account.

    `host` is the page's, without its points: a name that is part of it is the site's. With
    `accounts`, names of accounts count as well: where readers write, people have no other. `persons` are names that the
    page says are persons': their sites may bear them.
    """
    found: dict[str, None] = {}
    for value in values:
        for part in split_people(_BY.sub("", one_line(value) or "")):
            name = _SIGN.sub("", _TITLES.sub("", part)).strip(" ,;")
            same = publisher and name.casefold() == publisher.casefold()
            same = same or (bool(host) and "".join(filter(str.isalnum, name.casefold())) in host)
            same = same and not (name in persons and reads_as_name(name))
            # one word in small Latin letters is an account, and more than six are several people run together
            account = not accounts and name.isascii() and name.islower() and " " not in name
            if 1 < len(name) <= 80 and len(name.split()) <= 6 and not (same or account or _NO_PERSON.search(name)):
                found[name] = None
    return tuple(found)


def byline(text: str, publisher: str | None, *, marked: bool, persons: Collection[str] = ()) -> tuple[str, ...]:
    """Return the people of a line of the page that begins as a byline does, or is `marked` as one by its element.

    It is free text, so it counts only where every part of it reads as a full name and nothing else.
    """
    said = _BY.match(text) or (_BY_GLUED.match(text) if marked else None)
    if not (said or marked) or len(text) > 150:
        return ()
    rest = text[said.end() if said else 0 :]
    end = _AFTER.search(rest)
    names = people([rest[: end.start()] if end else rest], publisher, persons=persons)
    return names if names and all(map(reads_as_name, names)) else ()


def after_day(text: str, day_ends: int) -> str:
    """Return the byline in a line that begins with a day, which ends at `day_ends`; the line where there is none.

    >>> after_day("May 18, 2023 By Ann Lee In Blog", 12)
    'By Ann Lee'
    """
    found = _BY_LATER.search(text, day_ends)
    return re.split(r"\s(?:[Ii]n|[Uu]nder)\b", text[found.start() :])[0] if found else text


def asks_for_name(text: str) -> bool:
    """Return whether a block says only that the next one names who wrote the page.

    >>> asks_for_name("Written by:"), asks_for_name("By the river")
    (True, False)
    """
    return bool(_BY_ALONE.fullmatch(text))


def reads_as_name(name: str) -> bool:
    """Return whether a text reads as a person's full name: two to four capitalised words, none of them a label."""
    words = name.split()
    return 2 <= len(words) <= 4 and not _NO_NAME.search(name) and all(_NAME.match(word) for word in words)


def split_people(names: str) -> list[str]:
    """Split a list of people; at a comma only where each part is a full name, for "Lee, Ann" is one person."""
    parts: list[str] = []
    for part in _BETWEEN_PEOPLE.split(names):
        pieces = _TITLES.sub("", part).split(",")
        parts += pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]
    return parts
