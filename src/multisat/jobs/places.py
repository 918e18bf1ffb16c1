"""Where units are: the features of a table, or the tiles of a grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from multisat.cube.block import Block
from multisat.cube.inside import shapes_on
from multisat.jobs.mesh import Mesh, Window, around
from multisat.model import AOI, Grid
from multisat.model.preparing import prepared
from multisat.steps import Task
from multisat.zones import ids_of
from multisat.zones.outline import in_pixels

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Place:
    """A feature or a tile.

    Attributes:
        name: Id of the feature, or name of the tile.
        number: Its position among all.
        identity: What decides its pixels, as JSON values.
        outline: In longitude and latitude, or a box around it.
        window: Of the mesh, on whole tiles; of a tile that of the grid.
        home: What features share that are worth computing together.
    """

    name: str
    number: int
    identity: Any
    outline: BaseGeometry
    window: Window
    home: tuple[int, int]


def features(task: Task, tile: int) -> Iterator[Place]:
    """Give the features of a task in their order.

    Raises:
        AOIError: One is a line, or lies beyond the grid's CRS.
    """
    mesh = Mesh.of(task.grid)
    origin = mesh.origin
    for number, (name, zone) in enumerate(zip(ids_of(task.features), task.features, strict=True)):
        left, low, right, high = in_pixels(zone, origin).bounds
        middle = (-(low + high) / 2, (left + right) / 2)
        yield Place(
            name=name,
            number=number,
            identity=[shapely.to_wkb(zone.geometry, hex=True), zone.crs],
            outline=shapely.box(*zone.lonlat.bounds) if not zone.crosses_antimeridian else zone.lonlat,
            window=around(left, -high, right, -low),
            home=(int(middle[0] // tile), int(middle[1] // tile)),
        )


def tiles(task: Task, tile: int) -> Iterator[Place]:
    """Give the tiles of a task's grid that touch its area, row by row."""
    grid = task.grid
    shapes = [prepared(shape) for shape in shapes_on(task.request.aoi, grid)]
    for number, block in enumerate(Block.all_of(grid.geobox).tiles(tile)):
        bounds = Grid.from_geobox(block.geobox).bounds
        if not any(shape.intersects(shapely.box(*bounds)) for shape in shapes):
            continue
        yield Place(
            name=f"r{block.row // tile:03}c{block.column // tile:03}",
            number=number,
            identity=[block.row, block.column, block.height, block.width],
            outline=AOI(geometry=shapely.box(*bounds), crs=grid.crs).lonlat,
            window=(block.row, block.column, block.row + block.height, block.column + block.width),
            home=(block.row, block.column),
        )
