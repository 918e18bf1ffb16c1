"""Steps bound to scenes and a grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from multisat.model import AOIs, Grid, Request, Scene
from multisat.model.periods import Period, periods
from multisat.steps.steps import Steps


@dataclass(frozen=True, kw_only=True)
class Task:
    """All that decides what comes out: every engine given the same task gives the same numbers.

    Attributes:
        steps: What to compute.
        request: Where and when.
        scenes: What to read, in order of time.
        grid: Pixels of the result.
        baseline: Scenes of the anomaly's baseline, in order of time.
        areas: The features of zonal statistics; None is the area of the request.
    """

    steps: Steps
    request: Request
    scenes: tuple[Scene, ...]
    grid: Grid
    baseline: tuple[Scene, ...] = ()
    areas: AOIs | None = None

    @property
    def features(self) -> AOIs:
        """The areas of zonal statistics."""
        return self.areas if self.areas is not None else AOIs.of(self.request.aoi)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the result, in order; empty if time steps are kept."""
        if self.steps.composed is None:
            return ()
        first, last = _ends(self.scenes)
        return periods(self.steps.composed.period, self.request.time, first, last)


def _ends(scenes: tuple[Scene, ...]) -> tuple[datetime | None, datetime | None]:
    times = [scene.datetime for scene in scenes]
    return (min(times), max(times)) if times else (None, None)
