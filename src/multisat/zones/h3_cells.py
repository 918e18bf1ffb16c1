"""An area in cells of H3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import shapely

from multisat.errors import AOIError, UsageError
from multisat.model import AOI, AOIs
from multisat.zones.extras import extra
from multisat.zones.hexagons import MOST

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_FINEST = 15


def h3_cells(aoi: object, resolution: int) -> AOIs:
    """Return the cells of Uber's H3 that an area touches, whole.

    The areas of hexagonal cells differ by place, the largest being about twice the smallest.

    Args:
        aoi: What ``AOI.of`` takes: polygons or points.
        resolution: 0 (about 4,000,000 km² a cell) to 15 (about 1 m²).

    Returns:
        Areas in longitude and latitude named by the id of the cell, and sorted by it.

    Raises:
        AOIError: The area is a line.
        UsageError: There is no such resolution, over a million cells would be made, or h3 is not installed.
    """
    area, h3 = AOI.of(aoi), extra("h3")
    if not isinstance(resolution, int) or not 0 <= resolution <= _FINEST:
        raise UsageError(f"H3 has no resolution {resolution!r}", hint=f"choose 0 to {_FINEST}")
    number = area.area_m2 / h3.average_hexagon_area(resolution, unit="m^2")
    if number > MOST:
        raise UsageError(
            f"about {number:,.0f} cells of resolution {resolution} cover the area; {MOST:,} are the most",
            hint="choose a coarser resolution, or a smaller area",
        )
    cells = sorted({cell for part in area.parts for cell in _touching(part, resolution)})
    return AOIs(tuple(AOI(geometry=_outline(cell), name=cell) for cell in cells))


def _touching(part: BaseGeometry, resolution: int) -> Iterator[str]:
    h3 = extra("h3")
    if part.geom_type == "Point":
        yield h3.latlng_to_cell(part.y, part.x, resolution)
    elif part.geom_type == "Polygon":
        shape = h3.geo_to_h3shape(part)
        yield from h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap")
    else:
        raise AOIError("a line has no cells", hint="buffer it to a polygon")


def _outline(cell: str) -> BaseGeometry:
    return shapely.Polygon([(lon, lat) for lat, lon in extra("h3").cell_to_boundary(cell)])
