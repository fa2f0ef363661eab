"""Where pages come from: files, WARC files and data sets."""

from flows.sources.files import SourceError, captures, count
from flows.sources.identity import identity_of_url, site_of

__all__ = ["SourceError", "captures", "count", "identity_of_url", "site_of"]
