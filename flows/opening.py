"""The archive that is configured, opened for a run."""

from archive.archive import Archive, ArchiveError, create_archive, open_archive
from schemas.config import Settings


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
