"""Periods as the regular intervals of a batch statistical job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from multisat.model.periods import Period

_MONTHS = (1, 3, 12)
_YEAR = 12


def regular(periods: Sequence[Period]) -> str | None:
    """Return the ISO 8601 duration of periods, or None if they are not regular, or none.

    They are if they follow each other and have equal days or whole calendar months; the last may be shorter.
    """
    if not periods or any(one.end != following.start for one, following in pairwise(periods)):
        return None
    length = periods[0].end - periods[0].start
    *whole, last = (one.end - one.start for one in periods)
    if all(one == length for one in whole) and last <= length:
        return f"P{length.days}D"
    return next((f"P{step}M" for step in _MONTHS if _calendar(periods, step)), None)


def _calendar(periods: Sequence[Period], step: int) -> bool:
    first = _month(periods[0].start)
    starts = (one.start.astimezone(UTC) for one in periods)
    return _month(periods[-1].end) <= first + step * len(periods) and all(
        start.day == 1 and _month(start) == first + step * k for k, start in enumerate(starts)
    )


def _month(when: datetime) -> int:
    utc = when.astimezone(UTC)
    return _YEAR * utc.year + utc.month
