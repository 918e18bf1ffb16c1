"""Scenes of a catalogue with the bands that the service can compute with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from multisat.model import FileAsset, Grid, Scene
from multisat.vocab.bands import BANDS
from multisat.vocab.mgrs import tile_origin
from multisat_openeo.sources import SOURCES, ServiceBand

_SIDE = 109_800
"""Metres along a tile of Sentinel-2."""
_ZONE = 9_999_960, 1_000_020
"""Metres along a UTM zone, north and east, in whole multiples of every pixel."""
_SOUTH = 10_000_000
"""False northing of UTM zones of the southern hemisphere."""


def served(scene: Scene) -> Scene:
    """Return a scene with the bands of the service, which no file here holds."""
    source = SOURCES.get(scene.collection)
    if source is None:
        return replace(scene, assets={})
    names = {name: band for name, band in source.bands.items() if name in scene.bands}
    return replace(scene, assets={name: _asset(scene, name, band) for name, band in names.items()})


def _asset(scene: Scene, name: str, band: ServiceBand) -> FileAsset:
    return FileAsset(
        key=band.native,
        band=name,
        href=f"openeo://{scene.collection}/{scene.id}/{band.native}",
        grid=tile_grid(scene.tile, band.size) or zone_grid(scene.item, band.size),
        dtype="int16",
        scale=band.scale,
        offset=band.offset,
        unit=BANDS[name].unit,
        why=band.why,
    )


def tile_grid(tile: str | None, size: int) -> Grid | None:
    """Return the grid of a tile of Sentinel-2 in its own UTM zone, or None if the name is no tile's."""
    origin = tile_origin(tile) if tile else None
    if origin is None:
        return None
    return Grid(
        crs=f"EPSG:{(32700 if origin.south else 32600) + origin.zone}",
        transform=(
            float(size), 0.0, float(origin.x), 0.0, -float(size), float(origin.y + _SOUTH * origin.south),
        ),
        shape=(_SIDE // size, _SIDE // size),
    )  # fmt: skip


def zone_grid(item: Mapping[str, Any], size: int) -> Grid | None:
    """Return the grid of a whole UTM zone, on which those of its tiles lie, or None if an item names none."""
    code = item["properties"].get("proj:code")
    if not isinstance(code, str):
        return None
    transform = (float(size), 0.0, 0.0, 0.0, -float(size), float(_ZONE[0]))
    return Grid(crs=code, transform=transform, shape=(_ZONE[0] // size, _ZONE[1] // size))
