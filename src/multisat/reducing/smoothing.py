"""Smooth series of equally spaced steps (Whittaker 1923; Eilers 2003, doi:10.1021/ac034173t)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from multisat.errors import UsageError
from multisat.reducing.blocks import BLOCK, Floats, by_rows, looks

Doubles = NDArray[np.float64]

_MOST = 1e8
"""Beside larger differences float64 loses the values: at 1e8 series of 400 steps are right to 1e-6 of
them, at 1e12 to 1e-3, at 1e16 they are lost."""


def whittaker(values: Floats, *, smoothness: float, order: int = 2) -> Floats:
    """Smooth each pixel along time, and fill it between its first and last value.

    The result z of the values y is least in sum(w (y - z)^2) + smoothness * sum(differences of z)^2, where
    w is 1 at values and 0 at NaN: it solves (W + smoothness D'D) z = W y, in float64. Only steps from a
    pixel's first value to its last take part, so what lies outside stays NaN and weighs nothing. A
    pixel with fewer than ``order`` values stays as it is: they fix no curve between them.

    Args:
        values: float32 of shape (time, y, x), NaN where there is no data; left as it is. The steps are
            equally spaced.
        smoothness: Weight of the differences, more than 0 and up to 1e8; the more the smoother.
        order: Of the differences: 1 draws to a level, 2 to a straight line, 3 to a parabola.

    Returns:
        Shape of ``values``.

    Raises:
        UsageError: The values, the smoothness or the order are none of these.
    """
    if not 0 < smoothness <= _MOST:
        raise UsageError(f"smoothness is {smoothness!r}", hint=f"give a positive number up to {_MOST:g}")
    if order not in {1, 2, 3}:
        raise UsageError(f"differences of order {order!r}", hint="use 1, 2 or 3")
    found = looks(values).copy()
    if len(found) <= order:
        return found

    def work(rows: slice) -> None:
        found[:, rows] = _smooth(values[:, rows], smoothness, order)

    by_rows(values.shape, work, block=BLOCK // 8)
    return found


def _smooth(block: Floats, smoothness: float, order: int) -> Doubles:
    valid = ~np.isnan(block)
    valid &= np.count_nonzero(valid, axis=0) >= order
    inside = np.logical_or.accumulate(valid, axis=0)
    inside &= np.logical_or.accumulate(valid[::-1], axis=0)[::-1]
    smooth = np.where(valid, block, np.float64(0))
    _solve(_bands(valid, inside, smoothness, order), smooth)
    return np.where(inside, smooth, block)


def _bands(valid: NDArray[np.bool_], inside: NDArray[np.bool_], smoothness: float, order: int) -> Doubles:
    """Return W + smoothness D'D: its diagonal and those below, shape (order + 1, time, y, x).

    Differences that reach outside are left out; there the diagonal is 1.
    """
    factors = np.diff(np.eye(order + 1), n=order, axis=0)[0]
    count = len(valid) - order
    weight = smoothness * (inside[:count] & inside[order:])
    bands = np.zeros((order + 1, *valid.shape))
    bands[0] = valid | ~inside
    for column, factor in enumerate(factors):
        for below, other in enumerate(factors[column:]):
            bands[below, column : column + count] += factor * other * weight
    return bands


def _solve(bands: Doubles, right: Doubles) -> None:
    """Solve in place for all pixels at once, by the factors L D L' of a symmetric banded matrix."""
    steps, most = len(right), len(bands) - 1
    for step in range(steps):
        column = bands[:, step]
        for below in range(1, min(most, steps - 1 - step) + 1):
            share = column[below] / column[0]
            for more in range(below, most + 1):
                bands[more - below, step + below] -= share * column[more]
            right[step + below] -= share * right[step]
            column[below] = share
    for step in reversed(range(steps)):
        right[step] /= bands[0, step]
        for below in range(1, min(most, steps - 1 - step) + 1):
            right[step] -= bands[below, step] * right[step + below]
