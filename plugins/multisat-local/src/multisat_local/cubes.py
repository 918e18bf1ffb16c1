"""Cubes that multisat wrote as GeoTIFF, each with its item beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from multisat.model import FileAsset
from multisat.stac.fields import declared_grid, number
from multisat.vocab.bands import BANDS
from multisat.vocab.holdings import Holding
from multisat_local.items import Json

CUBES = Holding(
    native_id="multisat-cubes",
    collection="multisat-cubes",
    assets={},
    scaling="",
    naming="id",
    checked="2026-11-21",
    source="items that multisat writes beside its files",
)
"""A collection of their own: a median or a clip is no copy of a scene, and comes only if it is asked for."""
_KEY = "data"
_SOFTWARE = "multisat-eo"


def is_cube(item: Json) -> bool:
    """Whether multisat wrote the file of an item."""
    properties, assets = item.get("properties"), item.get("assets")
    said = properties.get("processing:software") if isinstance(properties, Mapping) else None
    by_us = isinstance(said, Mapping) and _SOFTWARE in said and not item.get("collection")
    return by_us and isinstance(assets, Mapping) and isinstance(assets.get(_KEY), Mapping)


class CubeAssets(Mapping[str, FileAsset]):
    """The file by its band, if it has one band, and that is of the vocabulary; files are read by their first.

    Args:
        item: The item beside the file.
    """

    def __init__(self, item: Json) -> None:
        self._asset: Mapping[str, Any] = item["assets"][_KEY]
        self._properties: Mapping[str, Any] = item["properties"]
        bands = self._asset.get("bands")
        alone = bands[0] if isinstance(bands, list) and len(bands) == 1 else None
        self._band: Mapping[str, Any] = alone if isinstance(alone, Mapping) else {}

    def __getitem__(self, band: str) -> FileAsset:
        """Return the file; numbers are scaled as its item says."""
        if band not in tuple(self):
            raise KeyError(band)
        said = self._band
        scale, offset, nodata = (number(said.get(k)) for k in ("raster:scale", "raster:offset", "nodata"))
        return FileAsset(
            key=_KEY,
            band=band,
            href=str(self._asset.get("href")),
            media_type=self._asset.get("type"),
            grid=declared_grid(self._asset, self._properties),
            dtype=said.get("data_type"),
            nodata=math.nan if said.get("nodata") == "nan" else nodata,
            scale=1.0 if scale is None else scale,
            offset=0.0 if offset is None else offset,
            unit=BANDS[band].unit,
            why="as the item beside the file says, which multisat wrote",
        )

    def __iter__(self) -> Iterator[str]:
        name = self._band.get("name")
        return iter([name] if isinstance(name, str) and name in BANDS else [])

    def __len__(self) -> int:
        return len(list(iter(self)))
