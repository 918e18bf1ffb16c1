"""Opening assets: how is asked for at the moment of reading, and errors name what they are about."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Self

from multisat.contracts import Access
from multisat.cube.maps import Maps
from multisat.errors import MultisatError
from multisat.model import Asset, Scene
from multisat.raster import Raster, RasterInfo, Reader, opened

AccessTo = Callable[[str, Asset], Access]
"""Provider name and asset to how the asset is opened now."""


class Opener:
    """A reader together with the way to each archive's files.

    Args:
        reader: Opens files.
        access: Tells how to open an asset of a provider now.

    Attributes:
        maps: Where pixels lie in files, for all files that are opened.
    """

    def __init__(self, reader: Reader, access: AccessTo) -> None:
        self._reader = reader
        self.maps = Maps()
        self._access = access

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    @asynccontextmanager
    async def open(self, scene: Scene, asset: Asset) -> AsyncIterator[Raster]:
        """Open an asset of a scene; errors in the block name both."""
        try:
            ask = partial(self._access, scene.provider, asset)
            async with opened(self._reader, ask, asset.href) as raster:
                yield raster
        except MultisatError as error:
            error.provider = error.provider or scene.provider
            error.item = error.item or scene.id
            error.asset = error.asset or asset.key
            raise

    async def describe(self, scene: Scene, asset: Asset) -> RasterInfo:
        """Return what an asset's header says."""
        async with self.open(scene, asset) as raster:
            return raster.info
