"""What the names step does to a text, and what it finds in one."""

from cleaners import ledger, names
from schemas.edit import kind_of
from schemas.page import Document

POLICIES = ("common", "az", "hy", "both", "keep-source")


def rewritten(text: str, language: str = "en", policy: str = "common") -> str:
    document = Document(text, language=language, policy=policy)
    return ledger.apply(text, ledger.settle(names.CLEANER.propose(document)))


def kinds(text: str, language: str = "en", policy: str = "common") -> list[str]:
    document = Document(text, language=language, policy=policy)
    return [kind_of(edit.rule) for edit in names.CLEANER.propose(document)]


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(name.surface, name.entity) for name in names.find(text, language)]
