"""Clearing away what a killed run left: files that no commit names."""

import re
import shutil

from archive.archive import TABLES, Archive, write_seal_file
from archive.log import Log

_FOLDERS = ("raw", *TABLES, *(f"{table}/_delta_log" for table in TABLES))
_OURS = re.compile(
    r"/\.[^/]+\.tmp$|/part-[0-9a-f]{32}\.parquet$|^raw/[0-9a-f]{32}-\d{5}\.warc\.gz$|/_delta_log/.*(\.tmp|#\d+)$"
)
"""Names that only our own writing leaves; a stranger's file is for the audit to report."""


def recover(archive: Archive) -> list[str]:
    """Remove files that no commit names, bring seal.txt up to date; return the names of what was removed.

    Does nothing while another run holds the archive. Captures that were committed stay: the next version names
    them (`archive.heads.unfinished`).
    """
    with archive.alone() as alone:
        if not alone:
            return []
        known = {name for table in TABLES for name in _named(archive.log(table))}
        met = [name for folder in _FOLDERS for name in archive.folder.names(folder)]
        left = [name for name in met if name not in known and _OURS.search(name)]
        for name in left:
            archive.folder.remove(name)
        shutil.rmtree(archive.cache / "runs", ignore_errors=True)
        write_seal_file(archive)
        return left


def _named(log: Log) -> set[str]:
    """Return the names of all files that any commit of a table brought."""
    return {name for version in range(1, log.newest + 1) for name in log.files_of(version)}
