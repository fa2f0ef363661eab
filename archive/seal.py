"""Commitments, Merkle roots and seals: what lets an archive prove its history (docs/data-format.md).

A row's commitment blinds it with a salt, so a lawful erasure can destroy the row and its salt and leave the
commitment; everything else stays provable. Roots follow RFC 6962, section 2.1.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime


def canonical(value: object) -> str:
    """Return `value` as JSON with sorted keys and no spaces: the same text for the same value, always.

    >>> canonical({"b": 1, "a": ["ə"]})
    '{"a":["ə"],"b":1}'
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def instant(moment: datetime) -> str:
    """Return a time as the archive writes it: UTC, to the microsecond.

    >>> instant(datetime(2020, 11, 5, tzinfo=UTC))
    '2020-11-05T00:00:00.000000Z'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def commitment(row: Mapping[str, object], salt: str) -> str:
    """Return the salted commitment of a row, without regard to its own salt, commitment and null fields."""
    content = {k: plain(v) for k, v in row.items() if v is not None and k not in {"salt", "commitment"}}
    return hashlib.sha256(bytes.fromhex(salt) + canonical(content).encode("utf-8")).hexdigest()


def plain(value: object) -> object:
    """Return a value of a row in JSON's own types, bytes in hex; null members of structs are left out."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def merkle_root(commitments: Iterable[str]) -> str:
    """Return the RFC 6962 Merkle tree hash over the sorted commitments, in hex."""
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in sorted(commitments)]
    return _tree(leaves).hex() if leaves else hashlib.sha256(b"").hexdigest()


def _tree(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + _tree(hashes[:split]) + _tree(hashes[split:])).digest()
