"""The area as a polygon for the service, a little larger: the exact edge is made here."""

from __future__ import annotations

from typing import Any

import shapely
from pyproj import Transformer
from shapely.geometry import mapping

from multisat.steps import Task

_MORE = 2
"""Pixels around the area: more than two ways to turn its edge into a UTM zone can differ."""


def outline(task: Task) -> dict[str, Any]:
    """Return the area of a task and two pixels around it as GeoJSON (longitude, latitude)."""
    grid = task.grid
    there = Transformer.from_crs(4326, grid.crs, always_xy=True)
    back = Transformer.from_crs(grid.crs, 4326, always_xy=True)
    here = shapely.transform(task.request.aoi.lonlat, there.transform, interleaved=False)
    side = grid.resolution[0]
    near = shapely.intersection(
        shapely.buffer(here, _MORE * side, quad_segs=2), shapely.buffer(shapely.box(*grid.bounds), side)
    )
    found: dict[str, Any] = mapping(shapely.transform(near, back.transform, interleaved=False))
    return {"type": "Feature", "properties": {}, "geometry": found}
