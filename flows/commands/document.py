"""What commands that read the archive share: their options, the archive, and which document is meant."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.read import Name, Reader, Row
    from flows.page_view import PageView
    from schemas.account import Account
    from schemas.edit import Step

ArchiveOption = Annotated[
    Path | None, typer.Option("--archive", help="Folder of the archive.", show_default="archive-data, or as configured")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="VERSION", help="A version: its number, 8 digits of its seal, or a date (UTC)."),
]
DocArgument = Annotated[str, typer.Argument(metavar="DOC", help="URL, path, identity, or 6 digits of the doc_id.")]

GONE = frozenset({"withdraw", "erase"})
_PREFIX = re.compile(r"[0-9a-f]{6,32}")
_SHORT = re.compile(r"[0-9a-f]{1,5}")
_SEALED = re.compile(rb"version ([0-9]{1,18})")


def the_archive(folder: Path | None) -> "Archive":
    """Open the archive in `folder`, or the one that is configured; say so where seal.txt knows a later version."""
    from archive.archive import open_archive
    from flows.output import say

    if folder is None:
        from schemas.config import Settings

        folder = Settings().archive
    opened = open_archive(folder)
    if doubt := _doubt(opened):
        say(f"{doubt}: run cleancopy verify")
    return opened


def _doubt(archive: "Archive") -> str:
    """Say where seal.txt does not vouch for the end of the log: versions may have been lost."""
    try:
        content = archive.folder.read("seal.txt")
    except OSError:
        return "seal.txt is missing or cannot be read, so nothing tells whether versions were lost"
    named = next((match[1] for line in content.splitlines() if (match := _SEALED.fullmatch(line))), None)
    if named is None:
        return "seal.txt names no version, so nothing tells whether versions were lost"
    # read after seal.txt, which a run writes after the log
    newest = archive.log("revisions").newest
    return f"seal.txt names version {int(named)}, and the log ends at {newest}" if int(named) > newest else ""


def find_document(reader: "Reader", asked: str) -> "Name":
    """Return the document that a URL, a path, an identity or 6+ digits of a doc_id name; UnknownDocumentError."""
    from archive.read import UnknownDocumentError
    from flows.rows import doc_id_of

    asked = as_stored(asked)
    found = reader.named([doc_id_of(asked)])
    if not found:
        from flows.sources.identity import identity_of_url

        path = asked.removeprefix("./")
        identities = (identity_of_url(asked) if ":" in asked else asked, f"file:{path}", f"id:{asked}")
        found = reader.named([doc_id_of(identity) for identity in identities])
    if not found and _PREFIX.fullmatch(asked.lower()):
        found = reader.begin_with(asked.lower())
    if len(found) == 1:
        return found[0]
    if found:
        listed = "\n".join(f"  {name.doc_id[:12]}  {_line(name.identity or 'erased')}" for name in found[:10])
        raise UnknownDocumentError(f"{_line(asked)} can be any of these; give more of the doc_id:\n{listed}")
    near = "".join(f"\n  {_line(name.identity or '')}" for name in reader.near(asked))
    few = "; of a doc_id, give 6 digits or more" if _SHORT.fullmatch(asked.lower()) else ""
    listing = '; `cleancopy sql "SELECT identity, title FROM documents"` lists what there is'
    advice = f"; did you mean one of these?{near}" if near else listing
    raise UnknownDocumentError(f"no document is called {_line(asked)}{few}{advice}")


def as_stored(argument: str) -> str:
    """Return an argument as the archive has it: bytes that are not UTF-8, as of a file's name, stand as escapes."""
    return argument.encode("utf-8", "backslashreplace").decode("utf-8")


def state_of(reader: "Reader", name: "Name") -> "Row":
    """Return the state of a document at the reader's version; UnknownDocumentError where it had none yet."""
    from archive.read import UnknownDocumentError

    state = reader.state(name.doc_id)
    if state is None:
        called = _line(name.identity or name.doc_id)
        raise UnknownDocumentError(
            f"{called} has no text in version {reader.version.version}: it came later, or no capture of it was ok; "
            f"`cleancopy history {name.doc_id[:12]}` tells"
        )
    return state


def told_gone(state: "Row") -> bool:
    """Say so, if the document is withdrawn or erased in this state; return whether it is."""
    from flows.output import one_line, say

    if state["op"] not in GONE and state["text"] is not None:
        return False
    doc = str(state["doc_id"])[:12]
    # an erasure leaves the rows of earlier states, without their content
    done = "withdrawn" if state["op"] == "withdraw" else "erased"
    called = one_line(str(state["identity"] or doc))
    when = f" in version {state['version']} (cause: {state['cause']})" if state["op"] in GONE else ""
    why = f"{done}{when}"
    say(f"{called}: {why}; `cleancopy history {doc}` tells more")
    return True


def extracted_of(state: "Row") -> "tuple[str, tuple[Step, ...]]":
    """Return the extracted text of a state, turned back from the clean text, and the ledger that does it.

    DamagedError where it is not the text that the archive vouches for.
    """
    from archive.seal import digest
    from archive.store import DamagedError
    from cleaners.ledger import LedgerError, revert
    from flows.rows import steps_of

    steps = steps_of(state)
    try:
        extracted = revert(str(state["text"]), steps)
    except LedgerError as error:
        raise DamagedError(f"the ledger of {state['doc_id']} does not fit its text: {error}") from error
    if digest(extracted) != state["extracted_sha256"]:
        raise DamagedError(f"the ledger of {state['doc_id']} gives another text; `cleancopy verify` says more")
    return extracted, steps


def view_of(reader: "Reader", state: "Row", extracted: str, steps: "tuple[Step, ...]") -> "PageView | None":
    """Return the whole page of a state as it was decided on; None for a text, and where it cannot be read again.

    The latter is said on standard error. DamagedError where the account is not that of the text.
    """
    from archive.history import raw_of
    from archive.raw import RawError
    from archive.store import DamagedError
    from cleaners.extract.decode import DecodeError, decode
    from cleaners.extract.reread import OtherLettersError, words_of
    from flows.accounts import places_in
    from flows.output import say
    from flows.page_view import PageView
    from schemas.account import AccountError

    account = account_of(state)
    if account is None:
        return None
    query = "SELECT media_type, declared_charset FROM captures WHERE capture_id = $capture"
    try:
        (about,) = reader.rows(query, {"capture": state["capture_id"]})
        charset = about["declared_charset"]
        decoded = decode(raw_of(reader, state), str(about["media_type"]), charset if isinstance(charset, str) else None)
        words = words_of(account, decoded.text)
        places_in(account, extracted)
    except AccountError as error:
        raise DamagedError(f"{state['doc_id']}: {error}; `cleancopy verify` says more") from error
    except (RawError, DecodeError, OtherLettersError) as error:
        say(f"the blocks that were left out cannot be shown: {error}")
        return None
    return PageView(account, words, extracted, steps)


def account_of(state: "Row") -> "Account | None":
    """Return the account of a state's blocks; None where it has none. DamagedError where it cannot be read."""
    from archive.store import DamagedError
    from flows.accounts import unpacked
    from schemas.account import AccountError

    content = state.get("blocks")
    if not isinstance(content, bytes):
        return None
    try:
        return unpacked(content)
    except AccountError as error:
        raise DamagedError(f"{state['doc_id']}: {error}; `cleancopy verify` says more") from error


def _line(text: str) -> str:
    from flows.output import one_line

    return one_line(text, 200)
