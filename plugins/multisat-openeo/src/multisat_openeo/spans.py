"""Periods as closed-open intervals, those of a baseline among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from multisat.engine.plan import Plan
from multisat.engine.series import Series, begin
from multisat.errors import UnsupportedOperation
from multisat.model import TimeRange
from multisat.model.periods import Period
from multisat.steps import Task

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Spans:
    """What looks are added up over. Empty if time steps are kept.

    Attributes:
        by_label: First day of a period, as text, to the instants of it that count, UTC.
    """

    by_label: dict[str, Interval]

    @classmethod
    def of(cls, task: Task, plan: Plan) -> Spans:
        """Return the periods of a plan, cut at the ends of the time ranges, outwards to whole days.

        Services label a day's looks by its midnight; ``hull`` holds the exact instants.

        Raises:
            UnsupportedOperation: Result and baseline cut the same period in different ways, or a day.
        """
        found: dict[str, Interval] = {}
        baseline = task.steps.compared.baseline if task.steps.compared else None
        for series, span in zip(plan.both, (task.request.time, baseline), strict=False):
            for label, one in _cut(series.periods, span):
                if baseline is not None and any(end != _midnight(end) for end in one):
                    raise UnsupportedOperation(f"an anomaly within a day, at {label}", provider="openeo")
                if found.setdefault(label, _days(one)) != _days(one):
                    raise UnsupportedOperation(
                        f"the baseline cuts the period that begins on {label}", provider="openeo"
                    )
        return cls(by_label=dict(sorted(found.items())))

    def __bool__(self) -> bool:
        return bool(self.by_label)

    @property
    def labels(self) -> list[str]:
        """First days, in order."""
        return list(self.by_label)

    @property
    def intervals(self) -> list[list[str]]:
        """Closed-open intervals, as text, in order of their labels."""
        return [[said(one) for one in pair] for pair in self.by_label.values()]


def whole(task: Task) -> Interval:
    """Return the time of a task's scenes, those of a baseline among them; open ends are whole days."""
    days = [scene.datetime for scene in (*task.scenes, *task.baseline)]
    spans = [task.request.time, task.steps.compared.baseline if task.steps.compared else None]
    starts = [one.start for one in spans if one is not None and one.start is not None]
    ends = [one.end for one in spans if one is not None and one.end is not None]
    start = min(starts) if _closed(task.request.time, "start") else _midnight(min(days))
    end = max(ends) if _closed(task.request.time, "end") else _midnight(max(days)) + timedelta(days=1)
    return start, end


def hull(task: Task) -> tuple[str, str]:
    """Return the same as text."""
    start, end = whole(task)
    return said(start), said(end)


def days(series: Series) -> list[str]:
    """Return the UTC day of each overpass, as text."""
    return [f"{begin(group):%Y-%m-%d}" for group in series.groups]


def said(instant: datetime) -> str:
    """Return an instant as RFC 3339 text, exact."""
    return f"{instant.astimezone(UTC).isoformat().removesuffix('+00:00')}Z"


def _cut(periods: Iterable[Period], span: TimeRange | None) -> Iterable[tuple[str, Interval]]:
    for one in periods:
        start = one.start if span is None or span.start is None else max(one.start, span.start)
        end = one.end if span is None or span.end is None else min(one.end, span.end)
        yield f"{one.label}", (start, end)


def _days(interval: Interval) -> Interval:
    """Return the whole days that hold an interval."""
    start, end = (_midnight(one) for one in interval)
    return start, end if end == interval[1] else end + timedelta(days=1)


def _closed(span: TimeRange | None, end: str) -> bool:
    return span is not None and getattr(span, end) is not None


def _midnight(instant: datetime) -> datetime:
    return datetime.combine(instant.astimezone(UTC).date(), time(), UTC)
