"""Whether the account of a page's blocks can be read, and fits the text that was extracted."""

import hashlib

import pyarrow as pa

from archive.audit_json import loads, mapping

_MOST = 200_000_000
"""Bytes of an account that are unpacked at most."""
_COLUMNS = ("letters", "kind", "rule", "chance", "shape")
_NAMED = ("kind", "rule", "shape")


def misfit(packed: bytes, extracted: str | None) -> str:
    """Say what is wrong with an account; empty where nothing is.

    `extracted` is the text that the ledger leads back to; None where there is none to compare with.
    """
    try:
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            written = stream.read(_MOST + 1)
        if len(written) > _MOST:
            return f"its account is longer than {_MOST:,} bytes"
        account = mapping(loads(written.decode("utf-8")), "account")
    except (OSError, pa.ArrowException, ValueError, RecursionError) as error:
        return f"its account cannot be read: {' '.join(str(error).split())[:100]}"
    return _shape(account) or (_text(account, extracted) if extracted is not None else "")


def _shape(account: dict[str, object]) -> str:
    """Say which column is no column of the account's blocks."""
    fates = account.get("fate")
    if not isinstance(fates, str) or not set(fates) <= set("012"):
        return "its account does not say of each block whether it was kept"
    for name in _COLUMNS:
        column, names = account.get(name), account.get(f"{name}s")
        if not isinstance(column, list) or len(column) != len(fates):
            return f"its account has {len(fates)} blocks, and another number under {name!r}"
        if name in _NAMED and not all(
            isinstance(names, list) and type(place) is int and 0 <= place < len(names) for place in column
        ):
            return f"its account has a {name} that it does not name"
    lengths = account["letters"]
    if not isinstance(lengths, list) or not all(type(length) is int and length >= 0 for length in lengths):
        return "its account has a block without a length"
    return ""


def _text(account: dict[str, object], extracted: str) -> str:
    """Say how the kept blocks differ from the extracted text, where that is made of them."""
    letters = "".join(extracted.split())
    lengths, fates, source = account["letters"], account["fate"], account.get("source")
    if not isinstance(lengths, list) or not isinstance(fates, str):
        return "its account has no blocks"
    kept = sum(length for length, fate in zip(lengths, fates, strict=True) if fate == "1")
    if source in {"blocks", "everything"} and kept != len(letters) and "2" not in fates:
        return f"its account keeps {kept:,} letters, and its extracted text has {len(letters):,}"
    if source == "everything" and hashlib.sha256(letters.encode()).hexdigest() != account.get("sha256"):
        return "its account is of other letters than its extracted text"
    return ""
