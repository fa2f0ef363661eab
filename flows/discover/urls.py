"""Lists of addresses: in cleancopy.toml itself, or in a text file with one a line."""

from pathlib import Path

from flows.discover.entry import Entry
from flows.discover.selection import Selection
from flows.sources.place import reason

_LARGEST = 256 << 20
"""Bytes of a file of addresses."""


def read_urls(selection: Selection) -> None:
    """Offer the addresses of a source's lists; empty lines and lines that begin with # are passed over."""
    for place in selection.source.places:
        if place.lower().startswith(("http://", "https://")):
            selection.offer(Entry(place.strip()))
            continue
        try:
            _read_file(Path(place), selection)
        except (OSError, ValueError) as error:
            selection.trouble(place, f"cannot be read: {reason(error)}")


def _read_file(path: Path, selection: Selection) -> None:
    with path.open("rb") as file:
        read = 0
        for line in file:
            read += len(line)
            if read > _LARGEST:
                selection.trouble(str(path), f"read up to the limit of {_LARGEST >> 20} MiB")
                return
            address = line.decode("utf-8-sig", "replace").strip()
            if address and not address.startswith("#"):
                selection.offer(Entry(address))
