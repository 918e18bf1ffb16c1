"""Time steps: the scenes of one overpass, fused on one block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from multisat.cube.aside import aside
from multisat.cube.block import Block
from multisat.cube.opening import Opener
from multisat.cube.scene_pixels import Lost, ScenePixels, read_scene
from multisat.cube.wish import Wish
from multisat.model import Asset, Scene
from multisat.raster import together


@dataclass(frozen=True, kw_only=True)
class Step:
    """One time step on a block.

    Attributes:
        scenes: The copies that were read, in the order in which they fill pixels.
        layers: Band to numbers of shape (y, x); bands that no scene has are left out.
        masked: 1 where every scene of the overpass is masked, or None if nothing tells.
        assets: Band to the assets it was read from.
        readers: Band to what read its files, one name a file.
        lost: Scenes of which no copy could be read.
        replaced: A sentence for each scene of which another copy was read.
    """

    scenes: tuple[Scene, ...]
    layers: Mapping[str, NDArray[np.generic]]
    masked: NDArray[np.bool_] | None
    assets: Mapping[str, tuple[Asset, ...]]
    readers: Mapping[str, tuple[str, ...]]
    lost: tuple[Lost, ...]
    replaced: tuple[str, ...]


async def read_step(scenes: Sequence[Scene], wish: Wish, block: Block, opener: Opener) -> Step:
    """Read the scenes of one overpass and fuse them."""
    read = await together(read_scene(scene, wish, block, opener) for scene in scenes)
    return await aside(block.size, lambda: _step(read, wish))


def _step(read: Sequence[ScenePixels | Lost], wish: Wish) -> Step:
    found = [one for one in read if isinstance(one, ScenePixels)]
    layers = {
        band: _fused([(p.values[band], p.valid[band]) for p in found if band in p.values])
        for band in wish.bands
    }
    told = [p.masked for p in found if p.masked is not None]
    return Step(
        scenes=tuple(p.scene for p in found),
        layers={band: layer for band, layer in layers.items() if layer is not None},
        masked=np.logical_and.reduce(told) if told else None,
        assets={band: tuple(p.assets[band] for p in found if band in p.assets) for band in wish.bands},
        readers={band: tuple(p.readers[band] for p in found if band in p.readers) for band in wish.bands},
        lost=tuple(one for one in read if isinstance(one, Lost)),
        replaced=tuple(_replaced(p) for p in found if p.failures),
    )


def _fused(parts: list[tuple[NDArray[np.generic], NDArray[np.bool_]]]) -> NDArray[np.generic] | None:
    """Return one layer from several: the first valid number in order wins."""
    if not parts:
        return None
    (values, known), *others = parts
    if others:
        values, known = values.copy(), known.copy()
    for other, valid in others:
        new = valid & ~known
        values[new] = other[new]
        known |= new
    return values


def _replaced(found: ScenePixels) -> str:
    return f"{found.scene.provider} {found.scene.id} was read instead: {'; '.join(found.failures)}"
