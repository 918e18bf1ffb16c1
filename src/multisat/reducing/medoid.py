"""The look that is nearest to all other looks (Flood 2013, doi:10.3390/rs5126481)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from multisat.reducing.blocks import Floats

Doubles = NDArray[np.float64]

_PIXELS = 4096
"""Worked through at a time: what is made for them stays near the processor."""


def medoid(variables: Sequence[Floats]) -> NDArray[np.int32]:
    """Return the step with the least sum of Euclidean distances to all other candidates.

    Candidates are the steps at which every variable is finite. Distances and sums are float64; sums
    are made in order of time. Of equal sums the earliest step wins.

    Args:
        variables: float32 of shape (time, y, x) each.

    Returns:
        Position in time of shape (y, x), -1 where there is no candidate.
    """
    steps, height, width = variables[0].shape
    flat = [np.reshape(one, (steps, height * width)) for one in variables]
    found = np.full(height * width, -1, dtype=np.int32)
    for first in range(0, found.size if steps else 0, _PIXELS):
        part = slice(first, first + _PIXELS)
        found[part] = _medoid(np.stack([one[:, part] for one in flat]).astype(np.float64))
    return found.reshape(height, width)


def _medoid(looks: Doubles) -> NDArray[np.int32]:
    """Return the medoid of looks of shape (variable, time, pixel)."""
    whole = np.isfinite(looks).all(axis=0)
    looks[:, ~whole] = np.nan
    sums = np.zeros(whole.shape)
    for step in range(len(sums) - 1):
        away = _distances(looks[:, step + 1 :], looks[:, step])
        sums[step + 1 :] += away
        for one in away:  # one by one, in order of time
            sums[step] += one
    sums[~whole] = np.inf
    return np.where(whole.any(axis=0), sums.argmin(axis=0), -1).astype(np.int32)


def _distances(others: Doubles, one: Doubles) -> Doubles:
    """Return the distances of looks of shape (variable, time, pixel) to one; 0 where either is none."""
    total = np.zeros(others.shape[1:])
    for values, value in zip(others, one, strict=True):
        off = values - value
        off *= off
        total += off
    np.sqrt(total, out=total)
    return np.fmax(total, 0.0, out=total)  # which takes the number of the two
