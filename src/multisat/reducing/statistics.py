"""Many looks at a pixel, one number. NaN is no look.

Infinite numbers are not looked for: they are counted, the extremes and the order take them as numbers,
and sums with them are infinite or NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.errors import UsageError
from multisat.reducing.blocks import Floats, by_rows, looks

Numbers = NDArray[Any]

_MOST = np.iinfo(np.uint16).max


def reduce(values: Floats, name: str, *, q: float | None = None) -> NDArray[Any]:
    """Return one number per pixel.

    Sums are made in float64 in order of time and rounded once, so the same pixel gives the same bytes
    in any block.

    Args:
        values: float32 of shape (time, y, x), NaN where there is no data; left as it is.
        name: ``"median"`` (of an even count the mean of the middle two), ``"mean"``, ``"min"``,
            ``"max"``, ``"first"`` and ``"last"`` (not NaN, in order of time), ``"count"`` (of numbers
            that are not NaN), ``"std"`` (of the population: divided by the count), or ``"quantile"``
            (linear between looks, type 7 of Hyndman and Fan 1996, doi:10.2307/2684934).
        q: The quantile, 0 to 1; only with ``"quantile"``.

    Returns:
        Shape (y, x): float32, NaN where every step is NaN; ``"count"`` uint16, 0 there.

    Raises:
        UsageError: The values are none of these, or there is no such reducer or quantile.
    """
    if (name == "quantile") != (q is not None):
        raise UsageError(f"{name} with q={q!r}", hint='q= and "quantile" belong together')
    if name in {"median", "quantile"}:
        quantile: Floats = quantiles(values, (0.5 if q is None else q,))[0]
        return quantile
    if name not in _REDUCERS:
        known = ", ".join((*_REDUCERS, "median", "quantile"))
        raise UsageError(f"no reducer is called {name!r}", hint=f"use {known}")
    if len(looks(values)) > _MOST:
        raise UsageError(f"{len(values)} time steps are too many to count", hint=f"take up to {_MOST}")
    found = np.empty(values.shape[1:], dtype=np.uint16 if name == "count" else np.float32)

    def work(rows: slice) -> None:
        with np.errstate(invalid="ignore"):  # 0 / 0 where there is no look
            found[rows] = _REDUCERS[name](values[:, rows])
            _settle(found[rows])

    by_rows(values.shape, work)
    return found


def quantiles(values: Floats, qs: Sequence[float]) -> Floats:
    """Return several quantiles of each pixel, for which it is sorted once; see ``reduce``.

    Args:
        values: float32 of shape (time, y, x), NaN where there is no data; left as it is.
        qs: Quantiles, 0 to 1; 0.5 is the median.

    Returns:
        float32 of shape (quantile, y, x); NaN where every step is NaN.

    Raises:
        UsageError: The values are none of these, or a quantile is not from 0 to 1.
    """
    for q in qs:
        if not 0 <= q <= 1:
            raise UsageError(f"the quantile is {q!r}", hint="give 0 to 1, such as 0.9")
    found = np.full((len(qs), *looks(values).shape[1:]), np.nan, dtype=np.float32)

    def work(rows: slice) -> None:
        # A block of looks is sorted once: NaN comes last.
        ordered = np.sort(values[:, rows], axis=0)
        last = np.maximum(_count(ordered) - 1, 0)
        with np.errstate(invalid="ignore"):
            for q, into in zip(qs, found[:, rows], strict=True):
                into[:] = _between(ordered, q * last)
                _settle(into)

    if len(values):
        by_rows(values.shape, work)
    return found


def _between(ordered: Floats, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the number at a place, counted from 0, in numbers in order."""
    low = np.floor(place)
    lower, upper = (
        np.take_along_axis(ordered, at.astype(np.intp)[np.newaxis], 0)[0] for at in (low, np.ceil(place))
    )
    share = place - low
    mixed: NDArray[np.float64] = lower * (1 - share) + upper * share
    return mixed


def _settle(found: Numbers) -> None:
    """Make equal numbers equal bytes: there are two zeros and many NaN."""
    found += found.dtype.type(0)
    if found.dtype.kind == "f":
        found[np.isnan(found)] = np.nan


def _count(block: Floats) -> NDArray[np.intp]:
    count: NDArray[np.intp] = np.count_nonzero(~np.isnan(block), axis=0)
    return count


def _mean(block: Floats) -> NDArray[np.float64]:
    total = np.zeros(block.shape[1:])
    for step in block:  # not numpy's sum, whose order depends on the shape
        total += np.where(np.isnan(step), np.float32(0), step)
    mean: NDArray[np.float64] = total / _count(block)
    return mean


def _std(block: Floats) -> NDArray[np.float64]:
    mean, total = _mean(block), np.zeros(block.shape[1:])
    for step in block:
        total += np.where(np.isnan(step), 0.0, np.square(step - mean))
    std: NDArray[np.float64] = np.sqrt(total / _count(block))
    return std


def _first(block: Floats) -> Floats:
    found = np.full(block.shape[1:], np.nan, dtype=np.float32)
    for step in block[::-1]:
        np.copyto(found, step, where=~np.isnan(step))
    return found


_REDUCERS: Mapping[str, Callable[[Floats], Numbers]] = {
    "mean": _mean,
    "min": lambda block: np.fmin.reduce(block, axis=0, initial=np.nan),
    "max": lambda block: np.fmax.reduce(block, axis=0, initial=np.nan),
    "first": _first,
    "last": lambda block: _first(block[::-1]),
    "count": _count,
    "std": _std,
}
