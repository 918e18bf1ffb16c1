"""Plain arrays along time: statistics, best steps, filling, smoothing; and masks spread by kernels."""

from __future__ import annotations

from multisat.reducing.filling import interpolate
from multisat.reducing.kernels import gaussian_kernel, spread
from multisat.reducing.selecting import Criterion, Highest, Lowest, Medoid, Order, best, take
from multisat.reducing.smoothing import whittaker
from multisat.reducing.statistics import quantiles, reduce

__all__ = [
    "Criterion",
    "Highest",
    "Lowest",
    "Medoid",
    "Order",
    "best",
    "gaussian_kernel",
    "interpolate",
    "quantiles",
    "reduce",
    "spread",
    "take",
    "whittaker",
]
