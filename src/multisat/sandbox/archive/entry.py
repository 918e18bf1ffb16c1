"""One catalogue entry with the files behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyproj import Transformer

from multisat.sandbox.raster import Frame, RasterFile

FILES = "{files}"
"""Stands for the address of the file server in hrefs; it is known when a server runs."""

SYNTHETIC = {"multisat:synthetic": True}
COG = "image/tiff; application=geotiff; profile=cloud-optimized"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One scene at one archive.

    Attributes:
        provider: Archive.
        collection: The archive's collection id.
        id: Item id.
        place: Name of the tile it covers.
        special: What is particular about it, in words.
        item: The STAC item; hrefs begin with ``FILES``.
        files: Asset key to file, for the assets that can be read.
    """

    provider: str
    collection: str
    id: str
    place: str
    special: str = ""
    item: Mapping[str, Any] = field(repr=False)
    files: Mapping[str, RasterFile] = field(repr=False)


def outline(frame: Frame) -> list[list[float]]:
    """Return the edge of a frame as a closed ring of longitude, latitude, counter-clockwise."""
    left, top = frame.x, frame.y
    right, bottom = left + frame.columns * frame.size, top - frame.rows * frame.size
    corners = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    if frame.crs == "EPSG:4326":
        return [[float(east), float(north)] for east, north in corners]
    x, y = np.array(corners).T
    lon, lat = Transformer.from_crs(frame.crs, "EPSG:4326", always_xy=True).transform(x, y)
    return [[round(float(east), 6), round(float(north), 6)] for east, north in zip(lon, lat, strict=True)]


def geometry(frame: Frame, *, old_style: bool = False) -> tuple[dict[str, Any], list[float]]:
    """Return footprint and bounding box of a frame as archives write them.

    Args:
        frame: The frame.
        old_style: Across ±180: a ring that jumps, with west > east, instead of two polygons.
    """
    ring = outline(frame)
    longitudes = np.array([x for x, _ in ring])
    latitudes = [y for _, y in ring]
    south, north = min(latitudes), max(latitudes)
    if np.ptp(longitudes) < 180:  # noqa: PLR2004 - degrees
        bounds = [float(longitudes.min()), south, float(longitudes.max()), north]
        return {"type": "Polygon", "coordinates": [ring]}, bounds
    west, east = float(longitudes[longitudes > 0].min()), float(longitudes[longitudes < 0].max())
    if old_style:
        return {"type": "Polygon", "coordinates": [ring]}, [west, south, east, north]
    sides = [[_rectangle(west, south, 180.0, north)], [_rectangle(-180.0, south, east, north)]]
    return {"type": "MultiPolygon", "coordinates": sides}, [-180.0, south, 180.0, north]


def _rectangle(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(
    *,
    item_id: str,
    collection: str,
    frame: Frame,
    properties: Mapping[str, Any],
    assets: Mapping[str, Any],
    old_style: bool = False,
    version: str = "1.0.0",
) -> dict[str, Any]:
    """Return a STAC item; every one says that it is synthetic."""
    shape, bounds = geometry(frame, old_style=old_style)
    return {
        "type": "Feature",
        "stac_version": version,
        "stac_extensions": [],
        "id": item_id,
        "collection": collection,
        "geometry": shape,
        "bbox": bounds,
        "properties": {**properties, **SYNTHETIC},
        "assets": dict(assets),
        "links": [],
    }


def epsg(frame: Frame) -> int:
    """Return the EPSG number of a frame."""
    return int(frame.crs.partition(":")[2])
