"""One total time limit for a piece of work, shared by everything it calls."""

from __future__ import annotations

import threading
import time


class Deadline:
    """A time limit that can also be called off.

    Args:
        seconds: Time from now, or None for no limit.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._cancelled = threading.Event()

    @property
    def passed(self) -> bool:
        """Whether the time is up or the work was called off."""
        return self._cancelled.is_set() or self.remaining() <= 0

    def remaining(self, at_most: float = float("inf")) -> float:
        """Return the seconds left, never negative, cut to ``at_most``.

        Args:
            at_most: Seconds; more is never returned.
        """
        if self._cancelled.is_set():
            return 0.0
        left = float("inf") if self._end is None else self._end - time.monotonic()
        return max(0.0, min(left, at_most))

    def cancel(self) -> None:
        """Call the work off: sleepers wake and nothing new is sent."""
        self._cancelled.set()

    def sleep(self, seconds: float) -> bool:
        """Wait, but not past the deadline; return whether time is left afterwards.

        Args:
            seconds: How long to wait.
        """
        wait = self.remaining(at_most=seconds)
        self._cancelled.wait(wait)
        return wait >= seconds and not self.passed
