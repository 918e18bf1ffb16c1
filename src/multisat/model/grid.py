"""Where the pixels of a raster lie: CRS, affine transform and shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from odc.geo.geobox import GeoBox


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A raster grid, north up.

    Attributes:
        crs: Such as ``"EPSG:32632"``.
        transform: ``(a, b, c, d, e, f)`` with ``x = a*col + b*row + c`` and
            ``y = d*col + e*row + f`` for the upper left corner of a pixel, in units of the CRS.
        shape: Rows, columns (y, x).
    """

    crs: str
    transform: tuple[float, float, float, float, float, float]
    shape: tuple[int, int]

    @property
    def resolution(self) -> tuple[float, float]:
        """Pixel size (y, x) in units of the CRS, both positive."""
        return abs(self.transform[4]), abs(self.transform[0])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Outer edges (left, bottom, right, top) in units of the CRS."""
        a, _, c, _, e, f = self.transform
        rows, columns = self.shape
        return (
            min(c, c + a * columns),
            min(f, f + e * rows),
            max(c, c + a * columns),
            max(f, f + e * rows),
        )

    def coarser(self, shape: tuple[int, int]) -> Grid:
        """Return the grid of an overview: it covers the same ground with fewer pixels.

        Args:
            shape: Rows, columns; neither is 0.
        """
        a, b, c, d, e, f = self.transform
        down, across = self.shape[0] / shape[0], self.shape[1] / shape[1]
        return Grid(crs=self.crs, transform=(a * across, b * down, c, d * across, e * down, f), shape=shape)

    @property
    def geobox(self) -> GeoBox:
        """The same grid as an odc-geo GeoBox."""
        from affine import Affine
        from odc.geo.geobox import GeoBox

        return GeoBox(self.shape, Affine(*self.transform), self.crs)

    @classmethod
    def from_geobox(cls, geobox: GeoBox) -> Grid:
        """Make a grid from an odc-geo GeoBox.

        Args:
            geobox: A grid of odc-geo, with a CRS.
        """
        a, b, c, d, e, f = (float(v) for v in tuple(geobox.affine)[:6])
        rows, columns = geobox.shape
        return cls(crs=str(geobox.crs), transform=(a, b, c, d, e, f), shape=(int(rows), int(columns)))

    def to_dict(self) -> dict[str, Any]:
        """Return the grid as JSON values."""
        return {"crs": self.crs, "transform": list(self.transform), "shape": list(self.shape)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Grid:
        """Make a grid from ``to_dict``.

        Args:
            data: What ``to_dict`` gave.
        """
        return cls(crs=data["crs"], transform=tuple(data["transform"]), shape=tuple(data["shape"]))

    @classmethod
    def of(cls, crs: str, transform: Sequence[float], shape: Sequence[int]) -> Grid | None:
        """Make a grid from STAC projection fields, or None if they are not those of a raster.

        Args:
            crs: Such as ``"EPSG:32632"``.
            transform: Six or nine numbers, row-major, for the upper left corner; see ``Grid``.
            shape: Rows, columns.
        """
        if len(transform) < 6 or len(shape) != 2:  # noqa: PLR2004 - an affine transform, a raster
            return None
        try:
            a, b, c, d, e, f = (float(v) for v in transform[:6])
            rows, columns = (int(v) for v in shape)
        except (TypeError, ValueError, OverflowError):
            return None
        north_up = b == d == 0 and a * e != 0 and all(map(isfinite, (a, c, e, f)))
        if not north_up or rows < 1 or columns < 1:
            return None
        return cls(crs=crs, transform=(a, b, c, d, e, f), shape=(rows, columns))
