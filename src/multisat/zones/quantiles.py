"""Weighted quantiles, which need every value of an area at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def columns(
    values: NDArray[Any], shares: NDArray[np.float32], quantiles: Mapping[str, float]
) -> dict[str, Floats]:
    """Return quantiles of a whole area at each time.

    Args:
        values: Shape (time, pixel); NaN where there is none.
        shares: Share of each pixel.
        quantiles: Name to the quantile from 0 to 1.
    """
    wanted = np.array(list(quantiles.values()))
    whole = shares == 1
    inner = np.sort(values[:, whole], axis=1)  # NaN last; most pixels, and without weights much quicker
    edge, share = values[:, ~whole], shares[~whole].astype(np.float64)
    order = np.argsort(edge, axis=1)
    found = np.empty((len(wanted), len(values)))
    for step, (row, at) in enumerate(zip(inner, order, strict=True)):
        ordered = _merged(_known(row), _known(edge[step, at]), share[at])
        found[:, step] = _of_sorted(*ordered, wanted)
    return dict(zip(quantiles, found, strict=True))


def _known(ordered: NDArray[Any]) -> NDArray[Any]:
    return ordered[: np.searchsorted(ordered, np.inf, side="right")]


def _merged(inner: NDArray[Any], edge: NDArray[Any], share: Floats) -> tuple[NDArray[Any], Floats]:
    """Put sorted values of whole pixels and of shares of pixels in one order, with their weights."""
    at = np.searchsorted(inner, edge) + np.arange(len(edge))
    weights = np.ones(len(inner) + len(edge))
    weights[at] = share[: len(edge)]
    rest = np.ones(len(weights), dtype=bool)
    rest[at] = False
    values = np.empty(len(weights), dtype=inner.dtype)
    values[at], values[rest] = edge, inner
    return values, weights


def _of_sorted(values: NDArray[Any], weights: Floats, wanted: Floats) -> Floats:
    """Return quantiles as exactextract defines them.

    Equal values are one, with the sum of their weights. The k-th of n values (from 0) stands at
    ``k * weight + (n - 1) * sum of the weights before it``, the last at (n - 1) times the sum of all;
    between them quantiles are linear (https://stats.stackexchange.com/a/13223).
    """
    if len(values) == 0:
        return np.full(len(wanted), np.nan)
    again = values[1:] == values[:-1]
    if again.any():
        first = np.flatnonzero(np.append(True, ~again))
        values, weights = values[first], np.add.reduceat(weights, first)
    sums, last = np.cumsum(weights), len(values) - 1
    position = last * (sums - weights) + np.arange(len(values)) * weights
    goal = wanted * (sums[-1] * last)
    right = np.minimum(np.searchsorted(position, goal, side="right"), last)
    left = np.maximum(right - 1, 0)
    low, high = values[left].astype(np.float64), values[right].astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):  # the last value, and infinite ones
        along = low + (goal - position[left]) * (high - low) / (position[right] - position[left])
    found: Floats = np.where(goal >= position[-1], high, np.where(high == low, low, along))
    return found
