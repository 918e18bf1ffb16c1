"""No more requests than a back-end allows, however many threads ask."""

from __future__ import annotations

import threading
import time
from collections import deque

from multisat.contracts import Deadline

_MINUTE = 60.0


class Limiter:
    """Lets so many through in any minute; the others wait for their turn.

    Args:
        a_minute: How many.
    """

    def __init__(self, a_minute: int) -> None:
        self._most = a_minute
        self._lock = threading.Lock()
        self._past: deque[float] = deque()

    def wait(self, deadline: Deadline) -> bool:
        """Wait for a turn; return whether there is one before the deadline."""
        while (left := self._left()) > 0:
            if left > deadline.remaining() or not deadline.sleep(left):
                return False
        return True

    def _left(self) -> float:
        """Return 0 and take a turn, or the seconds until there may be one."""
        with self._lock:
            now = time.monotonic()
            while self._past and now - self._past[0] >= _MINUTE:
                self._past.popleft()
            if len(self._past) < self._most:
                self._past.append(now)
                return 0.0
            return _MINUTE - (now - self._past[0])
