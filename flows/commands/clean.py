"""`cleancopy clean`: a Unix filter. No archive, no Prefect: page in, clean text out."""

import contextlib
import fcntl
import json
import math
import os
import select
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.commands.kept import UnsetKeepOption, kept_kinds
from flows.errors import UsageError
from flows.output import explained, safe, shown
from schemas.page import Removal

if TYPE_CHECKING:
    from schemas.choices import Choices
    from schemas.memory import SiteMemory
    from schemas.page import Cleaned, Page

EXAMPLES = """Examples:

  cleancopy clean page.html

  curl -s https://example.org/ | cleancopy clean

  cleancopy clean --jsonl < rows.jsonl > clean.jsonl      one line out for each line in

  cleancopy clean --explain article.txt                   what was taken out, and by which rule

  cleancopy clean --jsonl --ledger < rows.jsonl           the same as rows: every edit, and each block left out

  cleancopy clean --jsonl --memory sites.jsonl < rows.jsonl   with what `cleancopy memory build` counted

  cleancopy clean --keep captions,comments page.html      with what is left out of articles else

  cleancopy clean --names az --removal eager page.html    another naming policy; more of the doubtful lines taken
"""

_ROWS = {".jsonl", ".parquet", ".warc", ".wet"}
_HTML = {".html", ".htm", ".xhtml"}
_TOGETHER = 16
"""Lines that are cleaned together where so many are there."""


def clean(
    file: Annotated[list[str] | None, typer.Argument(help="Pages, HTML or text; standard input without any.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Rows {id, url?, html} or {id, url?, text} in, rows out.")
    ] = False,
    names: Annotated[str, typer.Option(help="Naming policy: whose names the text has.")] = "common",
    gazetteer: Annotated[Path | None, typer.Option(help="Folder of names and policies of your own.")] = None,
    keep: UnsetKeepOption = None,
    removal: Annotated[
        Removal, typer.Option(help="How sure the line model has to be before it takes a line.")
    ] = Removal.DEFAULT,
    explain: Annotated[bool, typer.Option("--explain", help="Show what was taken out or changed, and why.")] = False,
    ledger: Annotated[
        bool,
        typer.Option(
            "--ledger", help="With --jsonl: add the extracted text, every edit, and the account of the blocks."
        ),
    ] = False,
    memory: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --jsonl: take the lines that this site memory knows.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 where a page failed.")] = False,
) -> None:
    """Clean pages without an archive: page in, clean text out."""
    from cleaners.naming import choices
    from cleaners.naming import own as own_gazetteer
    from flows.memory_file import read_memory
    from schemas.choices import Choices

    if jsonl and (explain or (file and len(file) > 1)):
        raise UsageError("--jsonl reads one stream of rows: give one file or none, and no --explain")
    if ledger and not jsonl:
        raise UsageError("--ledger belongs to --jsonl; for reading, use --explain")
    if memory and not jsonl:
        raise UsageError("--memory belongs to --jsonl: only a row with a URL has a site")
    own = own_gazetteer(gazetteer) if gazetteer else None
    choices(names, own)
    how = _How(names, Choices(own, kept_kinds(keep), removal), read_memory(memory) if memory else None)
    failed = _rows(file, how, ledger) if jsonl else _pages(file or ["-"], how, explain)
    if strict and failed:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _How:
    """How pages are cleaned."""

    policy: str
    choices: "Choices"
    memory: "SiteMemory | None"

    def clean(self, page: "Page") -> "Cleaned":
        return next(self.clean_each([page]))

    def clean_each(self, pages: "Sequence[Page]") -> "Iterator[Cleaned]":
        """Yield the pages cleaned, all of them together."""
        from cleaners.clean import clean_each, read

        for cleaned in clean_each(read(pages, self.choices), self.policy, self.choices, self.memory):
            if isinstance(cleaned, Exception):
                raise cleaned
            yield cleaned


def _pages(files: list[str], how: _How, explain: bool) -> int:
    from schemas.page import Page

    failed = 0
    for name in files:
        if Path(name.removesuffix(".gz")).suffix.lower() in _ROWS:
            raise UsageError(f"{name} holds many pages: use --jsonl for JSONL, and `cleancopy ingest` for the others")
        media_type = "text/html" if Path(name.removesuffix(".gz")).suffix.lower() in _HTML else "text/plain"
        page = Page(_content(name), media_type)
        cleaned = how.clean(page)
        if len(files) > 1:
            typer.echo(f"==> {safe(name)} <==")
        if cleaned.verdict != "ok":
            failed += 1
            typer.echo(f"{name}: {cleaned.verdict}: {safe(cleaned.detail or 'no text')}", err=True)
        if explain:
            typer.echo(_explained(page, cleaned))
        else:
            _write(shown(cleaned.text) + ("\n" if cleaned.text and not cleaned.text.endswith("\n") else ""))
    return failed


def _explained(page: "Page", cleaned: "Cleaned") -> str:
    """Return the whole page with what was left out or changed; of a text, the text."""
    if cleaned.account is None or not cleaned.charset:
        return explained(cleaned.extracted, cleaned.steps)
    from cleaners.extract.decode import decode
    from cleaners.extract.reread import words_of
    from flows.page_view import PageView

    words = words_of(cleaned.account, decode(page.body, page.media_type, page.charset).text)
    return PageView(cleaned.account, words, cleaned.extracted, cleaned.steps).page()


