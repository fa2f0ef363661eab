"""JSON as the audit takes it: every key once, every number finite, and each value of the kind the format says."""

import json


class ShapeError(ValueError):
    """A JSON value of another kind than the format says."""


def loads(content: str | bytes) -> object:
    """Return the value of a JSON text; ValueError where an object has a key twice or a number is none.

    Of two values of one key, two readers may take different ones: what was checked must be what others read.

    >>> loads('{"a": 1, "a": 2}')
    Traceback (most recent call last):
      ...
    archive.audit_json.ShapeError: the key 'a' stands twice in one object
    """
    return json.loads(content, object_pairs_hook=_once, parse_constant=_refuse)


def text(value: object, name: str) -> str:
    """Return a JSON value that must be a string; ShapeError otherwise."""
    if not isinstance(value, str):
        raise ShapeError(f"{name} is no string")
    return value


def number(value: object, name: str) -> int:
    """Return a JSON value that must be a whole number, zero or more; ShapeError otherwise."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ShapeError(f"{name} is no whole number")
    return value


def flag(value: object, name: str) -> bool:
    """Return a JSON value that must be true or false; ShapeError otherwise."""
    if not isinstance(value, bool):
        raise ShapeError(f"{name} is neither true nor false")
    return value


def mapping(value: object, name: str) -> dict[str, object]:
    """Return a JSON value that must be an object; ShapeError otherwise."""
    if not isinstance(value, dict):
        raise ShapeError(f"{name} is no object")
    return value


def digests(value: object, name: str) -> dict[str, str]:
    """Return a JSON value that must be an object of strings; ShapeError otherwise."""
    return {key: text(entry, f"{name}: {key}") for key, entry in mapping(value, name).items()}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ShapeError(f"the key {twice[:60]!r} stands twice in one object")
    return found


def _refuse(constant: str) -> object:
    raise ShapeError(f"{constant} is no number of JSON")
