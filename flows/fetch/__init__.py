"""Asking hosts for pages: politely, within limits, and safe against what a hostile host may answer."""
