"""Opening assets: how is asked for at the moment of reading, and errors name what they are about."""

from __future__ import annotations

import asyncio
import time
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
_SLOW = 0.005
"""Seconds. A thread costs less than asking an archive that takes longer."""


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
        self._slow: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    @asynccontextmanager
    async def open(self, scene: Scene, asset: Asset) -> AsyncIterator[Raster]:
        """Open an asset of a scene; errors in the block name both."""
        try:
            ask = partial(self._ask, scene.provider, asset)
            async with opened(self._reader, ask, asset.href) as raster:
                yield raster
        except MultisatError as error:
            error.provider = error.provider or scene.provider
            error.item = error.item or scene.id
            error.asset = error.asset or asset.key
            raise

    async def _ask(self, provider: str, asset: Asset) -> Access:
        """Ask how to open an asset; archives that ask the network for that are asked in threads."""
        if provider in self._slow:
            return await asyncio.to_thread(self._access, provider, asset)
        begun = time.perf_counter()
        access = self._access(provider, asset)
        if time.perf_counter() - begun > _SLOW:
            self._slow.add(provider)
        return access

    async def describe(self, scene: Scene, asset: Asset) -> RasterInfo:
        """Return what an asset's header says."""
        async with self.open(scene, asset) as raster:
            return raster.info
