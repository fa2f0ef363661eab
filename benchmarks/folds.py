"""The parts that sites are put in for honest figures: whatever is trained for a part has not seen its sites."""

import hashlib

FOLDS = 4


def fold_of(site: str, folds: int = FOLDS, salt: str = "") -> int:
    """Return the fold of a site, by hash."""
    return int(hashlib.sha256((salt + site).encode()).hexdigest()[:8], 16) % folds


def half_of(site: str) -> str:
    """Return A or B for a site: rules are written on pages of half A, and B is only counted."""
    return "AB"[hashlib.sha256(site.encode()).digest()[0] % 2]
