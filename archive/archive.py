"""An archive: its folder, its name and policy; made, opened, locked."""

import fcntl
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.files import Folder
from archive.log import Log, log_name
from archive.seal import canonical, instant

if TYPE_CHECKING:
    from archive.store import Table

TABLES = ("captures", "events", "revisions")
"""The archive's tables, by name, in the order of seal.txt."""

FORMAT = 1
"""Version of the folder's layout; raised only with a migration."""

_ID = re.compile(r"[0-9a-f]{32}")
"""It names a folder of the cache, so nothing else may pass for one."""

_README = """\
This folder is a cleancopy archive: web pages as they were captured, the clean text made of them, and the proof of both.

raw/        every captured byte, WARC 1.1
captures/   one row for each capture, also failed ones (Delta table of Parquet files)
revisions/  one row for each state of a document; its commit log is the history of versions (Delta table)
events/     editions, site memories, checks, deposits and erasures (Delta table)
editions/   snapshots in plain Parquet, if any were exported
memory/     lines that pages of one site share, if such a snapshot was adopted
seal.txt    the newest seal; keep a copy elsewhere: it proves everything up to its version

Nothing here is ever rewritten. To read a table without cleancopy, open the Parquet files that its _delta_log names.
To check the whole folder: cleancopy verify --archive FOLDER
"""


class ArchiveError(OSError):
    """An archive that cannot be used: the message says what to do."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive, opened. `first_policy` is the naming policy it was made with."""

    folder: Folder
    archive_id: str
    created: str
    first_policy: str

    @property
    def policy(self) -> str:
        """The naming policy as of now: that of the newest version; ArchiveError where its commit is damaged."""
        log = self.log("revisions")
        if not (newest := log.newest):
            return self.first_policy
        try:
            return str(json.loads(log.metadata(newest)["cleancopy.body"])["policy"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            said = f"the commit of version {newest} is damaged ({error!r}); `cleancopy verify` says more"
            raise ArchiveError(said) from error

    @property
    def cache(self) -> Path:
        """Folder for spools and indexes of this archive: disposable, never trusted."""
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(base) / "cleancopy" / self.archive_id

    def table(self, name: str) -> "Table":
        """Open one of the tables as it is now; DamagedError where that cannot be done."""
        from archive.store import Table  # noqa: PLC0415 - takes 0.3 s, and the log is read without it

        return Table(self.folder, name)

    def log(self, name: str) -> Log:
        """Return the commit log of one of the tables."""
        return Log(self.folder, name)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the archive as one of its live runs."""
        with self._lock(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the archive alone, if no run holds it: true, and no run can begin before the end of the block."""
        try:
            with self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB):
                yield True
        except BlockingIOError:
            yield False

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        # README.txt is never rewritten, so every run locks the same file and none has to be added
        with self.folder.path("README.txt").open("rb") as stream:
            fcntl.flock(stream, kind)
            yield


def create_archive(root: Path, policy: str) -> Archive:
    """Make an empty archive in a folder that does not exist or is empty; ArchiveError where it is neither."""
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ArchiveError(f"{root} is neither an archive nor an empty folder; name another with --archive")
    staging = root.parent / f".{root.name}.{uuid.uuid4().hex}.new"
    staging.mkdir(parents=True)
    try:
        _fill(staging, policy)
        if root.exists():
            root.rmdir()
        # the whole archive appears at once, so that no killed run can leave half of one
        staging.rename(root)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return open_archive(root)


def _fill(root: Path, policy: str) -> None:
    from archive.store import Table  # noqa: PLC0415 - as above

    folder = Folder(root)
    created = instant(datetime.now(UTC))
    about = {"archive_id": uuid.uuid4().hex, "created": created, "format": FORMAT, "policy": policy}
    folder.write("README.txt", _README.encode("utf-8"))
    for name in TABLES:
        Table.create(folder, name)
    folder.path("raw").mkdir()
    folder.write("cleancopy.json", (canonical(about) + "\n").encode("utf-8"))
    write_seal_file(open_archive(root))


def open_archive(root: Path) -> Archive:
    """Open an archive; ArchiveError where there is none, or one of a newer format."""
    folder = Folder(root)
    try:
        about = json.loads(folder.read("cleancopy.json"))
        newer = int(about["format"]) > FORMAT
        if not _ID.fullmatch(about["archive_id"]):
            raise ValueError("archive_id is not 32 hex digits")  # noqa: TRY301 - told with the others below
        archive = Archive(folder, str(about["archive_id"]), str(about["created"]), str(about["policy"]))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArchiveError(
            f"there is no archive in {root}; `cleancopy ingest SOURCE --archive {root}` makes one"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{root}/cleancopy.json cannot be read ({error}); `cleancopy verify` says more") from error
    if newer:
        raise ArchiveError(
            f"{root} has format {about['format']}, and this cleancopy knows up to {FORMAT}; update cleancopy"
        )
    return archive


def write_seal_file(archive: Archive) -> str:
    """Write seal.txt from the newest commits; return the newest seal ("" before the first version)."""
    revisions = archive.log("revisions")
    version = revisions.newest
    seal, time = "-", archive.created
    if version:
        metadata = revisions.metadata(version)
        seal, time = metadata["cleancopy.seal"], json.loads(metadata["cleancopy.body"])["time"]
    lines = [
        "cleancopy seal",
        f"archive {archive.archive_id}",
        f"version {version}",
        f"seal {seal}",
        f"time {time}",
    ]
    for name in TABLES:
        log = log_name(name, archive.log(name).newest)
        lines.append(f"{log} {archive.folder.digest(log)}")
    content = ("\n".join(lines) + "\n").encode("utf-8")
    if not archive.folder.exists("seal.txt") or archive.folder.read("seal.txt") != content:
        archive.folder.write("seal.txt", content)
    return "" if seal == "-" else seal
