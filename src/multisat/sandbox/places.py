"""Where the invented scenes lie: tiles of the real grids, so that names and numbers agree.

Tile corners are those of the Sentinel-2 tiling grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
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


def blob(lon: float, lat: float, reach: float, turn: float) -> dict[str, Any]:
    """Return an area with a wavy edge as a GeoJSON polygon (longitude, latitude).

    Args:
        lon: Longitude of its middle.
        lat: Latitude of its middle.
        reach: Metres from the middle to the edge, give or take a fourth.
        turn: What makes the edges of two areas differ.
    """
    ring = []
    for step in range(48):
        angle = 2 * math.pi * step / 48
        metres = reach * (1 + 0.15 * math.sin(3 * angle + turn) + 0.1 * math.sin(5 * angle + 2 * turn))
        north = metres * math.sin(angle) / _DEGREE
        ring.append([lon + metres * math.cos(angle) / _DEGREE / math.cos(math.radians(lat)), lat + north])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


_DEGREE = 111_200.0
"""Metres along a degree of a meridian, near enough."""
_IDS = (3, 16, 28, 41, 57, 72, 88, 101, 119, 134, 150, 167, 181, 199, 214, 230, 251, 268, 283, 297)
_KINDS = ("beech", "oak", "spruce", "pine")
_PARKS = (
    (11.487, 48.307, 420), (11.528, 48.309, 350), (11.484, 48.334, 300), (11.508, 48.321, 500),
    (11.531, 48.336, 260), (18.770, -33.630, 380), (18.785, -33.622, 250), (11.745, 48.149, 300),
    (11.760, 48.156, 220),
)  # fmt: skip


def _collection(features: Iterable[tuple[Mapping[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    listed = [{"type": "Feature", "properties": dict(p), "geometry": shape} for p, shape in features]
    return {"type": "FeatureCollection", "features": listed}


FORESTS = _collection(
    (
        {"forest": number, "kind": _KINDS[place % 4]},
        blob(11.4765 + 0.0153 * (place % 5), 48.3025 + 0.0125 * (place // 5), 360 + 3 * number % 90, number),
    )
    for place, number in enumerate(_IDS)
)
"""Twenty forests at Munich with their numbers as ``forest``, as a GeoJSON FeatureCollection."""
PARKS = _collection(
    ({"name": f"park-{number}"}, blob(lon, lat, reach, number))
    for number, (lon, lat, reach) in enumerate(_PARKS, 1)
)
"""Nine parks at three places, called ``name``."""
CITY = _collection([({"name": "city"}, blob(11.507, 48.322, 1900, 1.0))])
"""One city at Munich."""
