"""The files of an item by canonical band, made when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from multisat.errors import AssetUnreadable, BaselineMissing
from multisat.model import FileAsset, Grid
from multisat.stac.fields import Json, declared_grid, declared_offset
from multisat.vocab.bands import BANDS
from multisat.vocab.holdings import Holding
from multisat.vocab.mgrs import tile_origin
from multisat.vocab.scaling import Scaling, scaling

_HLS_SHAPE = (3660, 3660)
_HLS_PIXEL = 30.0


class StacAssets(Mapping[str, FileAsset]):
    """Canonical band to file, for the bands the item really has.

    A search gives thousands of items with dozens of assets each, of which few are ever read, so
    an asset is made on first access.

    Args:
        item: The STAC item.
        holding: How its collection is read.
        baseline: Sentinel-2 processing baseline as a number, or None.
        tile: MGRS tile, for collections whose grid follows from it.
    """

    def __init__(self, item: Json, holding: Holding, *, baseline: float | None, tile: str | None) -> None:
        self._item, self._holding, self._baseline, self._tile = item, holding, baseline, tile
        self._made: dict[str, FileAsset] = {}

    @property
    def _keys(self) -> dict[str, str]:
        given = self._item.get("assets")
        have = given if isinstance(given, Mapping) else {}
        return {b: k for k, b in self._holding.assets.items() if isinstance(have.get(k), Mapping)}

    def __getitem__(self, band: str) -> FileAsset:
        """Return the file of a band.

        Raises:
            KeyError: The item lacks it.
            BaselineMissing: Its offset depends on a processing baseline that is not known.
        """
        if band not in self._made:
            self._made[band] = self._make(band, self._keys[band])
        return self._made[band]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def with_baseline(self, baseline: float) -> StacAssets:
        """Return the same files read with a processing baseline stated by the user."""
        return StacAssets(self._item, self._holding, baseline=baseline, tile=self._tile)

    def _make(self, band: str, key: str) -> FileAsset:
        asset = self._item["assets"][key]
        rule = self._scaling(band, asset)
        return FileAsset(
            key=key,
            band=band,
            href=self._href(asset, key),
            media_type=asset.get("type"),
            grid=self._grid(asset),
            dtype=rule.dtype,
            nodata=rule.nodata,
            scale=rule.scale,
            offset=rule.offset,
            unit=BANDS[band].unit,
            why=rule.why,
        )

    def _scaling(self, band: str, asset: Json) -> Scaling:
        try:
            return scaling(
                self._holding.scaling,
                band,
                baseline=self._baseline,
                properties=self._item["properties"],
                declared_offset=declared_offset(asset),
            )
        except BaselineMissing as error:
            error.item = str(self._item["id"])
            raise

    def _href(self, asset: Json, key: str) -> str:
        href: Any = asset.get("href")
        if not isinstance(href, str):
            raise AssetUnreadable("the catalogue gives no address", item=str(self._item["id"]), asset=key)
        return href

    def _grid(self, asset: Json) -> Grid | None:
        if self._holding.grid == "item":
            return declared_grid(asset, self._item["properties"])
        return hls_grid(self._tile) if self._holding.grid == "mgrs" and self._tile else None


def hls_grid(tile: str) -> Grid | None:
    """Return the 30 m grid of an HLS granule; south of the equator it has negative northings."""
    origin = tile_origin(tile)
    if origin is None:
        return None
    return Grid(
        crs=f"EPSG:{32600 + origin.zone}",
        transform=(_HLS_PIXEL, 0.0, float(origin.x), 0.0, -_HLS_PIXEL, float(origin.y)),
        shape=_HLS_SHAPE,
    )
