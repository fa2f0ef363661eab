"""What a run may be told, and what it did."""

from dataclasses import dataclass

from archive.versions import Version
from flows.batch import Failure
from flows.jumps import Jump
from flows.tally import Tally
from schemas.choices import NOTHING, Choices


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may be told: `mirror` withdraws what the sources no longer hold; `choices` are part of the recipe."""

    mirror: bool = False
    choices: Choices = NOTHING


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: its version with its counts, and the identities it did not meet.

    `kept_for` names the verdicts that kept a mirroring run from withdrawing anything; `jumps` are sites and rules of
    which much more was taken than before; `listings` has a tally of each source.
    """

    version: Version
    absent: tuple[str, ...]
    kept_for: tuple[str, ...]
    failures: tuple[Failure, ...]
    seconds: float
    jumps: tuple[Jump, ...]
    listings: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Stages:
    """How far a run is, in pages: listed by the sources that are fetched, fetched, loaded from anywhere, cleaned.

    Of pages that need no cleaning, since nothing has changed or nothing came, each is done once it is loaded.
    """

    listed: int
    fetched: int
    loaded: int
    cleaned: int
