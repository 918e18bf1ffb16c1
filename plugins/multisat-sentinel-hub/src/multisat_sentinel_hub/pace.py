"""When to ask again: the service says it in milliseconds, and to all who ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from multisat.http.retry import RetryPolicy, retry_after

_THOUSAND = 1000.0


class Rest:
    """Until when nobody of a run may ask."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = threading.Lock()

    def extend(self, seconds: float) -> None:
        """Let nobody ask for so long from now."""
        with self._lock:
            self._until = max(self._until, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._until - time.monotonic())


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace(RetryPolicy):
    """A policy that reads ``Retry-After`` in milliseconds (Copernicus Data Space, Rate Limiting, 2025).

    Attributes:
        rest: Is told of every wait the service asks for.
    """

    tries: int = 8
    rest: Rest = field(default_factory=Rest)

    def wait(self, attempt: int, headers: Mapping[str, str] | None = None) -> float:
        """Return the seconds to wait after a failed attempt; see ``RetryPolicy.wait``."""
        asked = retry_after((headers or {}).get("Retry-After")) / _THOUSAND
        usual = RetryPolicy(tries=self.tries, first_wait=self.first_wait, longest_wait=self.longest_wait)
        seconds = max(asked, usual.wait(attempt))
        if asked:
            self.rest.extend(seconds)
        return seconds
