"""Reducing a cube along time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

_PIXELS = 2**21
"""Numbers sorted at a time."""


def median(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the median over the first axis without NaN; of an even count the mean of the middle two.

    Sorting once puts NaN last, which is several times faster than a NaN-aware median.

    Args:
        values: Shape (time, y, x); left as it is.

    Returns:
        Shape (y, x); NaN where every step is NaN.
    """
    steps, height, width = values.shape
    found = np.empty((height, width), dtype=values.dtype)
    rows = max(1, _PIXELS // max(1, steps * width))

    def reduce(first: int) -> None:
        found[first : first + rows] = _median(values[:, first : first + rows])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(reduce, range(0, height, rows)))
    return found


def _median(values: NDArray[np.floating]) -> NDArray[np.floating]:
    ordered = np.sort(values, axis=0)
    count = np.count_nonzero(~np.isnan(ordered), axis=0)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(values) - 1)
    lower = np.take_along_axis(ordered, low[np.newaxis], 0)[0]
    upper = np.take_along_axis(ordered, high[np.newaxis], 0)[0]
    middle: NDArray[np.floating] = lower + (upper - lower) / 2
    return middle
