"""Synthetic polygons and monthly pixels over one Sentinel-2 tile, made on the fly."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CRS, LEFT, TOP, PIXEL = "EPSG:32632", 399960, 5000040, 10
SIZE = 10980
"""Rows and columns of the tile."""
_PATTERN = 1009
"""Rows and columns after which the noise comes again."""
_CLOUD = 150
"""Rows and columns of a cloud."""


def transform() -> tuple[float, float, float, float, float, float]:
    """Return the affine transform of the tile."""
    return (PIXEL, 0, LEFT, 0, -PIXEL, TOP)


def polygons(number: int) -> list[shapely.Polygon]:
    """Return ragged stands of about 10,000 pixels with 64 corners, every third one with a clearing."""
    rng = np.random.default_rng(1)
    side = int(np.ceil(np.sqrt(number)))
    step = SIZE * PIXEL / side
    angles = np.linspace(0, 2 * np.pi, 65)[:-1]
    found = []
    for n in range(number):
        x = LEFT + (n % side + rng.uniform(0.35, 0.65)) * step
        y = TOP - (n // side + rng.uniform(0.35, 0.65)) * step
        far = 580 * rng.uniform(0.8, 1.2, 64)
        stand = shapely.Polygon(np.column_stack([x + far * np.cos(angles), y + far * np.sin(angles)]))
        found.append(stand if n % 3 else stand.difference(shapely.Point(x, y).buffer(120)))
    return found


def pixels(months: Sequence[int], rows: slice, columns: slice) -> NDArray[np.float32]:
    """Return an index of shape (month, y, x) with NaN under clouds, the same wherever it is cut."""
    down, across = np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop)
    slope = (np.sin(down / 900)[:, np.newaxis] + np.cos(across / 700)).astype(np.float32) / 4
    found = np.empty((len(months), len(down), len(across)), dtype=np.float32)
    for layer, month in zip(found, months, strict=True):
        at = np.ix_((down + 37 * month) % _PATTERN, across % _PATTERN)
        np.add(_noise()[at], slope + np.float32(month / 40), out=layer)
        layer[_sky(month)[np.ix_(down // _CLOUD, across // _CLOUD)]] = np.nan
    return found


def whole(month: int) -> NDArray[np.float32]:
    """Return all pixels of a month, made strip by strip to need no more memory than they take."""
    found = np.empty((SIZE, SIZE), dtype=np.float32)
    for top in range(0, SIZE, _PATTERN):
        rows = slice(top, min(SIZE, top + _PATTERN))
        found[rows] = pixels([month], rows, slice(0, SIZE))[0]
    return found


@cache
def _noise() -> NDArray[np.float32]:
    return np.random.default_rng(2).normal(0.4, 0.1, (_PATTERN, _PATTERN)).astype(np.float32)


@cache
def _sky(month: int) -> NDArray[np.bool_]:
    number = SIZE // _CLOUD + 1
    return np.random.default_rng(month).random((number, number)) < 0.3
