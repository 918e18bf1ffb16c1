"""Areas in the pixel coordinates of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import affinity

from multisat.errors import AOIError
from multisat.model import AOI, Grid
from multisat.model.aoi_check import known_crs
from multisat.model.projecting import is_lonlat

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from odc.geo.geobox import GeoBox
    from shapely.geometry.base import BaseGeometry

_DIGITS = 9
"""Decimals of pixel coordinates: a corner that is off an edge by less lies on it."""
_LINE = 1
"""Dimensions of a line."""


def geobox_of(grid: GeoBox | Grid) -> GeoBox:
    """Return a grid as an odc-geo GeoBox."""
    return grid.geobox if isinstance(grid, Grid) else grid


def in_pixels(zone: AOI, geobox: GeoBox) -> BaseGeometry:
    """Return an area in pixels: x is the column, y is minus the row, whole numbers are edges.

    On a grid in degrees an area that crosses ±180 stays in one piece; see ``turned``.

    Raises:
        AOIError: It is a line, or the grid's CRS does not reach all of it.
    """
    name = f"area {zone.name}" if zone.name is not None else None
    if shapely.get_dimensions(zone.geometry) == _LINE:
        raise AOIError("a line covers no pixels", item=name, hint="buffer it to a polygon, or give points")
    try:
        there = zone.to_crs(known_crs(str(geobox.crs)))
    except AOIError as error:
        error.item = error.item or name
        raise
    return shapely.transform(there, lambda points: _pixels(points, geobox))


def turned(shape: BaseGeometry, geobox: GeoBox) -> BaseGeometry:
    """Return the copies of a shape in pixels that touch a grid, in degrees also those a turn away.

    Without any it is the shape itself, which lies outside.
    """
    turn = abs(360 / geobox.affine.a) if is_lonlat(known_crs(str(geobox.crs))) else 0
    if not turn:
        return shape
    rows, columns = geobox.shape
    whole = shapely.box(0, -rows, columns, 0)
    copies = [affinity.translate(shape, xoff=xoff) for xoff in (-turn, 0, turn)]
    parts = shapely.get_parts([copy for copy in copies if copy.intersects(whole)] or [shape])
    kind = shapely.MultiPoint if shapely.get_dimensions(shape) == 0 else shapely.MultiPolygon
    return kind(list(parts))


def _pixels(points: NDArray[np.float64], geobox: GeoBox) -> NDArray[np.float64]:
    a, b, c, d, e, f = tuple(geobox.affine)[:6]
    x, y = points[:, 0], points[:, 1]
    if b or d:
        column, row = ~geobox.affine * (x, y)
    else:  # divided, not multiplied by an inverse: edges of pixels come out whole
        column, row = (x - c) / a, (y - f) / e
    return np.round(np.column_stack([column, -row]), _DIGITS)
