"""The letters of a text, for telling whether two texts say the same."""

import re

_NO_LETTER = re.compile(r"[\W_]+")
_SMALL = bytes(range(128)).lower() + bytes(range(128, 256))
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, in small letters.

    >>> squeeze("The ferry, again")
    'theferryagain'
    """
    if text.isascii():
        return text.encode().translate(_SMALL, _NO_ASCII_LETTER).decode()
    return _NO_LETTER.sub("", text).casefold()
