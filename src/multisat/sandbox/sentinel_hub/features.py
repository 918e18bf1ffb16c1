"""What batch jobs go through one by one: tiles of a grid, or the features of a GeoPackage."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyproj import CRS, Transformer
from shapely import from_wkb, transform
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from multisat.sandbox.sentinel_hub.grids import PixelGrid
from multisat.sandbox.sentinel_hub.refusing import Refused

GRIDS: Mapping[int, tuple[str, float, tuple[float, ...]]] = {
    0: ("UTM 20km grid", 20_040.0, (10.0, 20.0, 30.0, 60.0)),
    1: ("UTM 10km grid", 10_000.0, (10.0, 20.0)),
    2: ("UTM 100km grid", 100_080.0, (30.0, 60.0, 120.0, 240.0, 360.0)),
}
"""Tiling grids by id: name, width of a tile in metres, resolutions in metres.

Source: documentation of BatchV2 (2025-03). Here every zone is cut from its origin; the service's own corners
and names of tiles are other ones.
"""
WIDEST = 3500
"""Pixels on a side of a feature."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One feature.

    Attributes:
        number: Numerical id.
        name: Identifier.
        crs: Its CRS, such as ``"EPSG:32632"``.
        shape: Its geometry in that CRS.
        output: Width and height, or resx and resy, of its raster; empty if nothing says.
    """

    number: int
    name: str
    crs: str
    shape: BaseGeometry
    output: Mapping[str, Any]

    @property
    def bounds(self) -> dict[str, Any]:
        """The ``input.bounds`` of a request for it."""
        uri = f"http://www.opengis.net/def/crs/EPSG/0/{self.crs.partition(':')[2]}"
        whole = {"bbox": list(self.shape.bounds), "properties": {"crs": uri}}
        if self.shape.equals(box(*self.shape.bounds)):
            return whole
        return {**whole, "geometry": mapping(self.shape)}


def described(number: int) -> dict[str, Any]:
    """Return a tiling grid as the service lists it."""
    name, width, resolutions = GRIDS[number]
    sizes = {"tileWidth": width, "tileHeight": width, "resolutions": list(resolutions), "unit": "METRE"}
    return {"id": number, "name": name, "properties": sizes}


def tiles(wanted: Mapping[str, Any], area: PixelGrid) -> list[Feature]:
    """Return the tiles of a grid that touch an area.

    Args:
        wanted: The ``input`` of a batch request: ``id``, ``resolution``, ``bufferX``, ``bufferY``.
        area: Where; of it only bounds and area count.

    Raises:
        Refused: There is no such grid or resolution.
    """
    grid, step = int(wanted.get("id", -1)), float(wanted.get("resolution", 0))
    _, width, steps = GRIDS.get(grid, ("", 0.0, ()))
    if step not in steps:
        raise Refused(f"Invalid request: there is no tiling grid {grid} with resolution {step}.")
    found = []
    for crs, place in _zones(area.footprint):
        for left, bottom in _corners(place.bounds, width):
            square = box(left, bottom, left + width, bottom + width)
            if square.intersects(place):
                name = f"{crs.partition(':')[2]}_{left / width:.0f}_{bottom / width:.0f}"
                found.append((name, crs, _buffered(square, wanted, step)))
    return [
        Feature(number=k, name=name, crs=crs, shape=square, output={"resx": step, "resy": step})
        for k, (name, crs, square) in enumerate(found, 1)
    ]


def _zones(place: BaseGeometry) -> Iterator[tuple[str, BaseGeometry]]:
    """Give the UTM zones of a place in degrees, each with its part in the zone's coordinates."""
    west, south, east, north = place.bounds
    for zone in range(int((west + 180) // 6) + 1, int((min(east, 179.999) + 180) // 6) + 2):
        for base, low, high in ((32600, 0.0, 84.0), (32700, -80.0, 0.0)):
            part = place.intersection(box(6 * zone - 186, max(low, south), 6 * zone - 180, min(high, north)))
            if max(low, south) < min(high, north) and not part.is_empty:
                crs = f"EPSG:{base + zone}"
                to = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
                yield crs, transform(part, to.transform, interleaved=False)


def _corners(bounds: tuple[float, float, float, float], width: float) -> Iterator[tuple[float, float]]:
    west, south, east, north = bounds
    for row in range(math.floor(south / width), math.ceil(north / width)):
        for column in range(math.floor(west / width), math.ceil(east / width)):
            yield column * width, row * width


def _buffered(square: BaseGeometry, wanted: Mapping[str, Any], step: float) -> BaseGeometry:
    x, y = wanted.get("bufferX", 0) * step, wanted.get("bufferY", 0) * step
    west, south, east, north = square.bounds
    return box(west - x, south - y, east + x, north + y)


def of_geopackage(body: bytes, area: PixelGrid | None = None) -> list[Feature]:
    """Return the features of a GeoPackage.

    Args:
        body: The file.
        area: Only features that touch it, or None for all.

    Raises:
        Refused: It cannot be read, or its features are not polygons with unique identifiers.
    """
    from pyogrio import list_layers
    from pyogrio.errors import DataSourceError

    try:
        with TemporaryDirectory() as folder:  # GDAL warns of GeoPackages whose name does not say so
            file = Path(folder) / "features.gpkg"
            file.write_bytes(body)
            found = [one for layer, _ in list_layers(file) for one in _layer(file, str(layer))]
    except DataSourceError as error:
        raise Refused(f"Invalid request: the GeoPackage cannot be read: {error}") from None
    if len({one.name for one in found}) != len(found):
        raise Refused("Invalid request: identifiers of features must be unique.")
    return found if area is None else [one for one in found if _touches(one, area)]


def _layer(file: Path, layer: str) -> Iterator[Feature]:
    from pyogrio.raw import read

    meta, numbers, shapes, columns = read(file, layer=layer, return_fids=True)
    code = CRS.from_user_input(meta["crs"]).to_epsg()
    by_name = {name: columns[k] for k, name in enumerate(meta["fields"])}
    for k, number in enumerate(numbers):
        row = {name: column[k] for name, column in by_name.items()}
        shape = from_wkb(shapes[k])
        if shape.geom_type not in {"Polygon", "MultiPolygon"}:
            raise Refused(f"Invalid request: feature {number} is a {shape.geom_type}, not a polygon.")
        name = str(row.get("identifier") or number)
        yield Feature(number=int(number), name=name, crs=f"EPSG:{code}", shape=shape, output=_sizes(row))


def _sizes(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says of its raster: width and height win over the resolution."""
    if _given(row.get("width")) and _given(row.get("height")):
        return {"width": min(int(row["width"]), WIDEST), "height": min(int(row["height"]), WIDEST)}
    if _given(row.get("resolution")):
        return {"resx": float(row["resolution"]), "resy": float(row["resolution"])}
    return {}


def _given(value: Any) -> bool:  # noqa: ANN401 - a number of any kind
    return value is not None and not math.isnan(value)


def _touches(feature: Feature, area: PixelGrid) -> bool:
    to = Transformer.from_crs(feature.crs, "EPSG:4326", always_xy=True)
    return bool(transform(feature.shape, to.transform, interleaved=False).intersects(area.footprint))
