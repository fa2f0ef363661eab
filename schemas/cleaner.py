"""What a cleaner is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from schemas.edit import Edit
from schemas.page import Document


@dataclass(frozen=True, slots=True)
class Cleaner:
    """A named, versioned proposer of edits. It reads the document and never changes it."""

    name: str
    version: str
    propose: Callable[[Document], Iterable[Edit]]
