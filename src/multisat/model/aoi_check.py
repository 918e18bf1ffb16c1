"""Making sure that an area is one: known CRS, finite, in range, valid; mending what can be."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from multisat.errors import AOIError
from multisat.model.antimeridian import split, unwrapped
from multisat.model.preparing import copied
from multisat.model.projecting import LONLAT, is_lonlat, to_lonlat

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_FURTHEST = 360


def checked(geometry: BaseGeometry, crs: str) -> tuple[BaseGeometry, str, tuple[str, ...]]:
    """Return a valid two-dimensional geometry, its CRS as text, and what was mended.

    Raises:
        AOIError: The CRS is unknown, or nothing that could be an area is left.
    """
    name = known_crs(crs)
    notes: list[str] = []
    if geometry is None or geometry.is_empty:
        raise AOIError("the geometry is empty", hint="give at least a point")
    if shapely.get_coordinate_dimension(geometry) > 2:  # noqa: PLR2004 - x and y
        notes.append("heights were dropped" if geometry.has_z else "measures were dropped")
        geometry = shapely.force_2d(geometry)
    _check_numbers(geometry)
    degrees = is_lonlat(name)
    if degrees:
        _check_degrees(geometry)
    if not geometry.is_valid:
        geometry = _mended(geometry, degrees, notes)
    geometry = copied(_plain(geometry, degrees))  # its owner may have prepared it, or may yet
    west, _, east, _ = geometry.bounds
    if degrees and max(-west, east) > _FURTHEST:  # a ring round a pole that did not begin at 0
        geometry = split(geometry)
    to_lonlat(geometry, name)
    return geometry, name, tuple(notes)


def known_crs(crs: object) -> str:
    """Return a CRS as ``"EPSG:32632"`` or WKT; any longitude-latitude form of WGS 84 is EPSG:4326.

    Raises:
        AOIError: It is unknown.
    """
    return _known(crs) if isinstance(crs, str) else _known.__wrapped__(crs)


@lru_cache(maxsize=256)
def _known(crs: object) -> str:
    try:
        found = CRS.from_user_input(crs)
    except CRSError:
        raise AOIError(f"unknown CRS {str(crs)[:80]!r}", hint='name one such as "EPSG:32632"') from None
    if found.is_geocentric or not (found.is_geographic or found.is_projected):
        raise AOIError(
            f"{str(crs)[:80]} has no map coordinates ({found.type_name})",
            hint='name one such as "EPSG:32632"',
        )
    code = found.to_epsg()
    if found.to_authority() == ("OGC", "CRS84"):
        return LONLAT
    return f"EPSG:{code}" if code else found.to_wkt()


def _check_numbers(geometry: BaseGeometry) -> None:
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise AOIError("a coordinate is not a finite number", hint="look for NaN or empty values")


def _check_degrees(geometry: BaseGeometry) -> None:
    west, south, east, north = geometry.bounds
    if south < -90 or north > 90:  # noqa: PLR2004 - degrees
        swapped = max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180  # noqa: PLR2004
        hint = "longitude comes first; they look swapped" if swapped else "latitudes go from -90 to 90"
        raise AOIError(f"latitude {south if south < -90 else north:g} is out of range", hint=hint)  # noqa: PLR2004
    if west < -_FURTHEST or east > _FURTHEST:
        raise AOIError(
            f"longitude {west if west < -_FURTHEST else east:g} is out of range",
            hint="longitudes go from -180 to 180; for metres name the CRS",
        )


def _mended(geometry: BaseGeometry, degrees: bool, notes: list[str]) -> BaseGeometry:
    """Mend rings that cross themselves, unless they only cross ±180, which is no fault."""
    whole = unwrapped(geometry) if degrees else geometry
    if whole.is_valid:
        return whole
    dimension = shapely.get_dimensions(whole)
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(whole)))
    kept = parts[shapely.get_dimensions(parts) == dimension]
    if kept.size == 0:
        raise AOIError(f"the geometry is invalid: {shapely.is_valid_reason(whole)}", hint="mend its outline")
    notes.append(f"the outline was mended: {shapely.is_valid_reason(whole)}")
    return shapely.union_all(kept)


def _plain(geometry: BaseGeometry, degrees: bool) -> BaseGeometry:
    """Return a collection's parts of highest dimension as one multi-geometry, and a ring as a line."""
    if geometry.geom_type == "LinearRing":
        return shapely.LineString(geometry)
    if geometry.geom_type != "GeometryCollection":
        return geometry
    parts = shapely.get_parts(unwrapped(geometry) if degrees else geometry)
    dimensions = shapely.get_dimensions(parts)
    return shapely.union_all(parts[dimensions == dimensions.max()])
