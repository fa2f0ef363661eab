"""Codes in square brackets that a site's software left unreplaced: WordPress shortcodes and BBCode."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from schemas.edit import Edit

_VALUE = r"\"[^\"\[\]\n]*\"|[“”][^”\[\]\n]*”|'[^'\[\]\n]*'|&quot;[^&\[\]\n]*&quot;|[^\s\[\]\"']+"
_ATTRIBUTE = rf"\s+[\w-]{{1,40}}=(?:{_VALUE})"
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
_LONGEST_ADDRESS = 2_000
_MEDIA = frozenset((*_SHORT[2:15], "img"))


def shortcodes(text: str) -> Iterator[Edit]:
    """Propose to take shortcodes with attributes, and codes that are opened and closed; words between them stay.

    A code whose content is an address and nothing else, such as an embedded film, goes with its content. A bare
    word in brackets ("[video]", "[i]n the town") stays where nothing closes it: it may be an editor's.
    """
    if "[" not in text:
        return
    attributed = list(_WITH_ATTRIBUTE.finditer(text))
    for match in attributed:
        yield _edit(text, match.start(), match.end())
    paragraphs = [match.start() for match in re.finditer(r"\n\n", text)]
    opened: dict[str, list[re.Match[str]]] = {}
    for match in sorted([*attributed, *_CODE.finditer(text)], key=lambda m: m.start()):
        bare = match.re is _CODE
        name = match[2 if bare else 1].lower()
        if not (bare and match[1]):
            opened.setdefault(name, []).append(match)
            continue
        opener = opened[name].pop() if opened.get(name) else None
        if not opener or not _pair(name, opener, match, paragraphs):
            continue
        length = match.start() - opener.end()
        if name in _MEDIA and length < _LONGEST_ADDRESS and _ADDRESS.fullmatch(text[opener.end() : match.start()]):
            yield _edit(text, opener.start(), match.end())
        else:
            yield _edit(text, opener.start(), opener.end())
            yield _edit(text, match.start(), match.end())


def _pair(name: str, opener: re.Match[str], closer: re.Match[str], paragraphs: list[int]) -> bool:
    """Return whether the two belong together: BBCode, whose names are words and letters, only within a paragraph."""
    if name in _SHORT or opener.re is _WITH_ATTRIBUTE:
        return True
    return bisect_left(paragraphs, opener.end()) == bisect_left(paragraphs, closer.start())


def _edit(text: str, start: int, end: int) -> Edit:
    return Edit(start, end, text[start:end], "", "markup:markup_shortcode/brackets")
