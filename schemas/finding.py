"""What an audit finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong: a stable code (`archive/codes.toml`), the file or row, and what a person should know."""

    code: str
    path: str
    detail: str
