"""What commands print: rows as JSON or as a table, marked text; nothing of a page can command the terminal."""

import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import typer
from rich.cells import cell_len

from cleaners.ledger import flatten

if TYPE_CHECKING:
    from schemas.edit import Edit, Step

P = ParamSpec("P")

_WIDE = 60
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in {0x09, 0x0A}}
_ESCAPES |= {code: f"\\u{code:04x}" for code in (*_BIDI, 0x2028, 0x2029)}
_LINE = _ESCAPES | {0x09: " ", 0x0A: " "}


def safe(text: str) -> str:
    r"""Return text that a terminal only shows: control characters, and marks that reorder a line, as escapes.

    >>> safe("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return text.translate(_ESCAPES)


def one_line(text: str, width: int = 0) -> str:
    """Return safe text on one line, cut to `width` characters if that is more than 0."""
    line = text.translate(_LINE)
    return line[: width - 1] + "…" if 0 < width < len(line) else line


def shown(text: str) -> str:
    """Return text as it is for a file or a pipe, and safe for a terminal."""
    return safe(text) if sys.stdout.isatty() else text


def say(text: str) -> None:
    """Print a line for a person on standard error."""
    typer.echo(text, err=True)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show in a terminal what is waited for, and for how long; nothing elsewhere.

    The clock goes on by itself, so that the block may stand still.
    """
    from rich.console import Console  # noqa: PLC0415 - most commands wait for nothing
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as shown_now:
        shown_now.add_task(what, total=None)
        yield


def counted(number: int, word: str) -> str:
    """Return a number with what it counts.

    >>> counted(1, "site"), counted(20, "good line")
    ('1 site', '20 good lines')
    """
    return f"{number} {word}{'s' * (number != 1)}"


def print_text(text: str) -> None:
    """Print a text, and a line end if it has none."""
    sys.stdout.write(text + ("\n" if text and not text.endswith("\n") else ""))


def print_json(value: object) -> None:
    """Print one compact line of JSON in UTF-8."""
    sys.stdout.buffer.write(_json(value) + b"\n")
    sys.stdout.flush()


def print_json_rows(rows: Iterable[Mapping[str, object]]) -> None:
    """Print rows as they come, as one line: an array of objects."""
    out = sys.stdout.buffer
    separator = b"["
    for row in rows:
        out.write(separator + _json(row))
        separator = b","
    out.write((b"[" if separator == b"[" else b"") + b"]\n")
    sys.stdout.flush()


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]], *, width: int = _WIDE) -> None:
    """Print rows under a header, aligned over a hundred rows at a time; long cells are cut to `width`."""
    titles = tuple(header)
    sizes = [len(title) for title in titles]
    held: list[tuple[list[str], list[bool]]] = []

    def write() -> None:
        nonlocal titles
        for cells, _ in held:
            sizes[:] = [max(size, cell_len(cell)) for size, cell in zip(sizes, cells, strict=True)]
        if titles:
            line = "  ".join(title.ljust(size) for title, size in zip(titles, sizes, strict=True))
            typer.echo(typer.style(line.rstrip(), bold=True))
            titles = ()
        for cells, numbers in held:
            pads = [" " * (size - cell_len(cell)) for size, cell in zip(sizes, cells, strict=True)]
            pairs = zip(cells, pads, numbers, strict=True)
            typer.echo("  ".join(pad + cell if number else cell + pad for cell, pad, number in pairs).rstrip())
        held.clear()

    for row in rows:
        is_number = [isinstance(value, int | float) and not isinstance(value, bool) for value in row]
        held.append(([one_line(cell(value), width) for value in row], is_number))
        if len(held) == 100:
            write()
    write()


def cell(value: object) -> str:
    """Return a value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.isoformat(sep=" ", timespec="seconds")[:19]
    if isinstance(value, str):
        return value
    return _json(value).decode("utf-8") if isinstance(value, list | tuple | dict | bool) else str(_plain(value))


def removed(text: str) -> str:
    """Return text marked as taken out: struck out in a terminal, `[-…-]` elsewhere."""
    if sys.stdout.isatty():
        return typer.style(safe(text), fg=typer.colors.RED, strikethrough=True)
    return f"[-{safe(text)}-]"


def added(text: str) -> str:
    """Return text marked as put in: underlined in a terminal, `[+…+]` elsewhere."""
    if sys.stdout.isatty():
        return typer.style(safe(text), fg=typer.colors.GREEN, underline=True)
    return f"[+{safe(text)}+]"


def explained(extracted: str, steps: "Iterable[Step]") -> str:
    """Return the extracted text with everything marked that was taken out or put in, and the rule beside it."""
    pieces: list[str] = []
    here = 0
    for edit in flatten(steps):
        pieces += (safe(extracted[here : edit.start]), marked(edit))
        here = edit.end
    return "".join((*pieces, safe(extracted[here:])))


def marked(edit: "Edit") -> str:
    """Return what an edit takes out and puts in, marked, and its rule."""
    gone = removed(edit.before) if edit.before else ""
    new = added(edit.after) if edit.after else ""
    return gone + new + noted(edit.rule)


def noted(text: str) -> str:
    """Return a remark of ours that stands in a text: dim in a terminal, in braces everywhere."""
    note = f"{{{one_line(text)}}}"
    return typer.style(note, dim=True) if sys.stdout.isatty() else note


def ending_quietly(command: Callable[P, None]) -> Callable[P, None]:
    """Return the command, made to end without a word when the reader of its output goes away (`| head`)."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            # what is still buffered must not meet the closed pipe when Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(128 + 13) from None

    return run


def _json(value: object) -> bytes:
    line = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return line.encode("utf-8", "backslashreplace")


def _plain(value: object) -> object:
    """Return a value in JSON's own types; times in UTC with a Z, bytes in hex, what is no number as null."""
    match value:
        case None | str() | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return moment.isoformat(timespec="microseconds") + ("Z" if value.tzinfo else "")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Mapping():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return str(value)
