"""What a ruleset that is not part of the project yet would take, in the place where its cleaner stands."""

import functools
from dataclasses import replace

from cleaners import boilerplate, header, rights
from cleaners.catalogue import CLEANERS
from cleaners.ledger import apply, settle
from cleaners.matching import Engine
from cleaners.rulesets import read_ruleset
from schemas.cleaner import Cleaner
from schemas.edit import Edit, Step
from schemas.page import Document
from schemas.ruleset import Ruleset

_OTHERS = "other"
_OWNERS: tuple[tuple[Cleaner, tuple[str, ...]], ...] = (
    (header.CLEANER, header.RULESETS),
    (rights.CLEANER, rights.RULESETS),
    (boilerplate.CLEANER, boilerplate.RULESETS),
)


def stage_of(ruleset: Ruleset) -> str:
    """Return the cleaner that a ruleset of this name belongs to; `boilerplate` for one that no cleaner has."""
    return next((cleaner.name for cleaner, names in _OWNERS if ruleset.name in names), boilerplate.CLEANER.name)


def before_stage(document: Document, stage: str) -> tuple[Document, tuple[Step, ...]]:
    """Return a document as the cleaner called `stage` finds it, and the steps that led there."""
    steps = []
    for cleaner in CLEANERS:
        if cleaner.name == stage:
            break
        edits = tuple(settle(cleaner.propose(document)))
        if edits:
            steps.append(Step(cleaner.name, cleaner.version, edits))
            document = replace(document, text=apply(document.text, edits))
    return document, tuple(steps)


def proposals(ruleset: Ruleset, text: str, language: str) -> list[Edit]:
    """Return what the ruleset takes of a text, sorted and disjoint; the other rules of its cleaner are there too.

    Where one of theirs and one of the ruleset's match, the ruleset's is named. RulesetError for a pattern RE2 refuses.
    """
    spoken = {code for rule in ruleset.rules for code in rule.languages}
    names = _beside(ruleset)
    spoken |= {code for name in names for rule in read_ruleset(name).rules for code in rule.languages}
    matcher = _compiled(ruleset, names, language if language in spoken or language == "und" else _OTHERS)
    edits = settle(matcher.propose(matcher.scan(text, (ruleset.name, *names)), {}))
    return [edit for edit in edits if edit.rule.startswith(f"{ruleset.name}:")]


def _beside(ruleset: Ruleset) -> tuple[str, ...]:
    """Return the names of the other rulesets of the same cleaner."""
    stage = stage_of(ruleset)
    every = next(names for cleaner, names in _OWNERS if cleaner.name == stage)
    return tuple(name for name in every if name != ruleset.name)


@functools.lru_cache(maxsize=32)
def _compiled(ruleset: Ruleset, names: tuple[str, ...], language: str) -> Engine:
    return Engine([ruleset, *map(read_ruleset, names)], language)
