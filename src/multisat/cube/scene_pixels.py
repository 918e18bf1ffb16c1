"""All wanted bands of one scene, scaled and masked; or why not."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from multisat.cube.aside import aside
from multisat.cube.block import Block
from multisat.cube.masking import cleaned, is_fill, metres_per_pixel, told_pixels
from multisat.cube.opening import Opener
from multisat.cube.patch import How, Patch, read_patch
from multisat.cube.physical import physical
from multisat.cube.wish import Wish
from multisat.errors import MultisatError
from multisat.model import Asset, Scene
from multisat.raster import together
from multisat.reducing import gaussian_kernel, spread
from multisat.vocab.bands import BANDS, resolve
from multisat.vocab.collections import COLLECTIONS
from multisat.vocab.masks import QUALITY_LAYERS, QualityLayer


@dataclass(frozen=True, kw_only=True)
class ScenePixels:
    """Bands of one scene on a block, each of shape (y, x).

    Attributes:
        scene: The copy that was read.
        values: Band to numbers; NaN (or the stored no-data) where there is none.
        valid: Band to where there are numbers.
        masked: Where the quality layer masks, or None if there is no such layer.
        assets: Band to the asset it was read from.
        readers: Band to what read its file.
        failures: What failed before this copy was read.
    """

    scene: Scene
    values: Mapping[str, NDArray[np.generic]]
    valid: Mapping[str, NDArray[np.bool_]]
    masked: NDArray[np.bool_] | None
    assets: Mapping[str, Asset]
    readers: Mapping[str, str]
    failures: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A scene of which no copy could be read."""

    scene: Scene
    error: MultisatError
    failures: tuple[str, ...]


async def read_scene(scene: Scene, wish: Wish, block: Block, opener: Opener) -> ScenePixels | Lost:
    """Read a scene, or an alternate of it where one is there and may be tried."""
    failures: list[str] = []
    first: MultisatError | None = None
    for copy in scene.copies if wish.retry else (scene,):
        try:
            found = await _read_copy(copy, wish, block, opener)
        except MultisatError as error:
            first = first or error
            failures.append(str(error))
        else:
            return replace(found, failures=tuple(failures))
    return Lost(scene=scene, error=first or MultisatError("no copy"), failures=tuple(failures))


async def _read_copy(scene: Scene, wish: Wish, block: Block, opener: Opener) -> ScenePixels:
    found = {band: resolve(band, scene.bands, scene.collection) for band in wish.bands}
    own = {band: name for band, name in found.items() if name is not None}
    assets = {band: scene.assets[name] for band, name in own.items()}
    masking = asyncio.create_task(_mask(scene, wish, block, opener))
    try:
        if wish.sparing and _hides_all(await masking):
            assets = {}
        reading = (_patch(scene, a, wish.resampling, block, opener) for a in assets.values())
        patches, masked = await together(reading), await masking
    finally:
        masking.cancel()
    read = dict(zip(assets, patches, strict=True))
    return await aside(block.size, lambda: _finished(scene, wish, read, assets, masked))


def _hides_all(masked: NDArray[np.bool_] | None) -> bool:
    return masked is not None and bool(masked.all())


async def _patch(scene: Scene, asset: Asset, method: str, block: Block, opener: Opener) -> Patch:
    how = How(method=method, nodata=asset.nodata, codes=BANDS[asset.band].kind == "quality")
    async with opener.open(scene, asset) as raster:
        return await read_patch(raster, block, how, opener.maps)


def _finished(
    scene: Scene,
    wish: Wish,
    patches: Mapping[str, Patch],
    assets: Mapping[str, Asset],
    masked: NDArray[np.bool_] | None,
) -> ScenePixels:
    """Scale and mask. Quality layers and stored numbers are left as they are where they are masked."""
    values: dict[str, NDArray[np.generic]] = {}
    valid: dict[str, NDArray[np.bool_]] = {}
    for band, patch in patches.items():
        asset = assets[band]
        if wish.raw:
            values[band], valid[band] = _stored(patch, asset), patch.valid
            continue
        hidden = masked is not None and BANDS[asset.band].kind != "quality"
        valid[band] = patch.valid & ~masked if hidden and masked is not None else patch.valid
        values[band] = physical(patch.values, valid[band], asset.scale, asset.offset)
    readers = {band: patch.reader for band, patch in patches.items()}
    return ScenePixels(scene=scene, values=values, valid=valid, masked=masked, assets=assets, readers=readers)


def _stored(patch: Patch, asset: Asset) -> NDArray[np.generic]:
    """Return numbers of the file's type; interpolated ones are rounded to it."""
    if asset.dtype is None or patch.values.dtype == np.dtype(asset.dtype):
        return patch.values
    kind, values = np.dtype(asset.dtype), patch.values
    values[~patch.valid] = 0 if asset.nodata is None else asset.nodata
    if kind.kind in "ui" and values.dtype.kind == "f":
        np.rint(values, out=values)
    return values.astype(kind)


async def _mask(scene: Scene, wish: Wish, block: Block, opener: Opener) -> NDArray[np.bool_] | None:
    """Return where a scene does not count; margins are made from what lies around the block, too."""
    layer = quality_layer(scene)
    if wish.words is None or layer is None or layer.band not in scene.bands:
        return None
    around = _reach(wish, block)
    patch = await _patch(scene, scene.assets[layer.band], "nearest", block.grown(around), opener)
    words = wish.words

    def made() -> NDArray[np.bool_]:
        empty = is_fill(layer, patch.values) | ~patch.valid
        bad = told_pixels(layer, patch.values, words) & patch.valid
        found = _grown(bad, wish, block) | empty
        return found[around : around + block.height, around : around + block.width]

    return await aside(block.size, made)


def _reach(wish: Wish, block: Block) -> int:
    """Return how many pixels away a pixel can still change what is masked."""
    if wish.kernel is not None:
        return wish.kernel.size // 2
    return math.ceil((2 * wish.opening + wish.dilate) / metres_per_pixel(block.whole))


def _grown(bad: NDArray[np.bool_], wish: Wish, block: Block) -> NDArray[np.bool_]:
    """Return what is masked with what is near it, or without specks."""
    if wish.kernel is not None:
        kernel = wish.kernel
        return spread(bad, gaussian_kernel(kernel.size, kernel.sigma), kernel.threshold)
    side = metres_per_pixel(block.whole)
    return cleaned(bad, opening=wish.opening / side, dilate=wish.dilate / side)


def quality_layer(scene: Scene) -> QualityLayer | None:
    """Return how the quality layer of a scene's collection is read, or None if it has none."""
    known = COLLECTIONS.get(scene.collection)
    return QUALITY_LAYERS[known.quality] if known is not None and known.quality else None
