"""Which pixels have their centre inside an area."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from multisat.cube.block import Block
from multisat.model import AOI, Grid
from multisat.model.projecting import is_lonlat

TILE = 1024
"""Pixels. Outlines are drawn on whole tiles, counted from the corner of the whole grid, so that a pixel
does not depend on its block."""

_ONE_AT_A_TIME = threading.Lock()
"""rasterio hides a warning of its own for all threads, and shows it when two do that at a time."""


def shapes_on(aoi: AOI, grid: Grid) -> list[BaseGeometry]:
    """Return an area in the CRS of a grid that it touches, else nothing; in degrees also a turn away."""
    there = aoi.to_crs(grid.crs)
    turns = (-360, 0, 360) if is_lonlat(grid.crs) else (0,)
    outline = shapely.box(*grid.bounds)
    moved = [affinity.translate(there, xoff=turn) for turn in turns]
    return [one for one in moved if one.intersects(outline)]


def inside(shapes: Sequence[BaseGeometry], block: Block) -> NDArray[np.bool_]:
    """Return where the centre of a pixel of a block lies in one of the shapes, shape (y, x).

    Args:
        shapes: In the CRS of the block.
        block: Pixels, none of them outside of the whole grid.
    """
    found = np.zeros(block.shape, dtype=bool)
    for tile in block.tiles(TILE):
        outline = shapely.box(*tile.geobox.boundingbox.bbox)
        if any(one.intersects(outline) for one in shapes):
            block.put(found, tile, burnt(shapes, tile.shape, tile.geobox.affine))
    return found


def burnt(
    shapes: Sequence[BaseGeometry], shape: tuple[int, int], transform: Affine, *, all_touched: bool = False
) -> NDArray[np.bool_]:
    """Return where the centre of a pixel lies in one of the shapes, or where one touches it; shape (y, x).

    Args:
        shapes: In the CRS of the transform.
        shape: Rows, columns.
        transform: Of the corner of the upper left pixel.
        all_touched: Whether to touch is enough.
    """
    with _ONE_AT_A_TIME:
        found: NDArray[np.bool_] = geometry_mask(
            shapes, shape, transform, all_touched=all_touched, invert=True
        )
    return found
