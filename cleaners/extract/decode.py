"""Bytes into text, with the charset, how it was known, and how much could not be read."""

import codecs
import re
from dataclasses import dataclass

from cleaners.extract.charsets import UTF_8, WINDOWS_1252, Charset, charset_of
from schemas.page import Decoded


class DecodeError(ValueError):
    """Bytes that are no text; the message says what they seem to be."""


_BOMS = (
    # the longer first: UTF-32LE begins as UTF-16LE does
    (b"\xff\xfe\0\0", "utf-32le"),
    (b"\0\0\xfe\xff", "utf-32be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"RIFF", "a RIFF file, such as a WebP image"),
    (b"PK\x03\x04", "a ZIP archive, or an office document or e-book, which are ZIP archives"),
    (b"\x1f\x8b\x08", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\0", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Microsoft Office document"),
    (b"\x7fELF", "a program"),
    (b"OggS", "an Ogg sound or film"),
    (b"ID3", "an MP3 sound file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
)
_CONTROL = bytes((*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
_SAMPLE = 65_536
_META_REACH = 4_096
"""Bytes searched for a charset in the page; browsers search 1,024, and pages put scripts before it."""
_META = re.compile(rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_LANGUAGE = re.compile(rb"<html[^>]{0,500}?\slang\s*=\s*[\"']?([a-zA-Z]{2,3})", re.IGNORECASE)
# a surrogate in UTF-8's pattern (WTF-8): one unit, where Python's decoder would count three
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NEVER_UTF8 = bytes((0xC0, 0xC1, *range(0xF5, 0x100)))
_HIGH_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_FOREIGN = re.compile(rb"[\xc0-\xff]{4,}")


@dataclass(frozen=True, slots=True)
class _Choice:
    charset: Charset
    evidence: str


def decode(body: bytes, media_type: str, declared: str | None) -> Decoded:
    r"""Return the text of `body`: no byte order mark, line ends as `\n`, one U+FFFD for each unit that cannot be read.

    `declared` is the charset named beside the bytes (HTTP, a WARC record). It is believed unless the bytes speak
    against it: multibyte UTF-8 that is valid from end to end beats a charset of single bytes, and bytes that are
    mostly no UTF-8 beat "utf-8". Evidence is bom, declared, meta, utf-8 (the bytes are) or detected. A NUL is a
    unit that cannot be read. DecodeError where the bytes are no text at all.

    >>> decode(b"caf\xc3\xa9\r\n", "text/plain", "iso-8859-1")
    Decoded(text='café\n', charset='utf-8', evidence='utf-8', replaced=0)
    """
    for mark, name in _BOMS:
        if body.startswith(mark) and (charset := charset_of(name)):
            return _read(body[len(mark) :], _Choice(charset, "bom"))
    told = charset_of(declared)
    if told == UTF_8 and media_type == "text/plain" and _is_string(body):
        # said to be text and being so: a string that begins like some binary format is still a string
        return _read(body, _Choice(UTF_8, "declared"))
    _refuse_binary(body)
    choice = _wide(body) or _choose(body, media_type, told)
    if not choice.charset.name.startswith("utf-16"):
        _refuse_controls(body)
    return _read(body, choice)


def _is_string(body: bytes) -> bool:
    try:
        body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(body: bytes) -> None:
    head = body[:1024]
    for magic, what in _MAGIC:
        # a text may begin with the letters of a magic number; a PDF may begin as text does
        if body.startswith(magic) and (magic == b"%PDF-" or len(head.translate(None, _CONTROL)) < len(head)):
            raise DecodeError(f"this is no text but {what}; give the text or the HTML page")
    if body[4:8] == b"ftyp":
        raise DecodeError("this is no text but a film, sound or image (MP4 family); give the text or the HTML page")


def _refuse_controls(body: bytes) -> None:
    sample = body[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    if controls > len(sample) * 0.05:
        raise DecodeError(f"this is no text: {controls} of its first {len(sample)} bytes are control characters")


def _wide(body: bytes) -> _Choice | None:
    """Notice UTF-16 without a byte order mark: its spaces and tags leave NULs at every second byte only."""
    sample = body[:_SAMPLE]
    nulls = sample[::2].count(0), sample[1::2].count(0)
    if len(body) % 2 or max(nulls) < max(2, len(sample) // 20) or min(nulls) > max(nulls) // 50:
        return None
    charset = charset_of("utf-16le" if nulls[1] > nulls[0] else "utf-16be")
    return _Choice(charset, "detected") if charset else None


def _choose(body: bytes, media_type: str, declared: Charset | None) -> _Choice:
    """Weigh what is declared against what the bytes are."""
    markup = any(kind in media_type for kind in ("html", "xml")) or body[:256].lstrip()[:1] == b"<"
    found = _META.search(body[:_META_REACH]) if markup else None
    inside = charset_of(found[1].decode("ascii", "ignore")) if found else None
    if inside and inside.name.startswith("utf-16"):  # a page that could be read for it is not UTF-16
        inside = UTF_8
    claims = [_Choice(c, e) for c, e in ((declared, "declared"), (inside, "meta")) if c]
    if body.isascii():
        return next((c for c in claims if not c.charset.name.startswith("utf-16")), _Choice(UTF_8, "utf-8"))
    if _is_utf8(body, claimed=any(c.charset == UTF_8 for c in claims)):
        return next((c for c in claims if _holds(body, c.charset)), _Choice(UTF_8, "utf-8"))
    others = [c for c in claims if c.charset != UTF_8 and not _is_foreign(body, c.charset)]
    return others[0] if others else _detect(body)


def _is_utf8(body: bytes, *, claimed: bool) -> bool:
    """Return whether the bytes are UTF-8, some damage aside: a cut at the end, stray bytes, surrogates."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        whole, good = _SURROGATE.subn(b"?", body)
        good += len(_MULTIBYTE.findall(whole))
        text, _ = codecs.utf_8_decode(whole, "replace", False)  # noqa: FBT003 - not final: the end may be cut
        # bytes that no charset needs often and UTF-8 never has are damage in any case
        never = len(whole) - len(whole.translate(None, _NEVER_UTF8))
        bad = text.count("\ufffd") - whole.count("\ufffd".encode()) - never
        return 0 < good >= bad * 4 or (claimed and bad < 3)
    return True


def _holds(body: bytes, charset: Charset) -> bool:
    """Return whether a charset that is claimed can be right for bytes that are also UTF-8."""
    if charset == UTF_8:
        return True
    if charset.single_byte or len(_MULTIBYTE.findall(body)) > 8:
        return False
    try:
        body.decode(charset.codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_foreign(body: bytes, charset: Charset) -> bool:
    """Return whether bytes claimed to be Western are not: there, words hold few accents and never four in a row."""
    if charset != WINDOWS_1252:
        return False
    return len(_FOREIGN.findall(body)) * 3 > len(_HIGH_WORD.findall(body))


# charsets met on the web; those that differ from one of these in rare characters only are left out, so that none
# wins by chance
_CANDIDATES = (
    *("cp866", "iso8859_5", "koi8_r", "koi8_u", "mac_cyrillic", "cp1251", "cp1253", "cp1255", "cp1256"),
    *("cp1250", "cp1252", "cp1254", "cp1257", "gb18030", "big5", "euc_jp", "shift_jis", "cp949"),
)
_LATIN = frozenset(("cp1250", "cp1252", "cp1254", "cp1257"))
# the locale's encoding, as the WHATWG HTML standard has browsers assume it (section 13.2.3.2)
_BY_LANGUAGE = {
    **dict.fromkeys(("tr", "az", "ku"), "cp1254"),
    **dict.fromkeys(("cs", "hu", "pl", "sk", "sl", "hr", "bs", "ro", "sq"), "cp1250"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
}
_TURKISH = re.compile(rb"[a-z][\xf0\xfd\xfe]|[\xf0\xfd\xfe][a-z]")  # ğ ı ş; in windows-1252 these are ð ý þ
_ICELANDIC = re.compile(rb"[\xe1\xe6\xed\xfa]")  # á æ í ú, which Turkish has not
_POLISH = re.compile(rb"[a-z][\xb3\xb9\xbf\x9f][a-z]")  # ł ą ż ź; in windows-1252 no letters but Ÿ


def _detect(body: bytes) -> _Choice:
    """Guess from a bounded sample of the lines that are not ASCII."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 60 ms to import, needed by few pages

    sample = b"\n".join(line for line in body[: 16 * _SAMPLE].splitlines() if not line.isascii())[: _SAMPLE // 2]
    best = from_bytes(sample, cp_isolation=list(_CANDIDATES), enable_fallback=False).best()
    codec = best.encoding if best else "cp1252"
    if codec in _LATIN:
        codec = _latin(sample, _LANGUAGE.search(body[:_META_REACH]))
    return _Choice(charset_of(codec) or WINDOWS_1252, "detected")


def _latin(sample: bytes, language: re.Match[bytes] | None) -> str:
    """Tell the Latin charsets apart: by the page's language, or by letters that only one of them has in words."""
    if language and (codec := _BY_LANGUAGE.get(language[1].decode("ascii").lower()[:2])):
        return codec
    if _TURKISH.search(sample) and not _ICELANDIC.search(sample):
        return "cp1254"
    return "cp1250" if _POLISH.search(sample) else "cp1252"


def _read(body: bytes, choice: _Choice) -> Decoded:
    codec = choice.charset.codec
    replaced = 0
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        if choice.charset == UTF_8:
            body, replaced = _SURROGATE.subn("\ufffd".encode(), body)
        text = body.decode(codec, "replace")
        # U+FFFD that stood in the bytes is none of ours
        replaced += text.count("\ufffd") - body.decode(codec, "ignore").count("\ufffd")
    if nulls := text.count("\0"):
        text, replaced = text.replace("\0", "\ufffd"), replaced + nulls
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, choice.charset.name, choice.evidence, replaced)
