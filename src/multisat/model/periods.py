"""Spans of time that are reduced to one: calendar periods in UTC, half open."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from multisat.errors import TimeRangeError, UsageError
from multisat.model.timerange import TimeRange

if TYPE_CHECKING:
    from numpy.typing import NDArray

PeriodSpec = str | Sequence[Any] | None
"""How time is divided; see ``periods``."""

_MONTHS = {"month": (1, 0), "quarter": (3, 0), "season": (3, 1), "year": (12, 0)}
"""Unit to its length in months, and by how many months its first one of a year comes before January."""
_LONGEST = {"day": 1, "dekad": 11, "month": 31, "quarter": 92, "season": 92, "year": 366}
"""Unit to the days of its longest period, of which no period is shorter than half."""
_COUNT = re.compile(r"[1-9]\d{0,4}d", re.ASCII)
_INSTANT = timedelta(microseconds=1)
_HINT = (
    'use "day", "dekad", "month", "quarter", "season", "year", a number of days such as "16d", '
    "dates in order such as 2023-04-01, 2023-07-01, 2023-10-01, or None for one period"
)


@dataclass(frozen=True, kw_only=True)
class Period:
    """All instants from ``start`` up to but not including ``end``, UTC.

    Attributes:
        start: First instant.
        end: First instant after the period. Without a zone both are UTC.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        span = TimeRange(start=self.start, end=self.end)
        object.__setattr__(self, "start", span.start)
        object.__setattr__(self, "end", span.end)

    @property
    def label(self) -> date:
        """The day in which the period starts."""
        return self.start.date()


def check_spec(spec: PeriodSpec) -> None:
    """Check that time can be divided so; see ``periods``.

    Raises:
        UsageError: The spec is none of those that ``periods`` takes.
    """
    if isinstance(spec, list | tuple):
        _days(spec)
    elif spec is not None and not (isinstance(spec, str) and (spec in _LONGEST or _COUNT.fullmatch(spec))):
        raise UsageError(f"cannot divide time by {spec!r}", hint=_HINT)


def periods(
    spec: PeriodSpec,
    time_range: TimeRange | None,
    first: datetime | None = None,
    last: datetime | None = None,
) -> tuple[Period, ...]:
    """Divide a time range into periods, in order, without gap or overlap.

    Every period that shares an instant with the range is listed, whole: the season of January
    2023 is the one from 2022-12-01 to 2023-03-01. Only None is cut at the range: it is the range itself.

    Args:
        spec: ``"day"``, ``"dekad"`` (days 1 to 10, 11 to 20, and 21 to the end of the month),
            ``"month"``, ``"quarter"`` (from January, April, July, October), ``"season"`` (from December,
            March, June, September), ``"year"``, a number of days such as ``"16d"`` (counted from the
            first day of the range), the days at which periods begin and the last one ends (dates or
            text such as ``"2023-05-01"``), or None for one period.
        time_range: What to divide; None is open on both sides.
        first: Time of the first scene; an open beginning is taken as the start of its day. Without
            a zone it is UTC.
        last: Time of the last scene; an open end is taken as the end of its day.

    Raises:
        UsageError: The spec is none of these, its dates leave out a part of the range, or an open end
            has no scene.
    """
    check_spec(spec)
    start, end = _ends(time_range, first, last)
    if spec is None:
        return (Period(start=start, end=end),)
    edges = _edges(spec, start.date(), (end - _INSTANT).date())
    return tuple(Period(start=_at(one), end=_at(after)) for one, after in pairwise(edges))


