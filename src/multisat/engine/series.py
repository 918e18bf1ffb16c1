"""Time steps in order, and the periods they are reduced to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

import numpy as np

from multisat.cube.overpasses import overpasses
from multisat.model import Scene, TimeRange
from multisat.model.periods import Period, index_of


@dataclass(frozen=True, kw_only=True)
class Series:
    """Time steps in order, and the periods they are reduced to.

    Attributes:
        groups: The scenes of each time step, oldest first.
        periods: In order, without overlap; empty if time steps are kept.
    """

    groups: tuple[tuple[Scene, ...], ...]
    periods: tuple[Period, ...] = ()

    @classmethod
    def of(cls, scenes: Sequence[Scene], time: TimeRange | None, periods: Sequence[Period]) -> Series:
        """Make a series of the overpasses that begin in a time range and, if there are any, in a period."""
        groups = [tuple(group) for group in overpasses(scenes)]
        groups = [group for group in groups if time is None or time.contains(begin(group))]
        if periods:
            at = index_of([begin(group) for group in groups], periods)
            groups = [group for group, index in zip(groups, at, strict=True) if index >= 0]
        return cls(groups=tuple(groups), periods=tuple(periods))

    @cached_property
    def runs(self) -> tuple[range, ...]:
        """The time steps of each period, by position; all of them in one if they are kept."""
        if not self.periods:
            return (range(len(self.groups)),)
        at = index_of([begin(group) for group in self.groups], self.periods)
        firsts = np.searchsorted(at, np.arange(len(self.periods) + 1))
        return tuple(range(first, last) for first, last in pairwise(firsts.tolist()))

    @property
    def length(self) -> int:
        """Periods, or the time steps that are kept."""
        return len(self.periods) or len(self.groups)

    @property
    def most(self) -> int:
        """Time steps of the period that has most of them."""
        return max(map(len, self.runs))

    def batches(self, most: int) -> list[range]:
        """Return periods, by position, in batches of at most so many time steps or of one period."""
        found = [range(1)]
        for number in range(1, len(self.runs)):
            first = found[-1].start
            if self.runs[number].stop - self.runs[first].start <= most:
                found[-1] = range(first, number + 1)
            else:
                found.append(range(number, number + 1))
        return found


def begin(group: Sequence[Scene]) -> datetime:
    """Return the time of a time step: that of its first scene, UTC."""
    return min(scene.datetime for scene in group)
