"""What a user may choose of all that clean text depends on, beside the naming policy and the site memory."""

from dataclasses import dataclass

from schemas.page import OwnGazetteer


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices: `own` are names of the user's, None where there are none."""

    own: OwnGazetteer | None = None


NOTHING = Choices()
"""The choices of somebody who made none."""
