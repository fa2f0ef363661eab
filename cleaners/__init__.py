"""Pure functions from text to edits; imports only `schemas`."""
