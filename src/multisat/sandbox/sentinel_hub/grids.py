"""Where the pixels of an answer lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError
from shapely.geometry import Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from multisat.sandbox.raster import Frame
from multisat.sandbox.sentinel_hub.refusing import Refused

MOST = 2500
"""Pixels on a side of an answer that comes at once."""
_SIZE = 256
"""Pixels on a side if a request says nothing."""
_URI = re.compile(r"^https?://www\.opengis\.net/def/crs/(?:OGC/1\.3/CRS84|EPSG/0/(\d{4,6}))$")
_FARTHEST = 1e8
"""No coordinate of any CRS is as large."""
_LOSS = 1e-6
"""Share of a pixel that a conversion between coordinates may lose."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PixelGrid:
    """The pixels of an answer, north up.

    Attributes:
        crs: Such as ``"EPSG:32632"``; longitude or easting comes first.
        bounds: West, south, east, north in units of the CRS.
        width: Number of columns.
        height: Number of rows.
        area: What is asked for inside the bounds, in the CRS, or None for all of it.
    """

    crs: str
    bounds: tuple[float, float, float, float]
    width: int
    height: int
    area: BaseGeometry | None = None

    @property
    def transform(self) -> Affine:
        """From column and row to coordinates of a pixel's upper left corner."""
        west, south, east, north = self.bounds
        return Affine((east - west) / self.width, 0, west, 0, (south - north) / self.height, north)

    @property
    def size(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Where pixel centres lie inside the area, shape (rows, columns)."""
        if self.area is None:
            return np.ones((self.height, self.width), dtype=bool)
        from rasterio.features import geometry_mask

        return np.asarray(~geometry_mask([self.area], (self.height, self.width), self.transform))

    @cached_property
    def footprint(self) -> BaseGeometry:
        """The bounds, or the area if there is one, in longitude and latitude."""
        from shapely import transform

        west, south, east, north = self.bounds
        place = box(*self.bounds).segmentize(max(east - west, north - south) / 8)
        return transform(self.area or place, _between(self.crs, "EPSG:4326").transform, interleaved=False)

    @property
    def metres(self) -> float:
        """Size of a pixel in metres, near enough."""
        step = float(self.transform.a)
        return step * 111_320 if CRS.from_user_input(self.crs).is_geographic else step

    def pixels_of(self, frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return row and column of a file's pixel at each pixel centre; they may lie outside the file.

        Args:
            frame: Where the file's pixels lie.
        """
        kept = self._found.get((frame.crs, frame.x, frame.y, frame.size))
        if kept is None:
            x, y = self._centres(frame.crs)
            column = np.floor((x - frame.x) / frame.size + _LOSS).astype(np.int64)
            row = np.floor((frame.y - y) / frame.size + _LOSS).astype(np.int64)
            kept = self._found[frame.crs, frame.x, frame.y, frame.size] = row, column
        return kept

    @cached_property
    def _found(self) -> dict[Any, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        return {}

    def _centres(self, crs: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        columns, rows = np.meshgrid(np.arange(self.width) + 0.5, np.arange(self.height) + 0.5)
        x = self.transform.c + self.transform.a * columns
        y = self.transform.f + self.transform.e * rows
        if crs == self.crs:
            return np.asarray(x), np.asarray(y)
        there = _between(self.crs, crs).transform(x, y)
        return np.asarray(there[0]), np.asarray(there[1])


def grid_of(bounds: Mapping[str, Any], output: Mapping[str, Any], *, most: int = MOST) -> PixelGrid:
    """Return the grid of a request.

    Args:
        bounds: Its ``input.bounds``.
        output: What has its width and height, or its resx and resy.
        most: Pixels on a side.

    Raises:
        Refused: Nothing says where, both pairs are there, or it is too large.
    """
    crs = crs_of(bounds.get("properties", {}).get("crs"))
    area = _area(bounds.get("geometry"))
    if "bbox" not in bounds and area is None:
        raise Refused("Invalid request: bounds need a bbox or a geometry.")
    x0, y0, x1, y1 = map(float, bounds["bbox"]) if "bbox" in bounds else area.bounds  # type: ignore[union-attr]
    west, east, south, north = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if west == east or south == north:
        raise Refused("Invalid request: the bounding box has no area.")
    if not max(map(abs, (west, south, east, north))) < _FARTHEST:
        raise Refused("Invalid request: the bounding box lies outside of the CRS.")
    width, height = _size(output, east - west, north - south)
    for name, value in (("width", width), ("height", height)):
        if not 1 <= value <= most:
            problem = {"parameter": f"output->{name}", "invalidValue": value, "violation": f"1 to {most}"}
            raise Refused(
                f"Invalid request: {name} must be 1 to {most} pixels, not {value}.", errors=[problem]
            )
    return PixelGrid(crs=crs, bounds=(west, south, east, north), width=width, height=height, area=area)


def crs_of(uri: str | None) -> str:
    """Return the CRS that a URI names, such as ``"EPSG:32632"``; CRS84 if there is none.

    Raises:
        Refused: It names none.
    """
    found = _URI.match(uri or "http://www.opengis.net/def/crs/OGC/1.3/CRS84")
    name = f"EPSG:{found[1] or 4326}" if found else ""
    if not name or not _known(name):
        raise Refused(f"Invalid request: unknown CRS {uri}.")
    return name


@cache
def _known(name: str) -> bool:
    try:
        CRS.from_user_input(name)
    except CRSError:
        return False
    return True


@cache
def _between(start: str, end: str) -> Transformer:
    return Transformer.from_crs(start, end, always_xy=True)


def _area(geometry: Mapping[str, Any] | None) -> BaseGeometry | None:
    if geometry is None:
        return None
    try:
        found = shape(geometry)
    except (ShapelyError, TypeError, ValueError):
        found = Polygon()
    if found.is_empty or not found.is_valid:
        raise Refused("Invalid request: the geometry is empty or not valid.")
    return found


def _size(output: Mapping[str, Any], wide: float, high: float) -> tuple[int, int]:
    by_step = {"resx", "resy"} & output.keys()
    if by_step and {"width", "height"} & output.keys():
        raise Refused("Invalid request: give width and height, or resx and resy, not both.")
    if not by_step:
        return int(output.get("width", _SIZE)), int(output.get("height", _SIZE))
    steps = float(output.get("resx", output.get("resy", 0))), float(output.get("resy", output.get("resx", 0)))
    if min(steps) <= 0:
        raise Refused("Invalid request: resx and resy must be greater than 0.")
    return max(1, round(wide / steps[0])), max(1, round(high / steps[1]))
