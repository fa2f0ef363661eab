"""What a user may choose of all that clean text depends on, beside the naming policy and the site memory."""

from dataclasses import dataclass

from schemas.page import OwnGazetteer, Removal


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices: names of the user's own, kinds of blocks that stay, and how sure the line model has to be."""

    own: OwnGazetteer | None = None
    keep: frozenset[str] = frozenset()
    removal: Removal = Removal.DEFAULT


NOTHING = Choices()
"""The choices of somebody who made none."""
