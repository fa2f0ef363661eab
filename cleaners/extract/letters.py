"""The letters of a text, for telling whether two texts say the same."""

import re

_NO_LETTER = re.compile(r"[\W_]+")
_SMALL = bytes(range(128)).lower() + bytes(range(128, 256))
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())


_BETWEEN = "\ua66e"
"""A letter that hardly any text has, to tell texts apart that are squeezed in one go."""


def squeeze_all(texts: list[str]) -> list[str]:
    """Return what `squeeze` makes of each text.

    >>> squeeze_all(["The ferry", "", "again!"])
    ['theferry', '', 'again']
    """
    joined = _BETWEEN.join(texts)
    if not texts or joined.count(_BETWEEN) >= len(texts):
        return list(map(squeeze, texts))
    return _NO_LETTER.sub("", joined).casefold().split(_BETWEEN)


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, in small letters.

    >>> squeeze("The ferry, again")
    'theferryagain'
    """
    if text.isascii():
        return text.encode().translate(_SMALL, _NO_ASCII_LETTER).decode()
    return _NO_LETTER.sub("", text).casefold()
