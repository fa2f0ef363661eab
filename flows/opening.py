"""The archive that is configured, opened for a run, and what to say where nothing is configured."""

from pathlib import Path

from archive.archive import Archive, ArchiveError, create_archive, open_archive
from schemas.config import CONFIGURATION, Settings


def configured_archive(settings: Settings) -> Archive:
    """Open the archive of the settings; make it if there is none. ArchiveError where neither can be done."""
    root = settings.archive
    if not (root / "cleancopy.json").exists():
        try:
            return create_archive(root, settings.names)
        except (ArchiveError, OSError):
            # another source's first run may have made it a moment ago
            if not (root / "cleancopy.json").exists():
                raise
    return open_archive(root)


def without(what: str) -> str:
    """Return that cleancopy.toml has no `what`, or that there is no such file, and where it was looked for."""
    if Path(CONFIGURATION).is_file():
        return f"{CONFIGURATION} has no {what}"
    return f"there is no {CONFIGURATION} in {Path.cwd()}: go to your working folder, or write one"
