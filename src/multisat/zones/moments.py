"""Weighted sums, means, spreads and extremes, added up from pieces in float64."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from multisat.zones.layers import Cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_WEIGHT, _SUM, _SQUARES, _LOW, _HIGH = range(5)
"""Rows of a state: weight, weighted sum, weighted squares about the piece's own mean, extremes."""
_ROWS = 5


def states(cut: Cut, moments: Sequence[str]) -> Floats:
    """Return what pieces of areas add to their moments; those not wanted stay NaN.

    Returns:
        Shape (piece, 5, time).
    """
    found = np.full((_ROWS, len(cut.values), len(cut.starts)), np.nan)
    for slab in cut.slabs:
        _fill(found[:, slab], cut.layer.floats(cut.values[slab]), cut, moments)
    return np.ascontiguousarray(found.transpose(2, 0, 1))


def _fill(found: Floats, values: Floats, cut: Cut, moments: Sequence[str]) -> None:
    known = ~np.isnan(values)
    weight = cut.shares * known
    filled = np.where(known, values, 0.0)
    found[_WEIGHT] = np.add.reduceat(weight, cut.starts, axis=1)
    found[_SUM] = np.add.reduceat(weight * filled, cut.starts, axis=1)
    if "std" in moments:
        found[_SQUARES] = _squares(filled, weight, cut.starts, found)
    if "min" in moments:
        found[_LOW] = np.fmin.reduceat(values, cut.starts, axis=1)
    if "max" in moments:
        found[_HIGH] = np.fmax.reduceat(values, cut.starts, axis=1)


def _squares(filled: Floats, weight: Floats, starts: NDArray[np.int64], found: Floats) -> Floats:
    sizes = np.diff(np.append(starts, filled.shape[1]))
    with np.errstate(invalid="ignore"):  # pieces without a value, or with an infinite one
        mean = found[_SUM] / found[_WEIGHT]
        off = filled - np.repeat(mean, sizes, axis=1)
    off[weight == 0] = 0.0
    squares: Floats = np.add.reduceat(weight * off * off, starts, axis=1)
    return squares


def columns(pieces: Sequence[Floats], area: float, steps: int, moments: Sequence[str]) -> dict[str, Floats]:
    """Return the moments of a whole area.

    Variances of pieces are joined by the formula of Chan, Golub and LeVeque (1983).

    Args:
        pieces: States of shape (5, time), in the order of tiles.
        area: Pixels the area covers.
        steps: Number of times.
        moments: What is wanted; ``cover`` is the sum as a share of the area.
    """
    state = np.stack(pieces) if pieces else np.full((0, _ROWS, steps), np.nan)
    weight, total = state[:, _WEIGHT].sum(axis=0), state[:, _SUM].sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {"count": weight, "sum": total, "mean": total / weight}
        found["valid"] = np.minimum(weight / area, 1.0)
        found["cover"] = np.minimum(total / area, 1.0)
        found["std"] = np.sqrt(_joined(state, found["mean"]) / weight)
    found["min"] = np.fmin.reduce(state[:, _LOW], axis=0, initial=np.nan)
    found["max"] = np.fmax.reduce(state[:, _HIGH], axis=0, initial=np.nan)
    return {name: found[name] for name in moments}


def _joined(state: Floats, mean: Floats) -> Floats:
    weight = state[:, _WEIGHT]
    off = state[:, _SUM] / weight - mean
    apart = np.where(weight > 0, state[:, _SQUARES] + weight * off * off, 0.0)
    squares: Floats = apart.sum(axis=0)
    return squares
