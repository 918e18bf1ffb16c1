"""Pixels to cube: grid, warping, scaling, masks, overpasses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from multisat.cube.indices import ndvi
from multisat.cube.load import load
from multisat.cube.warnings import MultisatWarning
from multisat.reducing import reduce

__all__ = ["MultisatWarning", "load", "median", "ndvi"]


def median(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the median along time of shape (y, x), of values of shape (time, y, x) that are not NaN."""
    return reduce(values, "median")
