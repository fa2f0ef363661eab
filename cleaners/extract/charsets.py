"""Charset labels as the web uses them (WHATWG Encoding Standard), mapped to Python's codecs.

Only what stands here can be named by a page: Python's own registry also holds codecs that are no charsets
("zlib", "idna", "unicode_escape"), and a page must not reach those.
"""

import codecs
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Charset:
    """A charset: its name on the web, Python's codec, and whether each byte is a character."""

    name: str
    codec: str
    single_byte: bool


_SINGLE = (
    # name on the web, Python codec, further labels
    ("ibm866", "cp866", "866 csibm866"),
    ("iso-8859-2", "iso8859-2", ""),
    ("iso-8859-3", "iso8859-3", ""),
    ("iso-8859-4", "iso8859-4", ""),
    ("iso-8859-5", "iso8859-5", "csisolatincyrillic"),
    ("iso-8859-6", "iso8859-6", "csisolatinarabic"),
    ("iso-8859-7", "iso8859-7", "csisolatingreek sun_eu_greek"),
    ("iso-8859-8", "iso8859-8", "iso-8859-8-i logical visual"),
    ("iso-8859-10", "iso8859-10", ""),
    ("iso-8859-13", "iso8859-13", ""),
    ("iso-8859-14", "iso8859-14", ""),
    ("iso-8859-15", "iso8859-15", ""),
    ("iso-8859-16", "iso8859-16", ""),
    ("koi8-r", "koi8-r", "koi koi8"),
    ("koi8-u", "koi8-u", "koi8-ru"),
    ("macintosh", "mac-roman", "x-mac-roman mac"),
    ("windows-874", "cp874", "tis-620 iso-8859-11 dos-874"),
    ("windows-1250", "cp1250", "x-cp1250"),
    ("windows-1251", "cp1251", "x-cp1251 win-1251 cp-1251"),
    ("windows-1252", "cp1252", "iso-8859-1 latin-1 ascii us-ascii x-cp1252 iso8859-1 ansi cp-1252"),
    ("windows-1253", "cp1253", "x-cp1253"),
    ("windows-1254", "cp1254", "iso-8859-9 latin-5 x-cp1254"),
    ("windows-1255", "cp1255", "x-cp1255"),
    ("windows-1256", "cp1256", "x-cp1256"),
    ("windows-1257", "cp1257", "x-cp1257"),
    ("windows-1258", "cp1258", "x-cp1258"),
    ("x-mac-cyrillic", "mac-cyrillic", "x-mac-ukrainian"),
)
_MULTI = (
    ("utf-8", "utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf8mb4"),
    ("utf-16le", "utf-16-le", "utf-16 csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff"),
    ("utf-16be", "utf-16-be", "unicodefffe"),
    ("utf-32le", "utf-32-le", ""),
    ("utf-32be", "utf-32-be", ""),
    ("gb18030", "gb18030", "gb2312 gbk x-gbk csgb2312 gb_2312-80"),
    ("big5", "big5hkscs", "big5 big5-hkscs cn-big5 x-x-big5"),
    ("euc-jp", "euc-jp", "x-euc-jp"),
    ("iso-2022-jp", "iso2022-jp", "csiso2022jp"),
    ("shift_jis", "cp932", "shift-jis sjis x-sjis ms932 windows-31j"),
    ("euc-kr", "cp949", "euc-kr ks_c_5601-1987 ksc5601 korean windows-949"),
)
UTF_8 = Charset("utf-8", "utf-8", single_byte=False)
WINDOWS_1252 = Charset("windows-1252", "cp1252", single_byte=True)


@cache
def _labels() -> dict[str, Charset]:
    table: dict[str, Charset] = {}
    for rows, single in ((_SINGLE, True), (_MULTI, False)):
        for name, codec, more in rows:
            charset = Charset(name, codec, single)
            # a codec that the web reads as another one (latin-1 as windows-1252) is found through its own name
            for label in (name, codec, *more.split()):
                table[label] = charset
                try:
                    table.setdefault(codecs.lookup(label).name, charset)
                except LookupError:
                    continue
    return table


def charset_of(label: str | None) -> Charset | None:
    """Return the charset a label stands for on the web, or None where it is none.

    >>> charset_of(" Latin1 ").name, charset_of("zlib")
    ('windows-1252', None)
    """
    wanted = (label or "").strip().strip("\"'").lower()
    if not wanted or not wanted.isascii() or len(wanted) > 40:
        return None
    if found := _labels().get(wanted):
        return found
    try:
        return _labels().get(codecs.lookup(wanted).name)
    except (LookupError, ValueError):
        return None
