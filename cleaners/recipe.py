"""The recipe: one digest of all that clean text depends on besides the bytes and the URL of a page."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).parent
_LIBRARIES = {
    "extractor": (
        *("beautifulsoup4", "charset-normalizer", "courlan", "htmldate", "justext", "lightgbm", "lxml", "numpy"),
        *("google-re2", "selectolax", "trafilatura"),
    ),
    "rules": ("ftfy", "google-re2", "langdetect", "lingua-language-detector", "numpy", "py3langid"),
    "gazetteer": (),
}
_CODE = frozenset({".py", ".toml", ".csv", ".npz", ".tsv", ".txt"})


def recipe_parts(policy: str, keep: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return what the recipe is made of: extractor, rules and gazetteer as digests, and the policy's name.

    Where kinds of blocks are to be kept, `keep` names them.
    """
    return _digests() | {"policy": policy} | ({"keep": ",".join(sorted(keep))} if keep else {})


@cache
def _digests() -> dict[str, str]:
    """Return the digest of each part.

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
    return {part: digest.hexdigest() for part, digest in sums.items()}


def recipe(policy: str, keep: frozenset[str] = frozenset()) -> str:
    """Return the recipe's digest: SHA-256 over its parts."""
    return hashlib.sha256(json.dumps(recipe_parts(policy, keep), sort_keys=True).encode("utf-8")).hexdigest()


def cause_of(before: dict[str, str], after: dict[str, str]) -> str:
    """Return which change between two recipes a revision is due to: extractor, rules or policy.

    >>> cause_of({"rules": "a", "policy": "common"}, {"rules": "a", "policy": "az"})
    'policy'
    """
    if any(before.get(part) != after.get(part) for part in ("extractor", "keep")):
        return "extractor"
    if any(before.get(part) != after.get(part) for part in ("rules", "gazetteer")):
        return "rules"
    return "policy"
