"""Taking signatures and logins out of text that a person or a file will see."""

from __future__ import annotations

import logging
import re

_QUERY = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s?#'\"]*)[?#][^\s'\"]*", re.IGNORECASE)
_BARE_QUERY = re.compile(r"(?<=[\w.])\?[\w.-]+=[^\s'\"]*")
"""A query behind a bare file name, as GDAL writes it."""
_COOKIE = re.compile(r"\b(Cookie:)[^\r\n'\"]*", re.IGNORECASE)
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s@'\"]+@", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE)


def redact(text: str) -> str:
    """Return a text whose addresses keep scheme, host and path only, without logins."""
    bare = _COOKIE.sub(r"\1 …", _BARE_QUERY.sub("", _QUERY.sub(r"\1", text)))
    return _BEARER.sub(r"\1 …", _USERINFO.sub(r"\1", bare))


class _Redacting(logging.Filter):
    """Lets every record through, without what must not be read."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def redact_logs(library: str) -> None:
    """Redact what a library logs, in all of its loggers there are by now.

    Args:
        library: Name of its top package; some libraries log the addresses they open.
    """
    names = (n for n in logging.root.manager.loggerDict if n == library or n.startswith(f"{library}."))
    for name in list(names):
        logging.getLogger(name).addFilter(_Redacting())
