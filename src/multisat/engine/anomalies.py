"""How far periods are from the same ones of a baseline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from multisat.engine.looks import Floats
from multisat.reducing.blocks import by_rows
from multisat.steps.anomaly import Kind

Doubles = NDArray[np.float64]


def compared(
    values: Floats, baseline: Floats, slots: Sequence[int], like: Sequence[int], kind: Kind
) -> Floats:
    """Return each value against the values of the baseline that share its slot.

    Mean and population standard deviation are made in float64, in order of time, without NaN; the
    result is rounded once, and NaN where it is not finite.

    Args:
        values: Shape (time, y, x).
        baseline: Shape (time, y, x).
        slots: Number of the calendar period of each of the values.
        like: The same of the baseline.
        kind: See ``Anomaly``.
    """
    found = np.empty_like(values)

    def work(rows: slice) -> None:
        for slot in set(slots):
            same = [baseline[i, rows] for i, one in enumerate(like) if one == slot]
            mean, std = _moments(same, found[0, rows].shape)
            for number in (i for i, one in enumerate(slots) if one == slot):
                found[number, rows] = _against(values[number, rows], mean, std, kind)

    by_rows((len(values) + len(baseline), *values.shape[1:]), work)
    return found


def _moments(like: Sequence[Floats], shape: tuple[int, ...]) -> tuple[Doubles, Doubles]:
    """Return mean and standard deviation, NaN where there is no value."""
    count, total, square = (np.zeros(shape) for _ in range(3))
    with np.errstate(invalid="ignore"):
        for one in like:
            count += ~np.isnan(one)
            total += np.where(np.isnan(one), 0.0, one)
        mean = total / count
        for one in like:
            square += np.where(np.isnan(one), 0.0, np.square(one - mean))
        return mean, np.sqrt(square / count)


def _against(values: Floats, mean: Doubles, std: Doubles, kind: Kind) -> Doubles:
    with np.errstate(all="ignore"):
        found = values / mean if kind == "ratio" else values - mean
        found = found / std if kind == "standardised" else found
        finite = np.isfinite(found.astype(np.float32))
    return np.where(finite, found, np.nan)
