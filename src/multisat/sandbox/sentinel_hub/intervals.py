"""Splitting a time range into the intervals of a statistical request."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from multisat.sandbox.matching import instant
from multisat.sandbox.sentinel_hub.refusing import Refused

SKIP, SHORTEN, EXTEND = "SKIP", "SHORTEN", "EXTEND"
_DAYS = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$")
_HOURS = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")
_MOST = 1500


@dataclass(frozen=True, kw_only=True)
class Interval:
    """One interval.

    Attributes:
        start: UTC, inclusive.
        end: UTC, exclusive.
    """

    start: datetime
    end: datetime

    @property
    def last(self) -> datetime:
        """The last instant that counts."""
        return self.end - timedelta(microseconds=1)

    def described(self) -> dict[str, str]:
        """Return it as an answer has it."""
        return {"from": _text(self.start), "to": _text(self.end)}


def intervals(start: str, end: str, of: str, last: str = SKIP) -> list[Interval]:
    """Return the intervals of a time range, one after the other.

    Args:
        start: When it begins, RFC 3339.
        end: When it ends; what is left beyond the last whole interval is dealt with by ``last``.
        of: ISO 8601 duration of at least a day, of date or of time parts.
        last: ``"SKIP"`` leaves the rest out, ``"SHORTEN"`` makes the last interval shorter, ``"EXTEND"``
            lets it go beyond the end.

    Raises:
        Refused: The duration is not understood or shorter than a day, or the range is empty.
    """
    begin, finish, step = instant(start), instant(end), _step(of)
    if begin >= finish:
        raise Refused("Invalid request: aggregation.timeRange.from must be before to.")
    if step.after(begin, 1) < begin + timedelta(days=1):
        raise Refused(f"Invalid request: aggregationInterval {of} is shorter than a day.")
    found = list(_cut(begin, finish, step, last))
    if len(found) > _MOST:
        raise Refused(f"Invalid request: {len(found)} intervals are too many.")
    return found


def _cut(begin: datetime, finish: datetime, step: _Step, last: str) -> Iterator[Interval]:
    number, start = 0, begin
    while start < finish:
        number += 1
        end = step.after(begin, number)
        if end <= finish or last == EXTEND:
            yield Interval(start=start, end=end)
        elif last == SHORTEN:
            yield Interval(start=start, end=finish)
        start = end


@dataclass(frozen=True, kw_only=True)
class _Step:
    months: int
    rest: timedelta

    def after(self, begin: datetime, number: int) -> datetime:
        """Return the end of so many steps; a day that a month has not becomes its last."""
        years, month = divmod(begin.month - 1 + self.months * number, 12)
        year = begin.year + years
        day = min(begin.day, calendar.monthrange(year, month + 1)[1])
        return begin.replace(year=year, month=month + 1, day=day) + self.rest * number


def _step(of: str) -> _Step:
    days, hours = _DAYS.match(of), _HOURS.match(of)
    found = days or hours
    if not found or not any(found.groups()):
        raise Refused(f"Invalid request: aggregationInterval {of} is not a duration.")
    numbers = [int(part or 0) for part in found.groups()]
    if not days:
        return _Step(months=0, rest=timedelta(hours=numbers[0], minutes=numbers[1], seconds=numbers[2]))
    years, months, weeks, rest = numbers
    return _Step(months=12 * years + months, rest=timedelta(days=7 * weeks + rest))


def _text(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
