"""When to ask again, and after how long."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

RETRIED = frozenset({429, 500, 502, 503, 504})
"""Statuses that pass by themselves. 400, 401, 403 and 404 never do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """How often and how long to try.

    Attributes:
        tries: Most attempts, the first included.
        first_wait: Longest wait before the second attempt, in seconds; it doubles each time
            and is drawn at random between half of it and all of it.
        longest_wait: Longest wait without a word from the server, in seconds.
    """

    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 20.0

    def wait(self, attempt: int, headers: Mapping[str, str] | None = None) -> float:
        """Return the seconds to wait after a failed attempt.

        Args:
            attempt: Number of the attempt that failed, from 1.
            headers: Response headers; ``Retry-After`` (seconds or an HTTP date) is obeyed.
        """
        asked = retry_after((headers or {}).get("Retry-After"))
        backoff = min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))
        return max(asked, backoff * random.uniform(0.5, 1))  # noqa: S311 - jitter is no secret


def retry_after(value: str | None) -> float:
    """Return the seconds a ``Retry-After`` header asks for, 0 if there is none or it is unreadable."""
    from urllib3.exceptions import InvalidHeader
    from urllib3.util import Retry

    try:
        seconds: float = Retry().parse_retry_after(value) if value else 0.0
    except InvalidHeader:
        return 0.0
    return seconds
