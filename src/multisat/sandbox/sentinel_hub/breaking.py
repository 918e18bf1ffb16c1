"""Parts of answers and of jobs that go wrong on purpose."""

from __future__ import annotations

import threading


class BrokenParts:
    """Intervals of statistics and features of batch jobs that fail. Safe to change while the server runs."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[str, int | None]] = {}
        self._lock = threading.Lock()

    def add(self, part: str, error: str = "EXECUTION_ERROR", times: int | None = None) -> None:
        """Let a part fail.

        Args:
            part: Start of an interval such as ``"2023-05-01T00:00:00Z"``, or the name of a feature.
            error: ``"BAD_REQUEST"``, ``"EXECUTION_ERROR"`` or ``"TIMEOUT"``.
            times: How often; None is for ever.
        """
        with self._lock:
            self._left[part] = (error, times)

    def clear(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self._left.clear()

    def error_of(self, part: str) -> str | None:
        """Return how a part fails, counted down, or None."""
        with self._lock:
            error, left = self._left.get(part, ("", 0))
            if left == 0:
                return None
            self._left[part] = (error, None if left is None else left - 1)
            return error
