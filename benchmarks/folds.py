"""Which part of the data a site belongs to, so that a page is only judged by a model that has not seen its site."""

import hashlib

FOLDS = 4


def fold_of(site: str, folds: int = FOLDS) -> int:
    """Return the fold of a site, the same for all its pages and for every model."""
    return int(hashlib.sha256(site.encode()).hexdigest()[:8], 16) % folds
