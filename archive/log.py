"""The commit log of a table, read as the JSON it is: what each commit brought, and what was written beside it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.files import Folder


def log_name(table: str, version: int) -> str:
    """Return the name of the log file of one Delta version of a table."""
    return f"{table}/_delta_log/{version:020d}.json"


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one table, as it is at each call."""

    folder: Folder
    table: str

    @property
    def newest(self) -> int:
        """Number of the newest commit."""
        names = (Path(name) for name in self.folder.names(f"{self.table}/_delta_log"))
        return max((int(name.stem) for name in names if name.suffix == ".json" and name.stem.isdecimal()), default=0)

    def metadata(self, version: int) -> dict[str, str]:
        """Return what was written into a commit beside its files."""
        infos = (entry["commitInfo"] for entry in self._entries(version) if "commitInfo" in entry)
        return {name: str(value) for info in infos for name, value in info.items() if name.startswith("cleancopy.")}

    def files_of(self, version: int) -> dict[str, str]:
        """Return the files that a commit brought, by name in the archive, with their SHA-256."""
        listed = self.metadata(version).get("cleancopy.files", "{}")
        return {str(name): str(sha256) for name, sha256 in json.loads(listed).items()}

    def added(self, version: int) -> list[Path]:
        """Return the paths of the Parquet files that a commit brought."""
        base = self.folder.path(self.table)
        return sorted(base / str(entry["add"]["path"]) for entry in self._entries(version) if "add" in entry)

    def run_of(self, version: int) -> str | None:
        """Return the id of the run that made a commit."""
        ids = [str(entry["txn"]["appId"]) for entry in self._entries(version) if "txn" in entry]
        return ids[0] if ids else None

    def _entries(self, version: int) -> Iterator[dict[str, dict[str, object]]]:
        content = self.folder.read(log_name(self.table, version)).decode("utf-8")
        return (json.loads(line) for line in content.split("\n") if line)
