"""Catalogue items as other archives give them: with bands, and where their pixels lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multisat.model import Grid
from multisat.vocab.holdings import Holding
from multisat.vocab.mgrs import tile_origin
from multisat.vocab.products import mgrs_tile
from multisat_sentinel_hub.holdings import PIXELS, TILE_METRES

_SOUTH = 10_000_000
"""False northing of southern UTM zones, metres."""


def dressed(item: Mapping[str, Any], holding: Holding) -> dict[str, Any]:
    """Return an item with an asset for each band of its collection.

    The addresses are names only; nothing is behind them. The catalogue tells one folder a product,
    which nobody else can read.

    Args:
        item: As the catalogue gives it.
        holding: How its collection is read.
    """
    tile = mgrs_tile(str(item.get("id")))
    return {**item, "assets": {key: _asset(item, holding, key, tile) for key in holding.assets}}


def _asset(item: Mapping[str, Any], holding: Holding, key: str, tile: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"href": f"sentinel-hub://{holding.native_id}/{item.get('id')}/{key}"}
    grid = tile_grid(tile, PIXELS[key]) if tile else None
    if grid is not None:
        found |= {
            "proj:code": grid.crs,
            "proj:transform": list(grid.transform),
            "proj:shape": list(grid.shape),
        }
    return found


def tile_grid(tile: str, size: int) -> Grid | None:
    """Return the pixels of a Sentinel-2 tile, or None if it is no tile.

    Args:
        tile: Such as ``"31UFU"``.
        size: Metres along a pixel.
    """
    origin = tile_origin(tile)
    if origin is None:
        return None
    north = origin.y + (_SOUTH if origin.south else 0)
    return Grid(
        crs=f"EPSG:{(32700 if origin.south else 32600) + origin.zone}",
        transform=(float(size), 0.0, float(origin.x), 0.0, -float(size), float(north)),
        shape=(TILE_METRES // size, TILE_METRES // size),
    )
