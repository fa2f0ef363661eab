"""The versioned store and everything an archivist does with it; imports only `schemas`."""
