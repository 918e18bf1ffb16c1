"""Taking signatures and logins out of text that a person or a file will see."""

from __future__ import annotations

import re

_QUERY = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s?#'\"]*)[?#][^\s'\"]*", re.IGNORECASE)
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s@'\"]+@", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE)


def redact(text: str) -> str:
    """Return a text whose addresses keep scheme, host and path only, without logins."""
    return _BEARER.sub(r"\1 …", _USERINFO.sub(r"\1", _QUERY.sub(r"\1", text)))
