"""Counting files and bytes while many threads work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from multisat.downloads.outcome import Progress
from multisat.downloads.plan import Job


class Gauge:
    """Bytes of one file; one thread writes, others may read.

    Args:
        total: Bytes the file has, or None if that is not known yet.
    """

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.have = 0
        self.received = 0

    def expect(self, total: int | None, *, have: int) -> None:
        """Note the size of the file and the bytes that are there."""
        self.total = self.total if total is None else total
        self.have = have

    def add(self, count: int) -> None:
        """Note bytes that came."""
        self.have += count
        self.received += count

    def end(self) -> None:
        """Note that no more come."""
        self.total = self.have


class Meter:
    """All gauges of a download.

    Args:
        jobs: The files.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.gauges = [Gauge(job.size) for job in jobs]
        self._scenes = [job.path.parent for job in jobs]
        self._left = Counter(self._scenes)
        self._done = 0

    def ended(self, index: int) -> None:
        """Note that a file has ended, well or not."""
        self.gauges[index].end()
        self._left[self._scenes[index]] -= 1
        self._done += 1

    def progress(self) -> Progress:
        """Return how far all are."""
        totals = [gauge.total for gauge in self.gauges]
        known = [total for total in totals if total is not None]
        return Progress(
            done=self._done,
            total=len(self.gauges),
            scenes_done=sum(not left for left in self._left.values()),
            scenes_total=len(self._left),
            bytes=sum(gauge.have for gauge in self.gauges),
            bytes_total=sum(known) if len(known) == len(totals) else None,
        )
