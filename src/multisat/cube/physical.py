"""From stored numbers to physical ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SHORT = 2
"""Bytes of a number of which all values fit a table."""


def physical(
    values: NDArray[np.generic], valid: NDArray[np.bool_], scale: float, offset: float
) -> NDArray[np.float32]:
    """Return ``values * scale + offset``, computed in double precision, kept in single; NaN where not valid.

    Args:
        values: Stored numbers, shape (y, x).
        valid: Where they were measured.
        scale: Factor, applied first.
        offset: Added after it.
    """
    found = _scaled(values, scale, offset)
    found[~valid] = np.nan
    return found


def _scaled(values: NDArray[np.generic], scale: float, offset: float) -> NDArray[np.float32]:
    if values.dtype.kind in "ui" and values.dtype.itemsize <= _SHORT:
        codes = values.view(f"u{values.dtype.itemsize}")
        found: NDArray[np.float32] = _table(values.dtype.str, scale, offset).take(codes)
        return found
    if (scale, offset) == (1.0, 0.0):
        return values.astype(np.float32)
    return (values.astype(np.float64) * scale + offset).astype(np.float32)


@lru_cache(maxsize=128)
def _table(dtype: str, scale: float, offset: float) -> NDArray[np.float32]:
    """Return the physical value of each number a type can hold, in order of its bits."""
    kind = np.dtype(dtype)
    codes = np.arange(2 ** (8 * kind.itemsize), dtype=f"u{kind.itemsize}").view(kind)
    return (codes.astype(np.float64) * scale + offset).astype(np.float32)
