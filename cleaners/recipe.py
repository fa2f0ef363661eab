"""The recipe: one digest of all that clean text depends on besides the bytes and the URL of a page."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from schemas.page import Removal

_HERE = Path(__file__).parent
_LIBRARIES = {
    "extractor": (
        *("beautifulsoup4", "charset-normalizer", "courlan", "htmldate", "justext", "lightgbm", "lxml", "numpy"),
        *("selectolax", "trafilatura"),
    ),
    "rules": ("ftfy", "google-re2", "langdetect", "lingua-language-detector", "numpy", "py3langid"),
    "gazetteer": (),
}
_CODE = frozenset({".py", ".toml", ".csv", ".npz", ".tsv", ".txt"})


@cache
def recipe_parts(policy: str, removal: Removal = Removal.DEFAULT) -> dict[str, str]:
    """Return what the recipe is made of: extractor, rules and gazetteer as digests, naming policy and line removal.

    A digest covers the files of `cleaners/` that belong to the part, and the versions of its libraries.
    """
    sums = {part: hashlib.sha256() for part in _LIBRARIES}
    for part, libraries in _LIBRARIES.items():
        sums[part].update("".join(f"{name} {version(name)}\n" for name in libraries).encode("utf-8"))
    for path in sorted(_HERE.rglob("*")):
        if path.suffix in _CODE:
            name = path.relative_to(_HERE).as_posix()
            part = {"extract": "extractor", "gazetteer": "gazetteer"}.get(name.partition("/")[0], "rules")
            sums[part].update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return {part: digest.hexdigest() for part, digest in sums.items()} | {
        "policy": policy,
        "removal": str(removal),
    }


def recipe(policy: str, removal: Removal = Removal.DEFAULT) -> str:
    """Return the recipe's digest: SHA-256 over its parts."""
    return hashlib.sha256(json.dumps(recipe_parts(policy, removal), sort_keys=True).encode("utf-8")).hexdigest()


def cause_of(before: dict[str, str], after: dict[str, str]) -> str:
    """Return which change between two recipes a revision is due to: extractor, rules or policy.

    >>> cause_of({"rules": "a", "policy": "common"}, {"rules": "a", "policy": "az"})
    'policy'
    """
    if before.get("extractor") != after.get("extractor"):
        return "extractor"
    if any(before.get(part) != after.get(part) for part in ("rules", "gazetteer")):
        return "rules"
    # versions made before there was a choice have the default without saying so
    if before.get("removal", Removal.DEFAULT) != after.get("removal", Removal.DEFAULT):
        return "rules"
    return "policy"
