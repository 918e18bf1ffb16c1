"""Pixels without an end: windows of them begin on whole tiles, whatever features there are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from affine import Affine

from multisat.errors import UsageError
from multisat.model import Grid
from multisat.zones.runs import TILE

if TYPE_CHECKING:
    from odc.geo.geobox import GeoBox

Window = tuple[int, int, int, int]
"""First row and column, the row and column after the last; rows are counted downwards."""
_DIGITS = 6
"""Decimals of a pixel to which its corner is known."""


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """The pixels of a grid, continued in all directions and counted from the origin of the CRS.

    The statistics of a feature are added up tile by tile. Tiles that are counted from the origin stay where
    they are when features are added, so numbers of the others stay the same, to the last bit.

    Attributes:
        crs: Such as ``"EPSG:32632"``.
        width, height: Of a pixel in units of the CRS; the height is negative where y points up.
        left, top: Where pixels begin, as a share of a pixel, from 0 to below 1.
    """

    crs: str
    width: float
    height: float
    left: float
    top: float

    @classmethod
    def of(cls, grid: Grid) -> Mesh:
        """Return the mesh that a grid is a part of.

        Raises:
            UsageError: The grid is turned.
        """
        a, b, c, d, e, f = grid.transform
        if b or d:
            raise UsageError("features are not summed up on a turned grid", hint="choose a CRS instead")
        return cls(crs=grid.crs, width=a, height=e, left=_share(c / a), top=_share(f / e))

    @property
    def origin(self) -> GeoBox:
        """Its pixel at row 0, column 0."""
        return self.grid((0, 0, 1, 1)).geobox

    def grid(self, window: Window) -> Grid:
        """Return a window as a grid."""
        row, column, bottom, right = window
        at = Affine(
            self.width, 0, (column + self.left) * self.width, 0, self.height, (row + self.top) * self.height
        )
        a, b, c, d, e, f = tuple(at)[:6]
        return Grid(crs=self.crs, transform=(a, b, c, d, e, f), shape=(bottom - row, right - column))


def around(left: float, top: float, right: float, bottom: float) -> Window:
    """Return the whole tiles that hold a box in pixels, y downwards; at least one."""
    row, column = math.floor(top / TILE), math.floor(left / TILE)
    down, across = max(row + 1, math.ceil(bottom / TILE)), max(column + 1, math.ceil(right / TILE))
    return row * TILE, column * TILE, down * TILE, across * TILE


def joined(first: Window, second: Window) -> Window:
    """Return the window that holds both."""
    low, high = zip(first[:2], second[:2], strict=True), zip(first[2:], second[2:], strict=True)
    (row, column), (bottom, right) = (min(pair) for pair in low), (max(pair) for pair in high)
    return row, column, bottom, right


def _share(pixels: float) -> float:
    return round(pixels % 1, _DIGITS) % 1
