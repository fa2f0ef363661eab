"""What a SOURCE holds: one file, or the files of a folder in an order that does not depend on the machine."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePath

from flows.sources.identity import storable
from flows.sources.place import SUFFIXES, Fault, Place, reason
from schemas.page import Verdict

_ARCHIVE = "cleancopy.json"
"""The file that makes a folder an archive."""

_NOWHERE = Fault(Verdict.ERROR, "a link that leads nowhere")
_ELSEWHERE = Fault(Verdict.ERROR, "a link out of the folder is not followed: name its target as a SOURCE of its own")


def places(source: str) -> Iterator[Place]:
    """Yield every file of the SOURCE, each folder's entries in the order of their names' bytes.

    Hidden files are left out. A link to a file within the folder is read like a file; a link to a folder within it
    is not followed, because what it points to is read where it stands: so loops end. Places with a fault: a link
    that leads out of the folder or nowhere, an unreadable folder, an empty folder named like a page.
    """
    path = Path(source)
    try:
        mode = path.stat().st_mode if source else None
    except (OSError, ValueError) as error:
        mode = None
        if not isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
            yield _place(source, "", _unreadable(error))
            return
    if mode is None:
        missing = Fault(Verdict.ERROR, "no such file or folder")
        yield _place(source, "", _NOWHERE if source and "\0" not in source and path.is_symlink() else missing)
    elif stat.S_ISDIR(mode):
        yield from _walk(source)
    else:
        yield _place(source, "")


def _walk(root: str) -> Iterator[Place]:
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        place = _place(root, inner)
        try:
            if inner and not stat.S_ISDIR(place.path.lstat().st_mode):
                yield from _entry(root, inner)
                continue
            names = sorted((path.name for path in place.path.iterdir() if path.name[0] != "."), key=os.fsencode)
        except OSError as error:
            yield _place(root, inner, _unreadable(error))
            continue
        if _ARCHIVE in names:
            yield _place(root, inner, Fault(Verdict.UNSUPPORTED_TYPE, "a cleancopy archive, which is left out"))
            continue
        if not names and place.suffix:
            yield _place(root, inner, Fault(Verdict.ERROR, "not a file but an empty folder"))
        waiting += (f"{inner}/{name}" if inner else name for name in reversed(names))


def _entry(root: str, inner: str) -> Iterator[Place]:
    place = _place(root, inner)
    is_link = place.path.is_symlink()
    # exists() tells a link in a circle from one that leads somewhere
    if is_link and not place.path.exists():
        yield _place(root, inner, _NOWHERE)
    elif is_link and place.path.is_dir():
        if not _is_walked(root, place.path):
            yield _place(root, inner, _ELSEWHERE)
    elif not place.suffix:
        said = f"{_suffix(inner)}; pages come from {', '.join(SUFFIXES)} files"
        yield _place(root, inner, Fault(Verdict.UNSUPPORTED_TYPE, said))
    elif is_link and _within(root, place.path) is None:
        yield _place(root, inner, _ELSEWHERE)
    else:
        yield place


def _suffix(inner: str) -> str:
    suffixes = PurePath(inner).suffixes
    suffix = "".join(suffixes[-2:] if inner.lower().endswith(".gz") else suffixes[-1:])
    return f"its suffix is {storable(suffix)}" if suffix else "its name has no suffix"


def _is_walked(root: str, link: Path) -> bool:
    within = _within(root, link)
    return within is not None and not any(part.startswith(".") for part in within.parts)


def _within(root: str, link: Path) -> PurePath | None:
    """Return where a link leads, relative to the root; None if out of it."""
    target, real_root = link.resolve(), Path(root).resolve()
    return target.relative_to(real_root) if target.is_relative_to(real_root) else None


def _unreadable(error: Exception) -> Fault:
    return Fault(Verdict.ERROR, f"cannot be read: {reason(error)}")


def _place(root: str, inner: str, fault: Fault | None = None) -> Place:
    shown = storable(root)
    if not inner:
        return Place(Path(root), PurePath(shown).name or shown, shown, fault)
    return Place(Path(root, inner), storable(inner), f"{shown.rstrip('/')}/{storable(inner)}", fault)
