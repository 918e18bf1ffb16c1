"""Work on blocks of rows, side by side; and what all reducers take."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from multisat.errors import UsageError

Floats = NDArray[np.float32]
BLOCK = 2**21
"""Numbers that one thread works through at a time."""


def by_rows(shape: tuple[int, ...], work: Callable[[slice], None], *, block: int = BLOCK) -> None:
    """Call ``work`` with slices of rows until all rows are done, on all cores.

    What is done to a pixel must depend on that pixel alone; then any blocks give the same result.

    Args:
        shape: (time, y, x).
        work: Called with rows; calls run side by side.
        block: Numbers of one call; of one row, if that has more.
    """
    steps, height, width = shape
    rows = max(1, block // max(1, steps * width))
    slices = [slice(first, first + rows) for first in range(0, height, rows)]
    if len(slices) <= 1:
        for only in slices:
            work(only)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(work, slices))


def looks(values: Floats) -> Floats:
    """Return what it is given.

    Args:
        values: float32 of shape (time, y, x), NaN where there is no data.

    Raises:
        UsageError: It has another type or shape.
    """
    if values.ndim != 3 or values.dtype != np.float32:  # noqa: PLR2004 - time, y, x
        raise UsageError(
            f"cannot reduce {values.dtype} of shape {values.shape} along time",
            hint="give float32 of shape (time, y, x), NaN where there is no data",
        )
    return values
