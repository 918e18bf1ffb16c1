"""Where the invented scenes lie: tiles of the real grids, so that names and numbers agree.

Tile corners are those of the Sentinel-2 tiling grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multisat.sandbox.raster import Frame

SIDE = 6000
"""Side of the window every scene covers, in metres."""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One MGRS tile and the window of it that has data.

    Attributes:
        name: Such as ``"32UPU"``.
        zone: UTM zone.
        south: Whether it lies south of the equator.
        corner: Left and upper edge of the tile in the *northern* zone, in metres.
        window: Left and upper edge of the window, in metres from the corner (right, down);
            multiples of 60.
        path_row: WRS-2 path and row over it.
    """

    name: str
    zone: int
    south: bool
    corner: tuple[int, int]
    window: tuple[int, int]
    path_row: str

    def frame(self, size: float, *, shift: float = 0, northern: bool = False) -> Frame:
        """Return the window in pixels of a size.

        Args:
            size: Pixel size in metres.
            shift: Metres by which the window is moved right and down and kept inside.
            northern: Whether to use the northern zone south of the equator, as Landsat and HLS do.
        """
        x, y = self.corner[0] + self.window[0], self.corner[1] - self.window[1]
        in_south = self.south and not northern
        count = int((SIDE - 2 * abs(shift)) // size)
        return Frame(
            crs=f"EPSG:{(32700 if in_south else 32600) + self.zone}",
            x=x + shift,
            y=y + (10_000_000 if in_south else 0) - shift,
            size=size,
            rows=count,
            columns=count,
        )

    def whole(self, size: float, count: int) -> Frame:
        """Return the frame of the whole tile in the northern zone."""
        x, y = self.corner
        return Frame(crs=f"EPSG:{32600 + self.zone}", x=x, y=y, size=size, rows=count, columns=count)


TILES: Mapping[str, Tile] = {
    "munich": Tile(
        name="32UPU", zone=32, south=False, corner=(600000, 5400000), window=(82800, 42000), path_row="193026"
    ),
    "cape": Tile(
        name="34HBH", zone=34, south=True, corner=(199980, -3699960), window=(91200, 20040), path_row="175083"
    ),
    "taveuni-west": Tile(
        name="60KZG", zone=60, south=True, corner=(799980, -1800000), window=(16740, 62400), path_row="073072"
    ),
    "taveuni-east": Tile(
        name="01KAB", zone=1, south=True, corner=(99960, -1800000), window=(77280, 62400), path_row="073072"
    ),
    "overlap-west": Tile(
        name="32UPU",
        zone=32,
        south=False,
        corner=(600000, 5400000),
        window=(102000, 60000),
        path_row="193026",
    ),
    "overlap-east": Tile(
        name="32UQU", zone=32, south=False, corner=(699960, 5400000), window=(2040, 60000), path_row="193026"
    ),
}
"""Tiles by the name of their place."""


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a box as a GeoJSON polygon (longitude, latitude)."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


FIELDS: Mapping[str, dict[str, Any]] = {
    "munich": box(11.495, 48.312, 11.52, 48.33),
    "cape": box(18.765, -33.635, 18.79, -33.618),
    "taveuni": {
        "type": "MultiPolygon",
        "coordinates": [
            box(179.985, -16.862, 180, -16.84)["coordinates"],
            box(-180, -16.862, -179.985, -16.84)["coordinates"],
        ],
    },
    "overlap": box(11.74, 48.145, 11.765, 48.16),
}
"""Areas of interest inside the windows, as GeoJSON (longitude, latitude)."""
