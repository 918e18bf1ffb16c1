"""Periods of time, by the standard library's dates. All times are UTC."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

FIRST_MONTHS = {
    "month": range(1, 13),
    "quarter": (1, 4, 7, 10),
    "season": (3, 6, 9, 12),
    "year": (1,),
}


def periods(spec, start, end):
    """Return (first instant, first instant after) of every period that touches [start, end)."""
    if spec is None:
        return [(start, end)]
    if not isinstance(spec, str):
        edges = [day(*(int(part) for part in one.split("-"))) for one in spec]
        return [pair for pair in pairwise(edges) if pair[0] < end and pair[1] > start]
    midnight = day(start.year, start.month, start.day)
    if spec not in FIRST_MONTHS and spec not in ("day", "dekad"):
        step = timedelta(days=int(spec.removesuffix("d")))
        edges = [midnight]
        while edges[-1] < end:
            edges.append(edges[-1] + step)
        return list(pairwise(edges))
    firsts = [d for d in days(start, end) if begins(spec, d)]
    edges = [d for d in firsts if d <= midnight][-1:] + [d for d in firsts if midnight < d]
    inside = [d for d in edges if d < end]
    return list(zip(inside, [*inside[1:], next(d for d in firsts if d >= end)], strict=True))


def day(year, month, number):
    """Return the first instant of a day."""
    return datetime(year, month, number, tzinfo=UTC)


def days(start, end):
    """Return every day from more than a year before to more than a year after."""
    first = day(start.year - 2, 1, 1)
    last = day(end.year + 2, 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days)]


def begins(spec, when):
    """Whether a period begins with this day."""
    if spec == "day":
        return True
    if spec == "dekad":
        return when.day in (1, 11, 21)
    return when.day == 1 and when.month in FIRST_MONTHS[spec]


def slot(spec, label):
    """Return what a period has in common with its like of other years, by its first day."""
    return "year" if spec == "year" else (label.month, label.day)