def slot(period: Period, spec: PeriodSpec) -> int:
    """Return the number of a period in its year, which it shares with its like of other years.

    Args:
        period: One of ``periods(spec, ...)``.
        spec: ``"dekad"`` (1 to 36), ``"month"`` (1 to 12), ``"quarter"`` (1 to 4), ``"season"`` (1 to 4,
            from December) or ``"year"`` (1).

    Raises:
        UsageError: Such periods do not come again every year.
    """
    day = period.label
    if spec == "dekad":
        return 3 * (day.month - 1) + min((day.day - 1) // 10, 2) + 1
    if isinstance(spec, str) and spec in _MONTHS:
        length, before = _MONTHS[spec]
        return (day.month - 1 + before) % 12 // length + 1
    raise UsageError(
        f"periods of {spec!r} do not come again every year",
        hint="compare years by dekad, month, quarter, season or year",
    )


def index_of(
    datetimes: Sequence[datetime] | NDArray[np.datetime64], among: Sequence[Period]
) -> NDArray[np.intp]:
    """Return the position of the period in which each instant lies; -1 where it lies in none.

    Args:
        datetimes: Instants, in any order; without a zone they are UTC.
        among: Periods in order, as ``periods`` gives them.
    """
    when = _microseconds(datetimes)
    starts, ends = _microseconds([one.start for one in among]), _microseconds([one.end for one in among])
    found = np.searchsorted(starts, when, side="right") - 1
    begun = found >= 0
    found[begun] = np.where(when[begun] < ends[found[begun]], found[begun], -1)
    return found


def _microseconds(instants: Sequence[datetime] | NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    if isinstance(instants, np.ndarray):
        return instants.astype("datetime64[us]")
    return np.array([_utc(one).replace(tzinfo=None) for one in instants], dtype="datetime64[us]")


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _ends(
    time_range: TimeRange | None, first: datetime | None, last: datetime | None
) -> tuple[datetime, datetime]:
    """Return the first instant of the range and the first after it; open ends are whole days of scenes."""
    start = None if time_range is None else time_range.start
    end = None if time_range is None else time_range.end
    if start is None and first is not None:
        start = _midnight(first)
    if end is None and last is not None:
        end = _midnight(last) + timedelta(days=1)
    if start is None or end is None:
        raise TimeRangeError(
            f"no scene says where the time range {time_range or '../..'} begins or ends",
            hint="give it both ends",
        )
    return start, end


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _midnight(instant: datetime) -> datetime:
    return _utc(instant).replace(hour=0, minute=0, second=0, microsecond=0)


def _edges(spec: str | Sequence[Any], first: date, last: date) -> list[date]:
    """Return the first days of the periods that hold any day from first to last, and the day after them."""
    if not isinstance(spec, str):
        return _touched(_days(spec), first, last)
    try:
        return _named(spec, first, last) if spec in _LONGEST else _counted(int(spec[:-1]), first, last)
    except (ValueError, OverflowError):
        raise TimeRangeError(
            f"{spec} periods from {first} to {last} go beyond the years 1 to 9999",
            hint="use a shorter time range",
        ) from None


def _counted(days: int, first: date, last: date) -> list[date]:
    count = (last - first).days // days + 1
    return [first + timedelta(days=days * number) for number in range(count + 1)]


def _named(unit: str, first: date, last: date) -> list[date]:
    edges = [_first_day(unit, first)]
    while edges[-1] <= last:
        # A day of the next period, because none is shorter than half of the longest.
        edges.append(_first_day(unit, edges[-1] + timedelta(days=_LONGEST[unit])))
    return edges


def _first_day(unit: str, day: date) -> date:
    """Return the first day of the calendar period that holds a day."""
    if unit == "day":
        return day
    if unit == "dekad":
        return day.replace(day=10 * min((day.day - 1) // 10, 2) + 1)
    length, before = _MONTHS[unit]
    months = 12 * day.year + day.month - 1 + before
    year, month = divmod(months // length * length - before, 12)
    return date(year, month + 1, 1)


def _touched(edges: list[date], first: date, last: date) -> list[date]:
    if edges[0] > first or edges[-1] <= last:
        raise UsageError(
            f"periods from {edges[0]} until before {edges[-1]} leave out a part of {first} to {last}",
            hint="add dates, or use a shorter time range",
        )
    return edges[bisect_right(edges, first) - 1 : bisect_right(edges, last) + 1]


def _days(given: Sequence[Any]) -> list[date]:
    days = [_day(one) for one in given]
    if len(days) < 2 or any(one >= after for one, after in pairwise(days)):  # noqa: PLR2004 - two ends
        said = ", ".join(map(str, days)) or "no dates"
        raise UsageError(f"cannot divide time by {said}: give two or more, in order", hint=_HINT)
    return days


def _day(given: object) -> date:
    try:
        start = TimeRange.of((given, None)).start
    except TimeRangeError:
        start = None
    if start is None or start != _midnight(start):
        raise UsageError(f"cannot begin a period at {given!r}", hint='write a day like "2023-05-01"')
    return start.date()
