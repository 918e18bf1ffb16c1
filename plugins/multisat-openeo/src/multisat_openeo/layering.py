"""Slices of an answer as the layers of a result: each at its period or overpass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from multisat.cube.warnings import tell
from multisat.engine.composing import Arrays
from multisat.engine.plan import Plan
from multisat.engine.series import Series, begin
from multisat.model.periods import index_of
from multisat_openeo.answers import Slice

_EMPTY = {"mask": (np.uint8, 1), "count": (np.uint16, 0)}
"""Type of a layer that is no variable, and what it is where the service says nothing."""


def layers(plan: Plan, series: Series, found: Sequence[Slice]) -> Arrays:
    """Return the variables of a series with ``count`` or ``mask``.

    Labels of the service may be any instant within a period, or on the day of an overpass.

    Args:
        plan: What was computed.
        series: The series or its baseline.
        found: What came back.
    """
    at = places(series, found)
    steps = plan.steps
    names = [*steps.variables, *(["count"] if series.periods else ["mask"] if steps.masked else [])]
    made = {name: _layer(plan, series, name, found, at) for name in names}
    absent = series.length - len(set(at) - {-1})
    if absent and not series.periods:
        tell(f"openeo gave nothing for {absent} of {series.length} overpasses; they are empty")
    return made


def places(series: Series, found: Sequence[Slice]) -> list[int]:
    """Return the period or overpass of each slice, by position; -1 for none."""
    if all(one.time is None for one in found) and len(found) == series.length == 1:
        return [0]
    times = [_instant(one.time) for one in found]
    if series.periods:
        first = {one.label: number for number, one in enumerate(series.periods)}
        within = [-1 if t is None else int(index_of([t], series.periods)[0]) for t in times]
        return [at if t is None else first.get(t.date(), at) for t, at in zip(times, within, strict=True)]
    days = {begin(group).date(): number for number, group in enumerate(series.groups)}
    return [-1 if t is None else days.get(t.date(), -1) for t in times]


def _layer(
    plan: Plan, series: Series, name: str, found: Sequence[Slice], at: Sequence[int]
) -> NDArray[np.generic]:
    counts = plan.steps.composed is not None and plan.steps.composed.reducer == "count"
    dtype, empty = _EMPTY.get(name, (np.float32, 0.0 if counts else np.nan))
    made: NDArray[np.generic] = np.full((series.length, *plan.whole.shape), empty, dtype)
    for one, place in zip(found, at, strict=True):
        if place >= 0:
            values = np.where(np.isnan(one.layers[name]), empty, one.layers[name])
            made[place] = (values != 0) if name == "mask" else values
    return made


def _instant(time: np.datetime64 | None) -> datetime | None:
    if time is None or np.isnat(time):
        return None
    found: datetime = time.astype("datetime64[us]").astype(datetime)
    return found.replace(tzinfo=UTC)
