"""A span of time: UTC and half open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from multisat.errors import TimeRangeError

_HINT = 'write it like "2023", "2023-05", "2023-05/2023-09" or "2023-05-01/.."'
_OPEN = {"", "..", None}
_DATE = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_INSTANT = re.compile(r"^\s*\d{4}-?\w{2,3}-?\w{1,2}[T ]\d", re.IGNORECASE | re.ASCII)
_TWO_DATES = re.compile(r"^\s*\d{4}(-\d{1,2}){0,2}\s*[^\d\s/]+\s*\d{4}(-\d{1,2}){0,2}\s*$", re.ASCII)
"""Two dates joined by a word or sign that is no slash."""
_WEEK = re.compile(r"^\d{4}-?W\d{2}$")
_QUARTER = re.compile(r"^(\d{4})-?Q([1-4])$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class TimeRange:
    """All instants from ``start`` up to but not including ``end``, UTC.

    Attributes:
        start: First instant, UTC, or None for an open beginning.
        end: First instant after the range, UTC, or None for an open end. Without a zone they are UTC.

    Raises:
        TimeRangeError: It is open on both sides, empty, or starts after it ends.
    """

    start: datetime | None
    end: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", None if self.start is None else _aware(self.start))
        object.__setattr__(self, "end", None if self.end is None else _aware(self.end))
        if self.start is None and self.end is None:
            raise TimeRangeError("the time range is open on both sides", hint="leave it out for any time")
        if self.start is not None and self.end is not None and self.start >= self.end:
            word = "is empty: it starts when it ends" if self.start == self.end else "starts after it ends"
            raise TimeRangeError(f"the time range {word} ({self.start:%Y-%m-%dT%H:%M:%SZ})", hint=_HINT)

    @classmethod
    def of(cls, value: object) -> TimeRange:
        """Make a time range from what a user writes.

        Args:
            value: ``"2023"``, ``"2023-05"``, ``"2023-Q2"``, ``"2023-W20"``, ``"2023-05-17"``, two of
                them (or ``..``) joined by a slash, timestamps, date or datetime objects, or a pair. A
                year, month, week or day as an end is included whole; a timestamp as an end is not.
                Times without a zone are UTC.

        Raises:
            TimeRangeError: It is no time range; the message says why.
        """
        if isinstance(value, TimeRange):
            return value
        first, last = (_plain(end) for end in _ends(_plain(value)))
        try:
            return cls(start=_span(first)[0], end=_span(last)[1])
        except OverflowError:
            raise TimeRangeError(f"{value} is beyond the years 1 to 9999", hint=_HINT) from None

    def contains(self, instant: datetime) -> bool:
        """Whether an instant lies in the range; without a zone it is UTC.

        Args:
            instant: A time; without a zone it is UTC.
        """
        when = _aware(instant)
        return (self.start is None or when >= self.start) and (self.end is None or when < self.end)

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether a span that includes both its ends shares an instant with the range.

        Args:
            start: First instant of the span, UTC if it has no zone.
            end: Last instant of the span, included, UTC if it has no zone.
        """
        first, last = _aware(start), _aware(end)
        return (self.end is None or first < self.end) and (self.start is None or last >= self.start)

    def stac(self) -> str:
        """Return the RFC 3339 interval for a STAC search, which includes its end."""
        return f"{_rfc3339(self.start)}/{_rfc3339(self.end)}"

    def __str__(self) -> str:
        """Return exact timestamps, which ``TimeRange.of`` reads back."""
        return self.stac()

    def __repr__(self) -> str:
        return f"TimeRange({self.stac()})"


def _ends(value: object) -> tuple[Any, Any]:
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004 - a pair
        return value[0], value[1]
    if isinstance(value, str):
        if value.count("/") == 1:
            first, last = (part.strip() for part in value.split("/"))
            return first, last
        if re.search(r"\s(to|-|until|bis)\s", value) or _TWO_DATES.match(value):
            raise TimeRangeError(f"cannot read the time range {value!r}", hint='join its ends with "/"')
    if _is_instant(value):
        raise TimeRangeError(f"{value} is one instant, not a range", hint=_HINT)
    return value, value


def _is_instant(value: object) -> bool:
    return isinstance(value, datetime) or (isinstance(value, str) and bool(_INSTANT.match(value)))


def _span(value: Any) -> tuple[datetime | None, datetime | None]:  # noqa: ANN401 - a user's value
    """Return the first instant of one end, and the first after it."""
    if value is None or (isinstance(value, str) and value.strip() in _OPEN):
        return None, None
    if isinstance(value, datetime):
        return value, value
    if isinstance(value, date):
        start = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return start, _later(start, "day")
    if isinstance(value, str):
        return _text_span(value.strip())
    raise TimeRangeError(f"cannot read a time from {type(value).__name__}", hint=_HINT)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a user's value
    """Turn pandas and NumPy times into standard ones without importing either."""
    kind = type(value).__name__
    if kind == "NaTType":
        raise TimeRangeError("NaT is no time", hint="leave out what has none")
    if kind == "Timestamp" and hasattr(value, "to_pydatetime"):
        return value.to_pydatetime(warn=False)
    if kind == "datetime64":
        return str(value if value.dtype.str[4:-1] in {"Y", "M", "D"} else value.astype("datetime64[us]"))
    return value


def _aware(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _text_span(text: str) -> tuple[datetime, datetime]:
    quarter = _QUARTER.match(text)
    try:
        if quarter:
            year, number = int(quarter[1]), int(quarter[2])
            start = datetime(year, 3 * number - 2, 1, tzinfo=UTC)
            return start, _later(start.replace(month=3 * number), "month")
        found = _DATE.match(text)
        if found:
            return _calendar_span(*(int(part) for part in found.groups() if part))
        if _INSTANT.match(text):
            instant = datetime.fromisoformat(text)
            return instant, instant
        start = datetime.combine(date.fromisoformat(text), time(), UTC)
        return start, start + timedelta(days=7 if _WEEK.match(text) else 1)
    except (ValueError, OverflowError) as error:
        raise TimeRangeError(f"cannot read the time {text!r}: {error}", hint=_HINT) from None


def _calendar_span(year: int, month: int | None = None, day: int | None = None) -> tuple[datetime, datetime]:
    start = datetime(year, 1 if month is None else month, 1 if day is None else day, tzinfo=UTC)
    return start, _later(start, "year" if month is None else "month" if day is None else "day")


def _later(start: datetime, unit: str) -> datetime:
    if unit == "day":
        return start + timedelta(days=1)
    if unit == "month" and start.month < 12:  # noqa: PLR2004 - months
        return start.replace(month=start.month + 1)
    return start.replace(year=start.year + 1, month=1)


def _rfc3339(instant: datetime | None) -> str:
    return ".." if instant is None else instant.isoformat().replace("+00:00", "Z")
