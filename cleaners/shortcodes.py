"""Codes in square brackets that a site's software left unreplaced: WordPress shortcodes and BBCode."""

import re
from collections.abc import Iterator

from schemas.edit import Edit

_ATTRIBUTE = r"\s+[\w-]{1,40}=(?:\"[^\"\[\]\n]*\"|“[^”\[\]\n]*”|”[^”\[\]\n]*”|'[^'\[\]\n]*'|&quot;[^\[\]\n]*&quot;|[^\s\[\]\"']+)"
# with an attribute it is no word in brackets, whatever its name
_WITH_ATTRIBUTE = re.compile(rf"\[([a-zA-Z][\w-]{{1,40}})(?:{_ATTRIBUTE})++\s*/?\]")
_SHORT = (
    *(
        "caption",
        "wp_caption",
        "embed",
        "gallery",
        "audio",
        "video",
        "playlist",
        "youtube",
        "vimeo",
        "twitter",
        "tweet",
    ),
    *("instagram", "facebook", "soundcloud", "dropcap", "pullquote", "spacer", "vc_row", "vc_column", "vc_column_text"),
    *("et_pb_section", "et_pb_row", "et_pb_column", "et_pb_text"),
)
_BB = ("b", "i", "u", "s", "quote", "center", "color", "size", "font", "url", "img", "list", "code", "spoiler", "email")
_CODE = re.compile(
    rf"\[(/?)({'|'.join(sorted(_SHORT + _BB, key=len, reverse=True))})(?:=[^\[\]\n]{{1,300}})?\]", re.IGNORECASE
)
_ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*")
_MEDIA = frozenset((*_SHORT[2:15], "img"))


def shortcodes(text: str) -> Iterator[Edit]:
    """Propose to take shortcodes with attributes, and codes that are opened and closed; words between them stay.

    A code whose content is an address and nothing else, such as an embedded film, goes with its content. A bare
    word in brackets ("[video]", "[i]n the town") stays where nothing closes it: it may be an editor's.
    """
    if "[" not in text:
        return
    attributed = list(_WITH_ATTRIBUTE.finditer(text))
    opened: dict[str, list[re.Match[str]]] = {}
    for match in attributed:
        yield _edit(text, match.start(), match.end())
    found = sorted([*attributed, *_CODE.finditer(text)], key=lambda m: m.start())
    for match in found:
        closing = match.re is _CODE and match[1] == "/"
        name = (match[2] if match.re is _CODE else match[1]).lower()
        if not closing:
            opened.setdefault(name, []).append(match)
        elif opener := _opener(text, opened.get(name, []), name, match):
            between = text[opener.end() : match.start()]
            if name in _MEDIA and _ADDRESS.fullmatch(between):
                yield _edit(text, opener.start(), match.end())
            else:
                yield _edit(text, opener.start(), opener.end())
                yield _edit(text, match.start(), match.end())


def _opener(text: str, openers: list[re.Match[str]], name: str, closer: re.Match[str]) -> re.Match[str] | None:
    """Return the last code that `closer` can close; a BBCode only within its paragraph."""
    if not openers:
        return None
    opener = openers.pop()
    within = name in _SHORT or opener.re is _WITH_ATTRIBUTE or "\n\n" not in text[opener.end() : closer.start()]
    return opener if within else None


def _edit(text: str, start: int, end: int) -> Edit:
    return Edit(start, end, text[start:end], "", "markup:markup_shortcode/brackets")
