"""What a source's `include` and `exclude` say of an address."""

from collections.abc import Sequence

import re2

from flows.discover.entry import Reason
from flows.errors import UsageError
from schemas.source import Source

_MEMORY = 8 << 20


class Patterns:
    """The patterns of a source, compiled by RE2, so that no address takes long; UsageError where one is none."""

    def __init__(self, name: str, source: Source) -> None:
        self._include = _compiled(name, "include", source.include)
        self._exclude = _compiled(name, "exclude", source.exclude)

    def excludes(self, url: str) -> bool:
        """Return whether a pattern of `exclude` is found in the address."""
        return any(pattern.search(url) for pattern in self._exclude)

    def reason(self, url: str) -> Reason | None:
        """Return why an address is not taken; None where it is."""
        if self.excludes(url):
            return Reason.EXCLUDED
        if self._include and not any(pattern.search(url) for pattern in self._include):
            return Reason.NOT_INCLUDED
        return None


def _compiled(name: str, setting: str, patterns: Sequence[str]) -> "list[re2._Regexp]":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re2.compile(pattern, options))
        except re2.error as error:
            said = error.args[0] if error.args else ""
            said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
            raise UsageError(f"sources.{name}.{setting}: {pattern!r} is no RE2 pattern: {said}") from error
    return compiled
