"""The sources of cleancopy.toml in a run: files to load, and pages to discover and fetch at the same time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from archive.archive import Archive
from archive.validators import Validators, read_validators
from flows.discover.discover import Discovery, Known
from flows.discover.selection import Selection
from flows.errors import UsageError
from flows.fetch.client import Client
from flows.fetch.fetcher import Progress
from flows.fetch.fetcher import captures as fetched
from flows.fetch.turns import Turns
from flows.opening import without
from flows.rows import doc_id_of
from flows.sources import files as loading
from schemas.config import Settings
from schemas.page import Capture
from schemas.source import Fetching, Source

_NONE = Validators()


@dataclass(slots=True)
class Configured:
    """Sources by name and how they are fetched; for one run, whose progress it knows.

    `client` makes what asks hosts. `selections` are filled while `captures` is read.
    """

    sources: Mapping[str, Source]
    rules: Fetching
    client: Callable[[Fetching], Client] = lambda rules: Client(rules, Turns())
    progress: Progress = field(default_factory=Progress)
    selections: tuple[Selection, ...] = ()

    def __post_init__(self) -> None:
        web = ((name, source) for name, source in self.sources.items() if source.kind != "files")
        self.selections = tuple(Selection(name, source) for name, source in web)

    @property
    def names(self) -> frozenset[str]:
        """The names of the sources that are fetched."""
        return frozenset(selection.name for selection in self.selections)

    @property
    def files(self) -> dict[str, str]:
        """The paths that are loaded, each with the name of its source."""
        loaded = ((name, source) for name, source in self.sources.items() if source.kind == "files")
        return {place: name for name, source in loaded for place in source.places}

    @property
    def mirrored(self) -> tuple[str, ...]:
        """The paths whose documents are withdrawn once they are no longer there."""
        return tuple(place for place, name in self.files.items() if self.sources[name].mirror)

    def captures(self, archive: Archive, captured: AbstractSet[str] = frozenset()) -> Iterator[Capture]:
        """Yield what comes of asking for the pages that the sources list, while they are being listed.

        Identities in `captured` are not asked for. Pages that the archive holds are asked for only if they changed.
        """
        if not self.selections:
            return
        known = read_validators(archive)
        client = self.client(self.rules)
        discovery = Discovery(self.selections, client, self.rules.per_host)
        pages = discovery.pages(Known(lambda identity: known.get(doc_id_of(identity), _NONE), captured))
        with closing(fetched(pages, self.rules, client=client, progress=self.progress)) as captures:
            yield from captures


def configured(settings: Settings, names: Sequence[str] = ()) -> Configured:
    """Return the configured sources of these names, or all of them; UsageError for what cannot be a source."""
    known = settings.sources
    if not known:
        raise UsageError(f"{without('source: [sources.NAME]')} (docs/sources.md); or name files and folders to ingest")
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"{', '.join(unknown)}: no such source in cleancopy.toml; it has {', '.join(known)}")
    chosen = {name: source for name, source in known.items() if not names or name in names}
    for name, source in chosen.items():
        if source.kind == "files":
            _check_files(name, source)
    return Configured(chosen, settings.fetch)


def _check_files(name: str, source: Source) -> None:
    for place in source.places:
        if place == "-":
            raise UsageError(f"sources.{name}.files: standard input cannot be a source; name files or folders")
        try:
            loading.captures(place, datetime.now(UTC))
        except loading.SourceError as error:
            raise UsageError(f"sources.{name}.files: {error}") from error
