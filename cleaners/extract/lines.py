"""Running text into lines: what every way from HTML to text writes to."""

import html
import re

_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_HUGE_NUMBER = re.compile(r"&#(?:0*[1-9][0-9]{7,}|[xX]0*[1-9a-fA-F][0-9a-fA-F]{7,});?")


def unescape(text: str) -> str:
    r"""Return text with its HTML character references resolved, once.

    `html.unescape` refuses a number of more than 4,300 digits; a number beyond Unicode is U+FFFD, as in browsers.

    >>> unescape("&amp;nbsp;&#8217;&#x20000000;")
    '&nbsp;’\ufffd'
    """
    return html.unescape(_HUGE_NUMBER.sub("\ufffd", text)) if "&" in text else text


def fold(text: str) -> str:
    """Return text with HTML's white space folded to single spaces; no-break spaces stay."""
    for character in "\n\t\r\f":
        if character in text:
            text = text.replace(character, " ")
    while "  " in text:  # half as many each time
        text = text.replace("  ", " ")
    return text.strip(" ")


def block_text(lines: list[str], *, verbatim: bool) -> str:
    """Return the text of a block from its lines, white space folded; `verbatim` they stay as they are."""
    if verbatim:
        rows = _UNFIT.sub("", "\n".join(lines)).replace("\r", "").split("\n")
        return "\n".join(row.rstrip() for row in rows).strip("\n") if any(map(str.strip, rows)) else ""
    if len(lines) == 1:
        return folded(lines[0])
    return "\n".join(filter(None, map(folded, lines)))


def folded(line: str) -> str:
    """Return a line with its white space folded, and without characters that no text has."""
    line = line.strip(" \t\n\r\f")
    if line.isprintable() and "  " not in line:  # no white space but single spaces
        return line
    line = fold(line)
    return line.strip() if line.isprintable() else _UNFIT.sub("", line).strip()


class Lines:
    r"""Text under construction: runs of characters, line ends, and blank lines between blocks.

    >>> lines = Lines()
    >>> lines.write("one "); lines.write("\n line"); lines.end(blank=True); lines.write("two"); lines.text()
    'one line\n\ntwo'
    """

    def __init__(self) -> None:
        self._done: list[str] = []
        self._cells: list[list[str]] = [[]]
        self._blank = False

    def write(self, characters: str | None) -> None:
        """Add running text to the current line; its line ends are white space."""
        if characters:
            self._cells[-1].append(characters)

    def cell(self) -> None:
        """Begin a table cell: parted from the one before it on its line by a tab."""
        self._cells.append([])

    def end(self, *, blank: bool) -> None:
        """End the line, if anything is on it; `blank` also parts what follows by a blank line."""
        self._add("\t".join(filter(None, (fold("".join(cell)) for cell in self._cells))))
        self._cells = [[]]
        self._blank |= blank

    def line_break(self) -> None:
        """End the line as `<br>` does: two of them in a row make a blank line."""
        self.end(blank=not any(map(fold, map("".join, self._cells))))

    def verbatim(self, block: str) -> None:
        """Add lines as they are, such as those of a program; only their outer blank lines and trailing space go."""
        self.end(blank=False)
        rows = block.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for row in rows:
            self._add(row.rstrip())

    def _add(self, line: str) -> None:
        if not line:
            return
        if self._done:
            self._done.append("\n\n" if self._blank else "\n")
        self._done.append(line)
        self._blank = False

    def text(self) -> str:
        """Return the lines so far as one text, without white space at its ends."""
        self.end(blank=False)
        return "".join(self._done).strip()
