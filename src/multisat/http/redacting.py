"""Keeping signatures out of what the HTTP library logs."""

from __future__ import annotations

import logging
import re

_QUERY = re.compile(r"\?[^\s\"']+")
_LOGGERS = ("urllib3.connectionpool", "urllib3.connection", "urllib3.response", "urllib3.util.retry")


class _Redacting(logging.Filter):
    """Lets every record through, without the queries of addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?…", record.getMessage()), ()
        return True


_FILTER = _Redacting()


def redact_logs() -> None:
    """Take queries, which may hold a signature, out of what urllib3 logs from now on."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
