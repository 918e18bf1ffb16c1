"""Which share of each pixel lies inside an area, exactly."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from multisat.cube.aside import aside
from multisat.errors import UsageError
from multisat.model import AOIs, Grid
from multisat.raster import Window

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Shares = NDArray[np.float32]
_LARGEST = 256 * 2**20
"""Bytes of shares that are kept."""
_AREA = 2
"""Dimensions of a polygon."""


class Weights:
    """Areas on grids; what was worked out is kept for the next scene on the same grid.

    Args:
        areas: Polygons.

    Raises:
        UsageError: exactextract is not installed.
    """

    def __init__(self, areas: AOIs) -> None:
        _library("")
        self._areas = areas
        self._outlines: dict[tuple[int, Grid], BaseGeometry] = {}
        self._made: OrderedDict[tuple[int, Grid, Window], asyncio.Task[Shares]] = OrderedDict()
        self._bytes = 0

    def outline(self, index: int, grid: Grid) -> BaseGeometry:
        """Return an area in pixels of a grid: columns to the right, rows downward and negative.

        Raises:
            AOIError: The grid's CRS does not reach all of it.
        """
        key = index, grid
        if key not in self._outlines:
            a, _, c, _, e, f = grid.transform
            there = self._areas[index].to_crs(grid.crs)
            self._outlines[key] = shapely.transform(there, lambda p: (p - (c, f)) / (a, -e))
        return self._outlines[key]

    async def of(self, index: int, grid: Grid, window: Window) -> Shares:
        """Return the share of each pixel of a window that an area covers, shape (y, x), 0 to 1."""
        key = index, grid, window
        size = window.height * window.width
        if key not in self._made:
            outline = self.outline(index, grid)
            making = aside(size, lambda: coverage(outline, window))
            self._made[key] = asyncio.create_task(making)
            self._bytes += 4 * size
            self._forget()
        self._made.move_to_end(key)
        return await asyncio.shield(self._made[key])

    def _forget(self) -> None:
        while len(self._made) > 1 and self._bytes > _LARGEST:
            (_, _, window), _ = self._made.popitem(last=False)
            self._bytes -= 4 * window.height * window.width


def coverage(outline: BaseGeometry, window: Window) -> Shares:
    """Return the share of each pixel of a window that an outline in pixels covers, shape (y, x)."""
    found = np.zeros(window.height * window.width, dtype=np.float32)
    top, left = -window.row, window.column
    reach = shapely.box(left, top - window.height, left + window.width, top)
    part = outline if reach.contains(outline) else outline.intersection(reach)
    if part.area > 0:
        nothing = np.broadcast_to(np.uint8(0), (window.height, window.width))
        raster = _library(".raster").NumPyRasterSource(nothing, *reach.bounds)
        (cells,) = _library("").exact_extract(raster, _feature(part), ["cell_id", "coverage"])
        found[cells["properties"]["cell_id"]] = cells["properties"]["coverage"]
    return found.reshape(window.height, window.width)


def _feature(part: BaseGeometry) -> Any:  # noqa: ANN401 - a class of exactextract, which has no types
    """Return a shape as exactextract reads it fastest, as WKB."""
    parts = [one for one in shapely.get_parts(part) if shapely.get_dimensions(one) == _AREA]
    wkb: bytes = shapely.to_wkb(shapely.multipolygons(parts))
    library = _library(".feature")

    class Shape(library.Feature):  # type: ignore[misc, name-defined]
        def geometry(self) -> bytes:
            return wkb

        def fields(self) -> list[str]:
            return []

    class Shapes(library.FeatureSource):  # type: ignore[misc, name-defined]
        def count(self) -> int:
            return 1

        def __iter__(self) -> Iterator[Shape]:
            return iter([Shape()])

        def srs_wkt(self) -> None:
            return None

    return Shapes()


def _library(name: str) -> Any:  # noqa: ANN401 - it has no types
    from importlib import import_module

    try:
        return import_module(f"exactextract{name}")
    except ImportError as error:
        hint = 'pip install "multisat-eo[zonal]"'
        raise UsageError("exactextract is not installed", hint=hint) from error
