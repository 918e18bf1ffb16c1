"""Geometries across the 180th meridian, in longitude and latitude.

A step of more than 180 degrees of longitude between neighbouring points is a crossing: the
outline takes the short way round. A ring that goes once round the globe encloses the nearer pole.
A box that is 360 degrees wide is the whole globe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import box

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_HALF, _TURN = 180.0, 360.0
_STEP = 170.0
"""Longest step of longitude in what is cut: short enough to be read one way only."""


def unwrapped(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry whose outlines are continuous, going beyond ±180 where they cross it.

    Each line or ring begins where it began and its points follow the short way round; holes
    are kept beside their shell.
    """
    if shapely.get_num_coordinates(geometry) == 0:
        return geometry
    parts = shapely.get_parts([_unwrap_part(part) for part in shapely.get_parts(geometry)])
    if len(parts) == 1:
        return parts[0]
    return shapely.MultiPolygon(parts) if geometry.geom_type == "Polygon" else type(geometry)(parts)


def _unwrap_part(part: BaseGeometry) -> BaseGeometry:
    if part.geom_type == "Polygon":
        shell = _unwrap_line(np.asarray(part.exterior.coords)[:, :2])
        holes = [_beside(_unwrap_line(np.asarray(ring.coords)[:, :2]), shell) for ring in part.interiors]
        if holes and len(shell) > len(part.exterior.coords):
            return _cut_out(shell, holes)
        return shapely.Polygon(shell, holes)
    if part.geom_type == "LineString":
        return shapely.LineString(_unwrap_line(np.asarray(part.coords)[:, :2]))
    return part


def _unwrap_line(points: NDArray[np.float64]) -> NDArray[np.float64]:
    longitudes = points[:, 0]
    if longitudes.max() - longitudes.min() >= _TURN or np.abs(np.diff(longitudes)).max(initial=0) <= _HALF:
        return points
    line = np.column_stack([np.unwrap(longitudes, period=_TURN), points[:, 1]])
    closed = len(points) > 3 and bool(np.all(points[0] == points[-1]))  # noqa: PLR2004 - a ring
    return _over_the_pole(line) if closed and abs(line[-1, 0] - line[0, 0]) > _HALF else line


def _over_the_pole(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Close a ring that goes once round the globe along the pole it is nearer to."""
    pole = 90.0 if line[:, 1].mean() >= 0 else -90.0
    return np.vstack([line, [line[-1, 0], pole], [line[0, 0], pole], line[0]])


def _beside(hole: NDArray[np.float64], shell: NDArray[np.float64]) -> NDArray[np.float64]:
    turns = np.round((shell[:, 0].mean() - hole[:, 0].mean()) / _TURN)
    moved: NDArray[np.float64] = hole + np.array([turns * _TURN, 0.0])
    return moved


def _cut_out(shell: NDArray[np.float64], holes: list[NDArray[np.float64]]) -> BaseGeometry:
    """Cut holes out of a shell that goes round the pole, wherever their outlines begin."""
    turns = [np.array([turn, 0.0]) for turn in (-_TURN, 0.0, _TURN)]
    cut = shapely.union_all([shapely.make_valid(shapely.Polygon(h + turn)) for h in holes for turn in turns])
    return _same_dimension(shapely.make_valid(shapely.Polygon(shell)).difference(cut), 2)


def split(geometry: BaseGeometry) -> BaseGeometry:
    """Return the geometry inside [-180, 180], cut at the meridian where it crosses.

    Args:
        geometry: Longitude, latitude in degrees; crossing outlines wrapped or unwrapped.
    """
    whole = unwrapped(geometry)
    west, _, east, _ = whole.bounds
    if west >= -_HALF and east <= _HALF:
        return walkable(whole)
    if not whole.is_valid:
        whole = _same_dimension(shapely.make_valid(whole), shapely.get_dimensions(whole))
    turns = range(int((west + _HALF) // _TURN), int((east + _HALF) // _TURN) + 1)
    pieces = [_shifted(whole, turn) for turn in turns]
    return walkable(shapely.union_all([piece for piece in pieces if not piece.is_empty]))


def walkable(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry whose edges, if it is wider than half the globe, cannot be read as crossings."""
    west, _, east, _ = geometry.bounds
    return shapely.segmentize(geometry, _STEP) if east - west > _HALF else geometry


def crosses(geometry: BaseGeometry) -> bool:
    """Whether a geometry as ``split`` returns it goes on at the other side of ±180."""
    sides = shapely.bounds(shapely.get_parts(geometry))
    from_west, to_east = sides[:, 0] <= -_HALF, sides[:, 2] >= _HALF
    return bool(from_west.any() and to_east.any() and not (from_west & to_east).any())


def sides(geometry: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """Return a geometry as ``split`` returns it, in two if it crosses: up to +180, and from -180 on.

    What lies between is the widest range of longitudes without any of it.
    """
    if not crosses(geometry):
        return (geometry,)
    parts = shapely.get_parts(geometry)
    parts = parts[np.argsort(shapely.bounds(parts)[:, 0])]
    bounds = shapely.bounds(parts)
    gaps = bounds[1:, 0] - np.maximum.accumulate(bounds[:-1, 2])
    if gaps.max(initial=0) <= 0:
        return (geometry,)
    first = int(gaps.argmax()) + 1
    return shapely.union_all(parts[first:]), shapely.union_all(parts[:first])


def joined(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry as ``split`` returns it with its western side moved beyond +180."""
    halves = sides(geometry)
    if len(halves) == 1:
        return geometry
    return shapely.union_all([halves[0], affinity.translate(halves[1], xoff=_TURN)])


def _shifted(geometry: BaseGeometry, turn: int) -> BaseGeometry:
    """Return the part of a geometry in one turn of the globe, moved into [-180, 180]."""
    window = box(turn * _TURN - _HALF, -90, turn * _TURN + _HALF, 90)
    piece = _same_dimension(geometry.intersection(window), shapely.get_dimensions(geometry))
    return affinity.translate(piece, xoff=-turn * _TURN)


def _same_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])
