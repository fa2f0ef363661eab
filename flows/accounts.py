"""Accounts of pages as the archive holds them: packed beside a revision, their words read again from the raw record."""

import pyarrow as pa

from schemas.account import Account, AccountError, dumps, loads

_LARGEST = 64 << 20
"""Bytes that an account may unpack to; one of 60,000 blocks has less than 2 MB."""


def packed(account: Account) -> bytes:
    """Return an account as the column `blocks` has it: its JSON, compressed with zstd."""
    content: bytes = pa.compress(dumps(account).encode("utf-8"), codec="zstd", asbytes=True)
    return content


def unpacked(content: bytes) -> Account:
    """Read the column `blocks`; AccountError where it is no account."""
    try:
        with pa.CompressedInputStream(pa.BufferReader(content), "zstd") as stream:
            written: bytes = stream.read(_LARGEST)
        return loads(written.decode("utf-8"))
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise AccountError(f"the account of a page's blocks cannot be unpacked: {error}") from error
