"""Adopting a site memory: its file into memory/, and an event that says so."""

import shutil
import uuid
from datetime import UTC, datetime

from archive.archive import Archive, ArchiveError
from archive.memory import KIND, memory_name
from archive.recover import check_whole
from archive.seal import canonical
from archive.versions import newest
from archive.write import Run, commit_event


def adopt(archive: Archive, content: bytes | None, sha256: str | None, code: str) -> None:
    """Adopt a snapshot, whose file is `content`, or none; the next version seals it and is cleaned with it.

    `code` is the program that does it. ArchiveError where the archive cannot be written.
    """
    check_whole(archive)
    version = newest(archive)
    spool = archive.cache / "memory" / uuid.uuid4().hex
    spool.mkdir(parents=True)
    try:
        with archive.shared():
            files: dict[str, str] = {}
            if content is not None and sha256 is not None:
                files[memory_name(sha256)] = archive.folder.write(memory_name(sha256), content)
            row: dict[str, object] = {
                "doc_id": "",
                "event_id": uuid.uuid4().hex,
                "kind": KIND,
                "recorded_at": datetime.now(UTC),
                "version": version.version if version else 0,
                "detail": canonical({"files": sorted(files), "memory": sha256}),
            }
            commit_event(archive, Run(spool.name, "memory adopt", code, "", {}, spool), row, files)
    except PermissionError as error:
        raise ArchiveError(f"{archive.folder.root} cannot be written: {error}") from error
    finally:
        shutil.rmtree(spool, ignore_errors=True)
