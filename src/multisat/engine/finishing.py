"""What comes after the composite: filling and smoothing, the anomaly, the clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from multisat.cube.block import Block
from multisat.cube.inside import inside
from multisat.engine.anomalies import compared
from multisat.engine.composing import Arrays
from multisat.engine.looks import Floats
from multisat.engine.plan import Plan
from multisat.engine.series import Series, begin
from multisat.reducing import interpolate, whittaker
from multisat.steps import Smooth

_DAY = np.timedelta64(1, "D")
_OUTSIDE = {"count": 0, "mask": 1}
"""What a layer is outside of the area; variables are NaN there."""


def finished(plan: Plan, block: Block, found: Arrays, baseline: Arrays | None = None) -> Arrays:
    """Return what the recipe makes of the periods or time steps of a block.

    Args:
        plan: What is computed.
        block: Where.
        found: Layers of shape (time, y, x).
        baseline: The same of the baseline, or None.
    """
    steps, made = plan.steps, dict(found)
    for name in steps.variables:
        if steps.smoothed is not None:
            made[name] = _smooth(made[name], steps.smoothed, plan.series)
        if steps.compared is not None and baseline is not None:
            made[name] = compared(made[name], baseline[name], *plan.slots, steps.compared.kind)
    if plan.area is not None:
        _blank(made, ~inside(plan.area, block))
    return made


def _smooth(values: Floats, how: Smooth, series: Series) -> Floats:
    if how.method == "whittaker" and how.smoothness is not None:
        return whittaker(values, smoothness=how.smoothness)
    return interpolate(values, days(series), limit=how.limit)


def days(series: Series) -> NDArray[np.float64]:
    """Return the time of each period or time step in days from the first."""
    when = [one.start for one in series.periods] or [begin(group) for group in series.groups]
    at = np.array([one.replace(tzinfo=None) for one in when], dtype="datetime64[us]")
    found: NDArray[np.float64] = (at - at[0]) / _DAY
    return found


def _blank(made: Arrays, outside: NDArray[np.bool_]) -> None:
    for name, values in made.items():
        values[:, outside] = _OUTSIDE.get(name, np.nan)
