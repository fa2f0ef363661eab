"""Named pieces that patterns in rule files are built from, written `{date}` or `{names}` there.

Upper case counts inside them (a name is told by it), while the rest of a pattern ignores case. Numbers of words
are limited, so that a rule for a short line cannot take a paragraph.
"""

import re

import re2

from cleaners.dates import DATE, STAMP, TIME, WEEKDAY

_CAPITAL = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĻŁŃŅŇŐŒŘŚŞŠŢŤŪŮŰŹŻŽƏА-ЯЁԱ-Ֆა-ჰ]"
_WORD = rf"{_CAPITAL}[^\s,;:!?\"“”«»()|/<>©]*"
_PARTICLE = "de|da|del|di|van|von|der|den|al|el|bin|ibn|la|le|of|the|oğlu|oglu|qızı"
_NAME = rf"(?-i:{_WORD}(?: (?:{_WORD}|{_PARTICLE})){{0,5}})"
_ORGANISATION = rf"(?-i:{_WORD}(?: (?:{_WORD}|of|on|for|in|and|the|&)){{0,8}})"
_EMAIL = r"(?:[\w.+-]+(?:@| ?\[at\] ?| ?\(at\) ?)[\w-]+(?:\.[\w-]+)+)"
_URL = r"(?:(?:https?://|www\.)[^\s<>\"“”«»]+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|news|am|az|ru|tr|ge|io|eu|de|fr|uk|tv|me|co)\b[^\s<>\"“”«»]*)"

FRAGMENTS: dict[str, str] = {
    "date": DATE,
    "time": TIME,
    "weekday": WEEKDAY,
    "stamp": STAMP,
    "name": _NAME,
    "names": rf"(?:{_NAME}(?:(?:,|,? and| &| with|,? и|,? və| ve| և| եւ| und| et| y) {_NAME}){{0,3}})",
    "organisation": _ORGANISATION,
    "email": _EMAIL,
    "url": _URL,
    "few": r"(?: \S+){0,4}",  # up to four further words
    "some": r"(?: \S+){0,10}",  # up to ten further words
    "network": (
        "(?:facebook|fb|twitter|x|instagram|telegram|youtube|linkedin|whatsapp|pinterest|reddit|tumblr|tiktok|vk"
        "|vkontakte|odnoklassniki|viber|mastodon|bluesky|threads|flipboard|rss|google news|google\\+|messenger|xing"
        "|ok\\.ru|soundcloud|spotify|rutube|дзен|яндекс\\.дзен|вконтакте|вк|телеграм|телеграмм?|фейсбук|инстаграм|ютуб"
        "|одноклассники|твиттер|ватсап|вайбер)"
    ),
}

_FRAGMENT = re.compile(r"(?<!\\)(?<!\\[pPx])\{([a-z_]+)\}")  # not \{, \p{…} or \x{…}


def expand(pattern: str) -> str:
    r"""Return `pattern` on one line, its indentation left out, every `{fragment}` written out, and `plain`.

    >>> print(expand("share{few}"))
    share(?: \S+){0,4}
    """
    pattern = on_one_line(pattern)
    for name, fragment in FRAGMENTS.items():
        pattern = pattern.replace(f"{{{name}}}", fragment)
    return plain(pattern)


def wrong(pattern: str) -> str:
    """Return what is wrong with a pattern as its author wrote it, "" where nothing is.

    >>> wrong("support us (on patreon")
    'not a pattern that RE2 can match: missing ): support us (on patreon'
    >>> wrong("posted on {dates}")[:36]
    '{dates} is no fragment; fragments ar'
    """
    if unknown := next((name for name in _FRAGMENT.findall(pattern) if name not in FRAGMENTS), None):
        return f"{{{unknown}}} is no fragment; fragments are {', '.join(FRAGMENTS)}; for the sign itself write \\{{"
    try:
        re2.compile(expand(pattern), _quiet())
    except re2.error as error:
        said = error.args[0] if error.args else error
        return f"not a pattern that RE2 can match: {said.decode() if isinstance(said, bytes) else said}"
    return ""


def _quiet() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20  # whether it needs too much is for the set to say that it stands in
    return options


def on_one_line(pattern: str) -> str:
    """Return `pattern` on one line, its indentation left out, and `plain`."""
    return plain("".join(line.strip() for line in pattern.splitlines()) if "\n" in pattern else pattern)


def plain(text: str) -> str:
    """Return `text` as patterns see it: of the same length, the Turkic i in one form, no-break spaces as spaces."""
    return text.replace("\u00a0", " ").replace("İ", "I").replace("ı", "i")
