"""Errors of the command line itself."""


class UsageError(ValueError):
    """Options or arguments that cannot be used together, or at all."""
