"""Moving geometries between reference systems without bending their edges."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer

from multisat.model import antimeridian

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

LONLAT = "EPSG:4326"
_PIECES = 64
"""Each side of a bounding box is cut into this many pieces at least: on a 100 km edge the error
of a straight piece is below a tenth of a metre."""


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_lonlat(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Return a geometry in EPSG:4326, longitude first; it may jump where it crosses ±180."""
    return geometry if crs == LONLAT else _move(geometry, crs, LONLAT)


def moved(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    """Return a geometry in another CRS (x first), its edges densified first.

    Longitudes beyond ±180 are brought back point by point, so an outline that crosses it comes
    out in one piece in a CRS that does, such as a UTM zone.
    """
    if source == target:
        return geometry
    continuous = antimeridian.unwrapped(geometry) if source == LONLAT else geometry
    return _move(continuous, source, target)


def _move(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    transformer = _transformer(source, target)

    def step(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1], errcheck=True))

    return shapely.transform(_densified(geometry), step)


def _densified(geometry: BaseGeometry) -> BaseGeometry:
    left, bottom, right, top = geometry.bounds
    longest = max(right - left, top - bottom)
    return shapely.segmentize(geometry, longest / _PIECES) if longest > 0 else geometry


def is_lonlat(crs: str) -> bool:
    """Whether a CRS has longitude and latitude in degrees."""
    return bool(CRS.from_user_input(crs).is_geographic)
