"""The parts of time that are computed on their own, so that new dates need no old ones."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from multisat.engine.plan import Plan
from multisat.engine.series import begin
from multisat.model import Scene
from multisat.model.periods import Period

Groups = tuple[tuple[Scene, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Span:
    """A part of time.

    Attributes:
        names: Of its time steps, one each, as parts of file names.
        groups: Its overpasses, oldest first.
        periods: Its periods; empty if it is one overpass.
    """

    names: tuple[str, ...]
    groups: Groups
    periods: tuple[Period, ...]

    @cached_property
    def uids(self) -> tuple[frozenset[tuple[str, str, str]], ...]:
        """The scenes of each overpass, by uid."""
        return tuple(frozenset(scene.uid for scene in group) for group in self.groups)


def spans(plan: Plan) -> tuple[Span, ...]:
    """Return the spans of a plan, in order.

    A period stands alone unless it is smoothed, filled or compared with others; then all are one span.
    """
    series, steps = plan.series, plan.steps
    if not series.periods:
        return tuple(
            Span(names=(name,), groups=(group,), periods=())
            for name, group in zip(_overpasses(series.groups), series.groups, strict=True)
        )
    names = [f"{one.start:%Y%m%d}" for one in series.periods]
    if steps.smoothed is not None or steps.compared is not None:
        return (Span(names=tuple(names), groups=series.groups, periods=series.periods),)
    return tuple(
        Span(names=(name,), groups=series.groups[run.start : run.stop], periods=(period,))
        for name, period, run in zip(names, series.periods, series.runs, strict=True)
    )


def _overpasses(groups: Groups) -> list[str]:
    """Return a name for each overpass: its time, and what tells it from others of that second."""
    times = [f"{begin(group):%Y%m%dT%H%M%S}" for group in groups]
    often = Counter(times)
    return [
        time if often[time] == 1 else f"{time}-{_short(group)}"
        for time, group in zip(times, groups, strict=True)
    ]


def _short(group: tuple[Scene, ...]) -> str:
    return hashlib.sha256(repr([scene.uid for scene in group]).encode()).hexdigest()[:8]
