"""Moving geometries between reference systems without bending their edges."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from multisat.errors import AOIError
from multisat.model import antimeridian

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

LONLAT = "EPSG:4326"
_PIECES = 64
"""Each side of a bounding box is cut into this many pieces at least: on a 100 km edge the error
of a straight piece is below a tenth of a metre."""

_HINT = "check that the CRS is the one of the coordinates"
_A, _E = 6378137.0, 0.0818191908426215
"""Half axis and eccentricity of WGS 84."""
_FINE = 0.1


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_lonlat(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Return a geometry in EPSG:4326, longitude first; it may jump where it crosses ±180."""
    return geometry if crs == LONLAT else _move(_continuous(geometry, crs), crs, LONLAT)


def moved(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    """Return a geometry in another CRS (x first), its edges densified first.

    Longitudes beyond ±180 are brought back point by point, so an outline that crosses it comes
    out in one piece in a CRS that does, such as a UTM zone.
    """
    if source == target:
        return geometry
    there = _move(_continuous(geometry, source), source, target)
    return antimeridian.unwrapped(there) if is_lonlat(target) else there


def area_m2(geometry: BaseGeometry) -> float:
    """Return the area of longitude, latitude polygons on the WGS 84 ellipsoid.

    Edges are straight in degrees, as in GeoJSON: the north of a box is a parallel. Longitude and
    the authalic height of a latitude are coordinates in which areas are true.
    """

    def step(points: NDArray[np.float64]) -> NDArray[np.float64]:
        sine = np.sin(np.radians(points[:, 1]))
        height = sine / (1 - (_E * sine) ** 2) + np.arctanh(_E * sine) / _E
        return _A * np.column_stack([np.radians(points[:, 0]), height * (1 - _E**2) / 2])

    west, south, east, north = geometry.bounds
    fine = min(_FINE, max(east - west, north - south) / 256)
    fair = shapely.segmentize(geometry, fine) if fine > 0 else geometry
    return float(shapely.transform(fair, step).area)


def _continuous(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Return a geometry without jumps; halves on both sides of ±180 are joined."""
    if not is_lonlat(crs):
        return geometry
    whole = antimeridian.unwrapped(geometry)
    return antimeridian.joined(whole) if antimeridian.crosses(whole) else whole


def _move(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    def step(points: NDArray[np.float64]) -> NDArray[np.float64]:
        transformer = _transformer(source, target)
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1], errcheck=True))

    try:
        there = shapely.transform(_densified(geometry), step)
    except (ProjError, CRSError) as error:
        raise AOIError(f"cannot move from {source[:80]} to {target[:80]}: {error}", hint=_HINT) from None
    if not np.isfinite(shapely.get_coordinates(there)).all():
        raise AOIError(f"{target[:80]} does not reach all of the area in {source[:80]}", hint=_HINT)
    return there


def _densified(geometry: BaseGeometry) -> BaseGeometry:
    left, bottom, right, top = geometry.bounds
    longest = max(right - left, top - bottom)
    return shapely.segmentize(geometry, longest / _PIECES) if longest > 0 else geometry


@cache
def is_lonlat(crs: str) -> bool:
    """Whether a CRS has longitude and latitude in degrees."""
    return bool(CRS.from_user_input(crs).is_geographic)
