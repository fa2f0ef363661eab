"""What a site puts round an article: requests, prompts, menus, counters, separators."""

from collections.abc import Iterable

from cleaners.matching import engine
from cleaners.rulesets import BOILERPLATE, newest_version
from schemas.cleaner import Cleaner
from schemas.edit import Edit
from schemas.page import Document

RULESETS = BOILERPLATE


def propose(document: Document) -> Iterable[Edit]:
    """Propose to take what the rules know as boilerplate."""
    matcher = engine(document.language)
    return matcher.propose(matcher.scan(document.text, RULESETS), {})


CLEANER = Cleaner("boilerplate", newest_version(RULESETS), propose)
