"""What the secure hosts share: time, keys, files and where each host is."""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from multisat.sandbox.files import Files
from multisat.sandbox.http import Request, Response


class Clock:
    """Seconds since 1970, which a test may put forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Return the time."""
        return time.time() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let time pass at the hosts without waiting for it."""
        self._ahead += seconds


class RateLimit:
    """So many requests within two seconds, by the clock of the hosts.

    Args:
        most: How many; None for any number.
        clock: The clock.
    """

    seconds = 2.0

    def __init__(self, most: int | None, clock: Clock) -> None:
        self._most, self._clock = most, clock
        self._times: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self, factor: int = 1) -> int | None:
        """Count a request; return the whole seconds to wait if it is one too many.

        Args:
            factor: How many times more requests this client may send.
        """
        with self._lock:
            now = self._clock.now()
            while self._times and self._times[0] <= now - self.seconds:
                self._times.popleft()
            if self._most is not None and len(self._times) >= self._most * factor:
                return max(1, math.ceil(self._times[0] + self.seconds - now))
            self._times.append(now)
            return None


@dataclass(kw_only=True)
class World:
    """What the secure hosts share.

    Attributes:
        files: The files behind the protected addresses.
        token_seconds: How long tokens and signatures hold.
        rate_limit: Token requests within two seconds, or None for any number.
        addresses: Host name to address.
        clock: The time at all hosts.
        key: What signatures are made with.
    """

    files: Files
    token_seconds: float
    rate_limit: int | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def limit(self) -> RateLimit:
        """Return a new count of requests."""
        return RateLimit(self.rate_limit, self.clock)

    def end(self) -> datetime:
        """Return when what is signed now ends: whole seconds, rounded up, as real services write it."""
        return datetime.fromtimestamp(math.ceil(self.clock.now() + self.token_seconds), UTC)


class Stand:
    """One secure host.

    Args:
        world: What it shares with the others.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        raise NotImplementedError
