"""Cutting a cube to a polygon."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
import shapely
import xarray as xr
from affine import Affine
from shapely.geometry.base import BaseGeometry

from multisat.cube.inside import burnt, shapes_on
from multisat.errors import UsageError
from multisat.model import AOI
from multisat.writing.facts import Facts
from multisat.writing.placed import Placed

_Data = TypeVar("_Data", xr.Dataset, xr.DataArray)
_DIGITS = 6
"""Of pixel positions: a corner that is off by less is on the edge."""


def clip(data: _Data, aoi: object, *, all_touched: bool = False) -> _Data:
    """Return the pixels inside a polygon, cropped to the box around it; the grid stays.

    Outside, floats are NaN, whole numbers their no data (floats with NaN if they have none), and
    ``mask`` is 1. Dask arrays stay lazy.

    Args:
        data: Georeferenced pixels; dimensions (y, x), perhaps with others.
        aoi: What ``AOI.of`` takes; points and lines only with ``all_touched``.
        all_touched: Keep pixels that the area touches, not only those with their centre inside.

    Raises:
        UsageError: No pixel is inside, or the data has no CRS.
    """
    placed = Placed.of(data)
    shapes = _shapes(AOI.of(aoi), placed)
    rows, columns = _window(shapes, placed)
    there = placed.transform * Affine.translation(columns.start, rows.start)
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    inside = burnt(shapes, shape, there, all_touched=all_touched)
    if not inside.any():
        raise UsageError("no pixel has its centre inside the area", hint="use all_touched=True")
    part = Placed(cube=placed.cube.isel(y=rows, x=columns), crs=placed.crs, transform=there).said()
    keep = xr.DataArray(inside, dims=("y", "x"))
    for name, band in part.data_vars.items():
        if {"y", "x"} <= set(band.dims):
            part[name] = _kept(str(name), band, keep)
    return part if isinstance(data, xr.Dataset) else _as_array(part, data)


def _shapes(aoi: AOI, placed: Placed) -> list[BaseGeometry]:
    found = shapes_on(aoi, placed.grid)
    if not found:
        raise UsageError("the area does not touch the data", hint="clip what was loaded over the area")
    return found


def _window(shapes: list[BaseGeometry], placed: Placed) -> tuple[slice, slice]:
    """Return the rows and columns of the box around shapes, inside the raster."""
    left, bottom, right, top = shapely.union_all([shapely.box(*s.bounds) for s in shapes]).bounds
    corners = [~placed.transform * corner for corner in ((left, top), (right, bottom))]
    (first, last) = ((min(c[axis] for c in corners), max(c[axis] for c in corners)) for axis in (0, 1))
    return _pixels(*last, placed.cube.sizes["y"]), _pixels(*first, placed.cube.sizes["x"])


def _pixels(low: float, high: float, size: int) -> slice:
    start = min(max(0, math.floor(round(low, _DIGITS))), size - 1)
    return slice(start, max(start + 1, min(size, math.ceil(round(high, _DIGITS)))))


def _kept(name: str, band: xr.DataArray, keep: xr.DataArray) -> xr.DataArray:
    outside: Any = 1 if name == "mask" and band.dtype.kind in "biu" else Facts.of(name, band).nodata
    if outside is None:
        outside = np.nan
    elif band.dtype.kind != "f":
        outside = band.dtype.type(outside)
    found = band.where(keep, outside).transpose(*band.dims)
    found.attrs, found.encoding = band.attrs, band.encoding
    return found


def _as_array(part: xr.Dataset, data: xr.DataArray) -> xr.DataArray:
    (name,) = part.data_vars
    return part[name].rename(data.name)
