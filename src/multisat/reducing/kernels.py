"""Masks spread by a kernel of weights."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from multisat.errors import UsageError

Weights = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SAME = 1e-14
"""Of the largest weight: what two roundings can make."""


def gaussian_kernel(size: int, sigma: float) -> Weights:
    """Return weights exp(-(i^2 + j^2) / (2 sigma^2)) of pixels i columns and j rows away, of sum 1.

    Args:
        size: Pixels along each side, odd.
        sigma: Standard deviation in pixels.

    Returns:
        float64 of shape (size, size).

    Raises:
        UsageError: The size is even, or a number is not positive.
    """
    if size < 1 or size % 2 == 0:
        raise UsageError(f"a kernel of {size!r} pixels", hint="use an odd number, so that it has a middle")
    if not 0 < sigma < math.inf:
        raise UsageError(f"sigma is {sigma!r}", hint="give a positive number of pixels")
    away = np.arange(size, dtype=np.float64) - size // 2
    weights: Weights = np.exp(-(away**2 + away[:, np.newaxis] ** 2) / (2 * sigma**2))
    weights /= weights.sum()
    return weights


def spread(mask: Bools, kernel: NDArray[np.floating], threshold: float) -> Bools:
    """Return where the weighted sum of a mask of 0 and 1 is greater than a threshold.

    The sum is a convolution in float64: each pixel gives its kernel to those around it. A pixel's result
    depends on the pixels under its kernel alone, so blocks with that margin give the same result.

    Args:
        mask: Shape (y, x); outside of it counts as 0.
        kernel: Weights of shape (rows, columns), both odd.
        threshold: The sum must be greater than it.

    Raises:
        UsageError: The kernel has no middle, or a weight is not finite.
    """
    weights = np.asarray(kernel, dtype=np.float64)
    if weights.ndim != 2 or not all(size % 2 for size in weights.shape):  # noqa: PLR2004 - rows, columns
        raise UsageError(f"a kernel of shape {weights.shape}", hint="use odd numbers of rows and columns")
    if not np.isfinite(weights).all():
        raise UsageError("a kernel with weights that are not finite", hint="give numbers")
    factors = _factors(weights)
    if factors is None:
        total = ndimage.convolve(mask, weights, output=np.float64, mode="constant")
    else:
        total = ndimage.convolve1d(mask, factors[1], axis=1, output=np.float64, mode="constant")
        total = ndimage.convolve1d(total, factors[0], axis=0, mode="constant")
    return np.asarray(total > threshold)


def _factors(weights: Weights) -> tuple[Weights, Weights] | None:
    """Return a column and a row of weights whose product is the kernel, or None if there are none.

    They are those through the largest weight, so that a kernel of whole numbers that is a box keeps them.
    """
    largest = np.abs(weights).argmax()
    row, column = np.unravel_index(largest, weights.shape)
    top = weights[row, column]
    if top == 0:
        return None
    down, right = weights[:, column], weights[row] / top
    close = np.abs(np.outer(down, right) - weights).max() <= _SAME * abs(top)
    return (down, right) if close else None
