"""Statements about rights: copyright, grants, disclaimers, fair use, whom to ask. They become the `rights` column."""

from collections.abc import Iterable

from cleaners.matching import engine
from cleaners.rulesets import RIGHTS, newest_version
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document

RULESETS = RIGHTS


def propose(document: Document) -> Iterable[Edit]:
    """Propose to take statements about rights, line by line and sentence by sentence."""
    matcher = engine(document.language)
    return matcher.propose(matcher.scan(document.text, RULESETS), {})


CLEANER = Cleaner("rights", newest_version(RULESETS), propose)
