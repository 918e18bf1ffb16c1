"""From items to scenes: read as the archive's own are, with files by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from multisat.model import FileAsset, Scene
from multisat.stac.assets import StacAssets
from multisat.stac.harmonise import harmonise
from multisat.vocab.archives import EARTH_SEARCH, NASA_CMR, PLANETARY_COMPUTER
from multisat.vocab.holdings import Holding
from multisat_local.cubes import CUBES, CubeAssets, is_cube
from multisat_local.folders import NAME
from multisat_local.items import Json, archive_of, is_path

_FIRST = -1
"""Rank before those of all archives: a copy on this disk costs nothing to read."""
_TABLES: Mapping[str, tuple[Holding, ...]] = {
    "earth-search": EARTH_SEARCH,
    "planetary-computer": PLANETARY_COMPUTER,
    "nasa-cmr": NASA_CMR,
}


def _held() -> Iterator[tuple[str, Holding]]:
    for archive, table in _TABLES.items():
        yield from ((archive, replace(holding, rank=_FIRST)) for holding in table)


_HELD = tuple(_held())
HOLDINGS: tuple[Holding, ...] = (*(holding for _, holding in _HELD), CUBES)
"""What a folder may hold: all that the built-in archives do, and cubes that were written."""


def scene_of(item: Json) -> Scene:
    """Return the scene of a kept item.

    Raises:
        InvalidAnswer: It lacks what every item must have.
    """
    if is_cube(item):
        scene = harmonise({**item, "collection": CUBES.native_id}, provider=NAME, holdings=_BY_CUBE)
        return replace(scene, item=item, assets=CubeAssets(item))
    scene = harmonise(item, provider=NAME, holdings=_reading(item))
    files = cast("StacAssets", scene.assets)
    return replace(scene, assets=LocalAssets(files, archive_of(item)))


def _reading(item: Json) -> Mapping[str, Holding]:
    """Return how an item's collection is read: as its archive's, or as one whose asset keys it has."""
    native, archive = item.get("collection"), archive_of(item)
    assets = item.get("assets")
    keys = set(assets) if isinstance(assets, Mapping) else set()
    found = [(a, h) for a, h in _HELD if native in (h.native_id, *h.also)]
    own = [h for a, h in found if a == archive] or [h for _, h in found]
    best = max(own, key=lambda holding: len(keys & set(holding.assets)), default=None)
    return {} if best is None else {str(native): best}


_BY_CUBE = {CUBES.native_id: CUBES}


class LocalAssets(Mapping[str, FileAsset]):
    """Files by canonical band; one that is still at its archive is named ``ARCHIVE/KEY``.

    Args:
        files: The files as the collection's holding reads them.
        archive: The archive that opens what is not here, or None if the item does not say.
    """

    def __init__(self, files: StacAssets, archive: str | None) -> None:
        self._files, self._archive = files, archive

    def __getitem__(self, band: str) -> FileAsset:
        """Return the file of a band; errors are those of ``StacAssets``."""
        asset = self._files[band]
        away = self._archive is not None and not is_path(asset.href)
        return replace(asset, key=f"{self._archive}/{asset.key}") if away else asset

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def with_baseline(self, baseline: float) -> LocalAssets:
        """Return the same files read with a processing baseline stated by the user."""
        return LocalAssets(self._files.with_baseline(baseline), self._archive)
