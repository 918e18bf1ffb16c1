"""An area in hexagons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from multisat.errors import UsageError
from multisat.model import AOI, AOIs
from multisat.model.preparing import prepared
from multisat.zones.lengths import metres

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 1_000_000
"""Hexagons or cells that are made at most."""
_ROUND = 1e-6
"""Metres by which an area may miss a hexagon's box."""


def hexagons(aoi: object, size: float | str) -> AOIs:
    """Return the regular hexagons that an area touches, whole, with flat tops.

    They lie in Lambert's azimuthal equal-area projection (WGS 84, metres) about the area's centroid,
    rounded to whole degrees: areas near each other share hexagons. Each has the area ``sqrt(3)/2 size²``
    on the ellipsoid; with its edges taken straight in longitude and latitude it differs by less than a
    millionth for hexagons of up to 10 km. Hexagons are regular at the centre; 100 km away their sides
    differ by 0.01 %, 1000 km away by 0.6 %.

    Args:
        aoi: What ``AOI.of`` takes.
        size: Distance between opposite sides, which is the height of a hexagon, in metres, or with a unit
            such as ``"500m"``, ``"0.5km"``. From corner to corner it is ``2/sqrt(3)`` times as wide.

    Returns:
        Areas named by row and column, such as ``"r-3c12"``, counted northwards and eastwards from the
        hexagon on the centre of the projection, and sorted by them; odd columns are half a hexagon further
        north. Attributes: ``row``, ``column``.

    Raises:
        UsageError: The size is no length, or there would be over a million in the box around the area.
    """
    area, height = AOI.of(aoi), metres(size)
    crs = _crs(area)
    there = area.to_crs(crs)
    rows, columns = _lattice(there.bounds, height)
    shapes = _shapes(rows, columns, height)
    touched = shapely.intersects(prepared(there), shapes)
    return AOIs(
        tuple(
            AOI(geometry=shape, crs=crs, name=f"r{row}c{column}", properties={"row": row, "column": column})
            for shape, row, column in zip(
                shapes[touched], rows[touched].tolist(), columns[touched].tolist(), strict=True
            )
        )
    )


def _crs(area: AOI) -> str:
    longitude, latitude = (round(degrees) for degrees in area.centroid)
    return f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m +type=crs"


def _lattice(
    bounds: tuple[float, float, float, float], height: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and columns of all hexagons whose box touches a box, sorted."""
    left, bottom, right, top = bounds
    side, step = height / math.sqrt(3), height * math.sqrt(3) / 2
    across = (math.ceil((left - side - _ROUND) / step), math.floor((right + side + _ROUND) / step))
    down = (math.floor(bottom / height) - 1, math.ceil(top / height) + 1)
    number = (across[1] - across[0] + 1) * (down[1] - down[0] + 1)
    if number > MOST:
        raise UsageError(
            f"about {number:,} hexagons of {height:g} m lie in the box around the area, over {MOST:,}",
            hint="choose larger ones, or a smaller area",
        )
    rows, columns = np.mgrid[down[0] : down[1] + 1, across[0] : across[1] + 1].reshape(2, -1)
    return rows, columns


def _shapes(rows: NDArray[np.int64], columns: NDArray[np.int64], height: float) -> NDArray[np.object_]:
    side = height / math.sqrt(3)
    x, y = columns * (1.5 * side), (rows + (columns % 2) / 2) * height
    corners = np.array([[1, 0], [0.5, 1], [-0.5, 1], [-1, 0], [-0.5, -1], [0.5, -1]]) * [side, height / 2]
    found: NDArray[np.object_] = shapely.polygons(np.stack([x, y], axis=1)[:, np.newaxis] + corners)
    return found