def _content(name: str) -> bytes:
    import gzip
    import zlib

    try:
        if name == "-":
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with gzip.open(name) if name.endswith(".gz") else Path(name).open("rb") as stream:
                content = stream.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > _LARGEST:
        raise UsageError(f"{name} holds more than {_LARGEST >> 20} MiB, which is no page")
    return content


_LARGEST = 200 << 20
"""Bytes of a page, out of its compression: no page has so many, and a small file can be made to."""


def _rows(files: list[str] | None, how: _How, ledger: bool) -> int:
    """Clean JSONL, a line out for each line in, in order, written out whenever the input pauses."""
    name = files[0] if files else "-"
    failed = number = 0
    with open(sys.stdin.fileno() if name == "-" else name, "rb", buffering=0, closefd=name != "-") as stream:
        for lines in _lines(stream.fileno()):
            rows = [_given(line, number) for number, line in enumerate(lines, number + 1)]
            number += len(lines)
            cleaned = how.clean_each([page for _, page in rows if page is not None])
            for told, page in rows:
                row = told if page is None else told | _answer(next(cleaned), ledger)
                failed += row["verdict"] != "ok"
                _write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()
    return failed


def _write(text: str) -> None:
    """Write UTF-8, whatever the locale; a lone surrogate, which only an id can hold, as its JSON escape."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))


def _lines(descriptor: int) -> Iterator[list[bytes]]:
    """Yield the lines that are there, a few at a time, split at LF only.

    Nobody waits for a line while another could be cleaned; standard output is flushed before the next read would have
    to wait.
    """
    _widen(descriptor)
    pieces: list[bytes] = []
    lines: list[bytes] = []
    while True:
        if not select.select([descriptor], [], [], 0)[0]:
            if lines:
                yield lines
                lines = []
            sys.stdout.flush()
        block = os.read(descriptor, 1 << 20)
        if not block:
            break
        *whole, rest = block.split(b"\n")
        for line in whole:
            lines.append(b"".join((*pieces, line)))
            pieces = []
            if len(lines) == _TOGETHER:
                yield lines
                lines = []
        if rest:
            pieces.append(rest)
    if pieces:
        lines.append(b"".join(pieces))
    if lines:
        yield lines


def _widen(descriptor: int) -> None:
    """Let a pipe hold several pages while others are cleaned, where the system allows it."""
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 1 << 20)


def _given(line: bytes, number: int) -> tuple[dict[str, object], "Page | None"]:
    """Return what the answer to a line begins with, and its page; None where it has none, and that is the answer."""
    try:
        given = json.loads(line, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        return _no_page(None, "undecodable", number, f"not JSON: {error}"), None
    if not isinstance(given, dict):
        return _no_page(None, "undecodable", number, "not a JSON object"), None
    try:
        return {"id": given.get("id")}, _page_of(given)
    except UsageError as error:
        return _no_page(given.get("id"), "error", number, str(error)), None


def _no_page(of: object, verdict: str, number: int, error: str) -> dict[str, object]:
    """Return the answer to a line without a page: the fields of every answer, empty, and what is wrong."""
    texts: dict[str, object] = {"text": "", "text_as_written": "", "title": None, "authors": [], "published": None}
    lists: dict[str, object] = {"lang": "und", "languages": [], "rights": [], "mentions": []}
    return {"id": of, "verdict": verdict} | texts | lists | {"line": number, "error": error}


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is no JSON number")


def _page_of(given: dict[str, object]) -> "Page":
    from flows.rows import printable
    from schemas.page import Page

    for field, media_type in (("html", "text/html"), ("text", "text/plain"), ("content", "text/plain")):
        if isinstance(text := given.get(field), str):
            url, title, lang = (v if isinstance(v := given.get(k), str) else None for k in ("url", "title", "lang"))
            title = printable(title) if title else None
            return Page(text.encode("utf-8", "surrogatepass"), media_type, url, "utf-8", title, lang)
    raise UsageError("the row has neither html nor text, as a string")


def _answer(cleaned: "Cleaned", ledger: bool) -> dict[str, object]:
    from schemas.account import columns

    about = cleaned.metadata
    answer: dict[str, object] = {
        "verdict": str(cleaned.verdict),
        "text": cleaned.text,
        "text_as_written": cleaned.text_as_written,
        "title": about.title,
        "authors": list(about.authors),
        "published": about.published.value if about.published else None,
        "lang": cleaned.lang,
        "languages": [{"language": s.language, "share": round(s.share, 4)} for s in cleaned.languages],
        "rights": [{"kind": r.kind, "text": r.text, "rule": r.rule} for r in cleaned.rights],
        "mentions": [{name: getattr(m, name) for name in m.__slots__} for m in cleaned.mentions],
    }
    if ledger:
        answer["extracted"] = cleaned.extracted
        answer["steps"] = [
            {"cleaner": s.cleaner, "version": s.version, "edits": [e._asdict() for e in s.edits]} for s in cleaned.steps
        ]
        answer["blocks"] = columns(cleaned.account) if cleaned.account is not None else None
    return answer
