"""Clearing away what a killed run left: files that no commit names."""

import os
import re

from archive.archive import TABLES, Archive, ArchiveError, write_seal_file
from archive.journal import JOURNAL, discard
from archive.log import Log, log_name

_ADVICE = "run `cleancopy verify`, and bring back what it names from a copy of the archive; nothing was written"
_FOLDERS = ("raw", "memory", *TABLES, *(f"{table}/_delta_log" for table in TABLES))
_OURS = re.compile(
    r"/\.[^/]+\.tmp$|/part-[0-9a-f]{32}\.parquet$|^raw/[0-9a-f]{32}-\d{5}\.warc\.gz$|^memory/[0-9a-f]{64}\.jsonl$"
    r"|/_delta_log/.*(\.tmp|#\d+)$"
)
"""Names that only our own writing leaves; a stranger's file is for the audit to report."""


def check_whole(archive: Archive) -> None:
    """Raise ArchiveError where a commit is missing or not what seal.txt says: nothing may be built on such a log.

    Without this, a run would take what a lost commit named for leftovers, and write its own history over it.
    """
    if not os.access(archive.folder.root, os.W_OK):
        raise ArchiveError(f"{archive.folder.root} cannot be written to; check its permissions")
    try:
        lines = archive.folder.read("seal.txt").decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"seal.txt cannot be read ({error}); {_ADVICE}") from error
    sealed = dict(line.split(" ", 1) for line in lines if "/_delta_log/" in line and " " in line)
    if len(sealed) != len(TABLES):
        raise ArchiveError(f"seal.txt is damaged; {_ADVICE}")
    for name, sha256 in sealed.items():
        if not archive.folder.exists(name) or archive.folder.digest(name) != sha256:
            raise ArchiveError(f"{name} is missing or changed: seal.txt knows it otherwise; {_ADVICE}")
    for table in TABLES:
        log = archive.log(table)
        for version in range(log.newest + 1):
            if not archive.folder.exists(log_name(table, version)):
                raise ArchiveError(f"{log_name(table, version)} is missing; {_ADVICE}")


def recover(archive: Archive) -> bool:
    """Remove files that no commit names and bring seal.txt up to date; return whether that was possible.

    False while another run holds the archive. Captures that were committed stay: the next version takes them in
    (`archive.heads.unfinished_runs`). So does what was fetched and not committed (`archive.journal`).
    """
    with archive.alone() as alone:
        if not alone:
            return False
        known = {name for table in TABLES for name in _named(archive.log(table))}
        met = [name for folder in _FOLDERS for name in archive.folder.names(folder)]
        left = [name for name in met if name not in known and _OURS.search(name)]
        for name in left:
            archive.folder.remove(name)
        _remove_spools(archive)
        write_seal_file(archive)
        return True


def _remove_spools(archive: Archive) -> None:
    """Remove the spools of runs that died, but for what a later run can take in: what was fetched."""
    log = archive.log("captures")
    committed = {log.run_of(version) for version in range(1, log.newest + 1)}
    spools = archive.cache / "runs"
    for spool in spools.iterdir() if spools.is_dir() else ():
        if spool.name in committed or not (spool / JOURNAL).exists():
            discard(spool)


def _named(log: Log) -> set[str]:
    """Return the names of all files that any commit of a table brought."""
    return {name for version in range(1, log.newest + 1) for name in log.files_of(version)}
