"""What a user may choose of all that clean text depends on, beside the naming policy and the site memory."""

from dataclasses import dataclass

from schemas.page import OwnGazetteer


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices: names of the user's own, and kinds of blocks that stay in the text of HTML pages."""

    own: OwnGazetteer | None = None
    keep: frozenset[str] = frozenset()


NOTHING = Choices()
"""The choices of somebody who made none."""
