"""The recipe: one digest of all that clean text depends on besides the bytes and the URL of a page."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from schemas.choices import NOTHING, Choices
from schemas.page import Removal

_HERE = Path(__file__).parent
_LIBRARIES = {
    "extractor": (
        *("beautifulsoup4", "charset-normalizer", "courlan", "htmldate", "justext", "lightgbm", "lxml", "numpy"),
        *("google-re2", "selectolax", "trafilatura"),
    ),
    "rules": ("ahocorasick-rs", "ftfy", "google-re2", "langdetect", "lingua-language-detector", "numpy", "py3langid"),
    "gazetteer": (),
}
_CODE = frozenset({".py", ".toml", ".csv", ".npz", ".tsv", ".txt"})


def recipe_parts(policy: str, choices: Choices = NOTHING, memory: str | None = None) -> dict[str, str]:
    """Return what the recipe is made of: extractor, rules and gazetteer as digests, and the policy's name.

    A digest covers the files of `cleaners/` that belong to the part, and the versions of its libraries. A choice is a
    part only where it was made: `own_gazetteer` is the digest of the user's files, `memory` that of the site memory,
    `keep` names the kinds of blocks that are kept, `removal` says how sure the line model has to be.
    """
    own = choices.own.sha256 if choices.own else None
    removal = "" if choices.removal is Removal.DEFAULT else str(choices.removal)
    chosen = {"own_gazetteer": own, "keep": ",".join(sorted(choices.keep)), "memory": memory, "removal": removal}
    return _shipped() | {"policy": policy} | {part: value for part, value in chosen.items() if value}


@cache
def _shipped() -> dict[str, str]:
    sums = {part: hashlib.sha256() for part in _LIBRARIES}
    for part, libraries in _LIBRARIES.items():
        sums[part].update("".join(f"{name} {version(name)}\n" for name in libraries).encode("utf-8"))
    for path in sorted(_HERE.rglob("*")):
        if path.suffix in _CODE:
            name = path.relative_to(_HERE).as_posix()
            part = {"extract": "extractor", "gazetteer": "gazetteer"}.get(name.partition("/")[0], "rules")
            sums[part].update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return {part: digest.hexdigest() for part, digest in sums.items()}


def recipe(policy: str, choices: Choices = NOTHING, memory: str | None = None) -> str:
    """Return the recipe's digest: SHA-256 over its parts."""
    parts = recipe_parts(policy, choices, memory)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()


def cause_of(before: dict[str, str], after: dict[str, str]) -> str:
    """Return which change between two recipes a revision is due to: extractor, rules or policy.

    >>> cause_of({"rules": "a", "policy": "common"}, {"rules": "a", "policy": "az"})
    'policy'
    """
    if any(before.get(part) != after.get(part) for part in ("extractor", "keep")):
        return "extractor"
    if any(before.get(part) != after.get(part) for part in ("rules", "gazetteer", "own_gazetteer", "memory")):
        return "rules"
    # versions made before there was a choice have the default without saying so
    if before.get("removal", Removal.DEFAULT) != after.get("removal", Removal.DEFAULT):
        return "rules"
    return "policy"
