"""What the commands that make a version share: names of the user's own, a bar on the screen, how a run is stopped."""

import signal
from typing import TYPE_CHECKING

from flows.output import say, waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.archive import Archive
    from flows.outcome import Outcome
    from flows.server import Server
    from schemas.choices import Choices
    from schemas.config import Settings
    from schemas.page import OwnGazetteer, Removal


def chosen(settings: "Settings", keep: str | None, removal: "Removal | None") -> "Choices":
    """Return what the settings choose, or the options --keep and --removal where they are given.

    GazetteerError where a gazetteer of the user's own cannot be used; UnknownKindError where a kind cannot be kept.
    """
    from cleaners.naming import own
    from flows.commands.kept import kept_kinds
    from schemas.choices import Choices

    return Choices(
        own=own(settings.gazetteer) if settings.gazetteer else None,
        keep=kept_kinds(settings.keep if keep is None else keep),
        removal=removal or settings.removal,
    )


def tell_recipe(archive: "Archive", policy: str, own: "OwnGazetteer | None") -> None:
    """Say which names the run writes and which site memory it uses; PolicyError where nothing defines the policy."""
    from archive.memory import adopted
    from archive.versions import newest
    from cleaners.naming import choices

    choices(policy, own)
    holds = adopted(archive)
    beside = f", gazetteer {own.folder}" if own else ""
    beside += f", site memory {holds.sha256[:12]}" if holds and holds.sha256 else ""
    say(f"archive {archive.folder.root}, naming policy {policy}{beside}")
    last = newest(archive)
    before, now = last.recipe_parts.get("own_gazetteer") if last else None, own.sha256 if own else None
    if last and before != now:
        said = "had none" if before is None else "had another" if now else "had one, and this run has none"
        say(f"the gazetteer of your own is not that of version {last.version}, which {said}")


def watched(
    start: "Callable[[], Outcome]", total: int | None, server: "Server | None", *, fetches: bool = False
) -> "Outcome":
    """Carry out a run with a bar for each stage; Ctrl-C and SIGTERM end it at once and leave the archive whole.

    `total` is the number of pages that are loaded from files, if it is known; `fetches`: others are fetched. `server`
    is an embedded one, which may still be starting: what takes seconds to load is loaded meanwhile.
    """
    from rich.console import Console

    from flows.commands.bars import Bars

    with waiting("loading"):
        from flows.ingest import abandon, progress, stopping

    def stop(number: int, _: object) -> None:
        say("stopped; the archive's last version is whole, and the next run clears up")
        abandon(128 + number)

    before = signal.signal(signal.SIGINT, stop)
    try:
        if server:
            server.await_answer()
        with Bars(Console(stderr=True), total, fetches=fetches) as bars:
            tokens = progress.set(bars.show), stopping.set(stop)
            try:
                return start()
            finally:
                progress.reset(tokens[0])
                stopping.reset(tokens[1])
    finally:
        signal.signal(signal.SIGINT, before)


def as_row(outcome: "Outcome") -> dict[str, object]:
    """Return what --json prints of a run."""
    version = outcome.version
    return {
        "version": version.version,
        "seal": version.seal,
        "run_id": version.run_id,
        "time": version.time,
        "policy": version.policy,
        "seconds": round(outcome.seconds, 3),
        "counts": version.counts,
        "jumps": [jump.row() for jump in outcome.jumps],
        "sources": [tally.row() for tally in outcome.listings],
    }
