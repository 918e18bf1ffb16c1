"""The quality layer of one scene, or of an alternate where that one cannot be read."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

from multisat.cube.block import Block
from multisat.cube.fitting import fit
from multisat.cube.opening import Opener
from multisat.cube.patch import How, Patch, read_patch
from multisat.cube.scene_pixels import quality_layer
from multisat.errors import AssetUnreadable, MultisatError
from multisat.model import Asset, Scene
from multisat.raster import Raster
from multisat.screening.overviews import sampled


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy of a scene with its quality layer open."""

    scene: Scene
    asset: Asset
    raster: Raster

    @property
    def sampled(self) -> bool:
        """Whether its overviews are samples."""
        return sampled(self.scene)

    def fits(self, block: Block) -> bool:
        """Whether the pixels of a block are its own, in full resolution."""
        return fit(self.raster.info.grid, block.geobox) is not None


class QualityFile:
    """The quality layer of a scene; once a copy fails, the next one is read.

    Args:
        scene: The scene with its alternates.
        opener: How files are opened.
        stack: Closes them.

    Attributes:
        scene: The scene that was asked for.
        failures: What failed so far, one sentence a copy.
        error: The first failure, or None.
    """

    def __init__(self, scene: Scene, opener: Opener, stack: AsyncExitStack) -> None:
        self.scene = scene
        self.failures: list[str] = []
        self.error: MultisatError | None = None
        self._left = list(scene.copies)
        self._opener, self._stack = opener, stack
        self._turn = asyncio.Lock()
        self._open: Copy | None = None

    @property
    def lost(self) -> bool:
        """Whether no copy is left to read."""
        return self._open is None and not self._left

    @property
    def read(self) -> Scene:
        """The copy that is read; the scene itself if none is."""
        return self._open.scene if self._open is not None else self.scene

    async def copy(self) -> Copy | None:
        """Return the copy to read, open, or None if none can be opened."""
        async with self._turn:
            while self._open is None and self._left:
                try:
                    self._open = await self._opened(self._left.pop(0))
                except MultisatError as error:
                    self._note(error)
            return self._open

    async def patch(self, block: Block, *, coarse: bool) -> tuple[Copy, Patch] | None:
        """Return the copy that was read and its codes on a block, or None if none can be read.

        Args:
            block: Where.
            coarse: Whether an overview may be read.
        """
        while (file := await self.copy()) is not None:
            codes = not (coarse and file.sampled)
            how = How(method="nearest", nodata=file.asset.nodata, codes=codes)
            try:
                return file, await read_patch(file.raster, block, how, self._opener.maps)
            except MultisatError as error:
                if self._open is file:  # another window of it may have failed first
                    self._open = None
                    self._note(error)
        return None

    async def _opened(self, scene: Scene) -> Copy:
        layer = quality_layer(scene)
        if layer is None or layer.band not in scene.bands:
            raise AssetUnreadable(
                "the scene has no quality layer",
                provider=scene.provider,
                item=scene.id,
                hint=f"it has {', '.join(scene.bands) or 'no files'}",
            )
        asset = scene.assets[layer.band]
        raster = await self._stack.enter_async_context(self._opener.open(scene, asset))
        return Copy(scene=scene, asset=asset, raster=raster)

    def _note(self, error: MultisatError) -> None:
        self.error = self.error or error
        self.failures.append(str(error))
