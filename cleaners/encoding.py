"""Repairs text that was read in the wrong charset somewhere on its way, and takes out control characters."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from cleaners.ledger import edits_between
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document

_MOJIBAKE = "encoding:encoding_mojibake/ftfy"
_CYRILLIC = "encoding:encoding_mojibake/utf-8-as-windows-1251"
_CONTROL = "encoding:encoding_control/unprintable"

# mojibake needs a character other than these: ASCII, typographic punctuation, basic Cyrillic, Armenian, Georgian,
# Hebrew, Arabic; the check spares most texts the 130 ms that ftfy needs to load, and ftfy's own, slower check
_SUSPICIOUS = re.compile(
    r"[^\x00-\x7f\u00ab\u00bb\u0410-\u044f\u0451\u0531-\u06ff\u10a0-\u10ff\u2010-\u2027\u2030-\u203a]"
)
_ASCII = bytes(range(128))
# ftfy looks at characters beyond ASCII side by side, and at few where they stand alone (its badness.py)
_DOUBT = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]|(?<=[\x80-\x9fÂÃŒœ]))")
# control characters that are not white space, and the terminal's colour codes; C1 ones are ftfy's until it has looked
_UNPRINTABLE = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")

_NO_CONTROLS = bytes(code for code in range(256) if code >= 128 or (not _UNPRINTABLE.match(chr(code)) and code != 0x1B))

# UTF-8 read as windows-1251, which ftfy does not look for: two characters for one, the first nearly always Р or С
_TRAIL = "\x98" + bytes(b for b in range(0x80, 0xC0) if b != 0x98).decode("cp1251")  # 0x98 is no character there
_SURE = re.compile(f"[РС][{_TRAIL}](?:[РС][{_TRAIL}]){{3}}")  # begins with a set, which is sought fast
_RUN = re.compile(f"(?:[В-Я][{_TRAIL}]|[а-п][{_TRAIL}]{{2}})+")


def propose(document: Document) -> Iterable[Edit]:
    """Propose repairs, word by word, of lines that are mojibake, and the removal of control characters.

    Quotes, ligatures, character widths and normal forms stay as they are, as do soft hyphens and zero-width
    characters.
    """
    text = document.text
    data = text.encode("utf-8", "replace")
    foreign = data.translate(None, _ASCII).decode()
    if _SUSPICIOUS.search(foreign):
        yield from _repairs(text)
    # the usual text has no control characters but white space, and this tells so fastest
    if not data.translate(None, _NO_CONTROLS) and not _UNPRINTABLE.search(foreign):
        return
    for match in _UNPRINTABLE.finditer(text):
        yield Edit(match.start(), match.end(), match[0], "", _CONTROL)


def _repairs(text: str) -> Iterator[Edit]:
    sure = ("Р" in text or "С" in text) and _SURE.search(text)
    at = 0
    while doubt := _DOUBT.search(text, at):
        start = text.rfind("\n", at, doubt.start()) + 1 or at
        end = text.find("\n", doubt.start())
        line = text[start : end if end >= 0 else len(text)]
        if sure and _SURE.search(line):
            yield from _cyrillic(line, start)
        elif _is_suspicious(line) and (fixed := _fixer()(line)) != line:
            yield from _word_edits(line, fixed, start)
        if end < 0:
            return
        at = end + 1


def _is_suspicious(text: str) -> bool:
    # by far the most of a text is ASCII, or is none; either way this looks at little
    foreign = text.encode("utf-8", "replace").translate(None, _ASCII).decode()
    return _SUSPICIOUS.search(foreign) is not None


def _cyrillic(line: str, start: int) -> Iterator[Edit]:
    for run in _RUN.finditer(line):
        data = b"".join(b"\x98" if c == "\x98" else c.encode("cp1251") for c in run[0])
        try:
            repaired = data.decode()
        except UnicodeDecodeError:  # letters that only look like it
            continue
        # a repair must not make what would command a terminal
        if not any(unicodedata.category(letter) == "Cc" for letter in repaired):
            yield Edit(start + run.start(), start + run.end(), run[0], repaired, _CYRILLIC)


def _word_edits(line: str, fixed: str, start: int) -> Iterator[Edit]:
    """Account for a repaired line: word by word where its words can be paired, as one edit where they cannot."""
    words, repaired = line.split(" "), fixed.split(" ")
    if len(words) != len(repaired):
        yield from edits_between(line, fixed, _MOJIBAKE, start)
        return
    for word, better in zip(words, repaired, strict=True):
        yield from edits_between(word, better, _MOJIBAKE, start)
        start += len(word) + 1


@cache
def _fixer() -> Callable[[str], str]:
    from ftfy import TextFixerConfig, fix_text  # noqa: PLC0415 - 130 ms, and most texts do not need it
    from ftfy.badness import is_bad  # noqa: PLC0415

    config = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        replace_lossy_sequences=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )

    def fix(line: str) -> str:
        return fix_text(line, config) if is_bad(line) else line

    return fix


CLEANER = Cleaner("encoding", "2026.11.1", propose)
