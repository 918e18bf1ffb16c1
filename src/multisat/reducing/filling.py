"""Numbers between looks, along a straight line in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from multisat.errors import UsageError
from multisat.reducing.blocks import BLOCK, Floats, by_rows, looks

if TYPE_CHECKING:
    from numpy.typing import NDArray


def interpolate(
    values: Floats, days: Sequence[float] | NDArray[np.floating], *, limit: float | None = None
) -> Floats:
    """Fill NaN between two values of a pixel along the line between them, in float64.

    Nothing is filled before the first value of a pixel or after its last.

    Args:
        values: float32 of shape (time, y, x), NaN where there is no data; left as it is.
        days: Time of each step in days from any origin, ascending.
        limit: Days between the two values of the longest gap that is filled; None fills all.

    Returns:
        Shape of ``values``.

    Raises:
        UsageError: The values or days are none of these, or the limit is negative.
    """
    when = np.asarray(days, dtype=np.float64)
    if when.shape != looks(values).shape[:1] or not np.isfinite(when).all() or (np.diff(when) < 0).any():
        raise UsageError(f"{len(values)} time steps, {when.size} days", hint="give one each, ascending")
    if limit is not None and not limit >= 0:
        raise UsageError(f"limit is {limit!r}", hint="give a positive number of days")
    found = values.copy()

    def work(rows: slice) -> None:
        _fill(found[:, rows], when, math.inf if limit is None else limit)

    by_rows(values.shape, work, block=BLOCK // 4)
    return found


def _fill(block: Floats, days: NDArray[np.float64], limit: float) -> None:
    """Fill a block in place."""
    missing, steps = np.isnan(block), len(block)
    number = np.arange(steps, dtype=np.int32)[:, np.newaxis, np.newaxis]
    before = np.maximum.accumulate(np.where(missing, np.int32(-1), number), axis=0)
    after = np.minimum.accumulate(np.where(missing, np.int32(steps), number)[::-1], axis=0)[::-1]
    at, y, x = np.nonzero(missing & (before >= 0) & (after < steps))
    before, after = before[at, y, x], after[at, y, x]
    gap = days[after] - days[before]
    share = (days[at] - days[before]) / np.where(gap > 0, gap, 1.0)
    filled = block[before, y, x] * (1 - share) + block[after, y, x] * share
    short = gap <= limit
    block[at[short], y[short], x[short]] = filled[short]
