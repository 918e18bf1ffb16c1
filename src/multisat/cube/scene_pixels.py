"""All wanted bands of one scene, scaled and masked; or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from multisat.cube.masking import bad_pixels
from multisat.cube.opening import Opener
from multisat.cube.reader import Patch
from multisat.errors import MultisatError
from multisat.model import Asset, Scene
from multisat.vocab.bands import BANDS, resolve
from multisat.vocab.collections import COLLECTIONS
from multisat.vocab.masks import QUALITY_LAYERS, QualityLayer


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to read of every scene.

    Attributes:
        bands: Canonical names.
        words: Class words to mask, or None for no mask.
        raw: Stored numbers instead of physical ones.
        resampling: GDAL's name of a method; quality layers are always nearest.
        retry: Whether a scene that fails is tried at its alternates.
    """

    bands: tuple[str, ...]
    words: tuple[str, ...] | None = None
    raw: bool = False
    resampling: str = "nearest"
    retry: bool = True


@dataclass(frozen=True, kw_only=True)
class ScenePixels:
    """Bands of one scene on the cube's grid, each of shape (y, x).

    Attributes:
        scene: The copy that was read.
        values: Band to numbers; NaN (or the stored no-data) where there is none.
        valid: Band to where there are numbers.
        masked: Where the quality layer masks, or None if there is no such layer.
        assets: Band to the asset it was read from.
        failures: What failed before this copy was read.
    """

    scene: Scene
    values: Mapping[str, NDArray[np.generic]]
    valid: Mapping[str, NDArray[np.bool_]]
    masked: NDArray[np.bool_] | None
    assets: Mapping[str, Asset]
    failures: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A scene of which no copy could be read."""

    scene: Scene
    error: MultisatError
    failures: tuple[str, ...]


def read_scene(scene: Scene, wish: Wish, target: GeoBox, opener: Opener) -> ScenePixels | Lost:
    """Read a scene, or an alternate of it where one is there and may be tried."""
    failures: list[str] = []
    first: MultisatError | None = None
    for copy in scene.copies if wish.retry else (scene,):
        try:
            found = _read_copy(copy, wish, target, opener)
        except MultisatError as error:
            first = first or error
            failures.append(str(error))
        else:
            return ScenePixels(**{**found.__dict__, "failures": tuple(failures)})
    return Lost(scene=scene, error=first or MultisatError("no copy"), failures=tuple(failures))


def _read_copy(scene: Scene, wish: Wish, target: GeoBox, opener: Opener) -> ScenePixels:
    masked = _mask(scene, wish, target, opener)
    values, valid, assets = {}, {}, {}
    for band in wish.bands:
        own = resolve(band, scene.bands, scene.collection)
        if own is None:
            continue
        asset = assets[band] = scene.assets[own]
        method = "nearest" if BANDS[own].kind == "quality" else wish.resampling
        patch = opener.read(scene, asset, target, method)
        values[band], valid[band] = _physical(patch, asset, raw=wish.raw)
        if masked is not None and not wish.raw and BANDS[own].kind != "quality":
            valid[band] = valid[band] & ~masked
            values[band] = np.where(valid[band], values[band], np.float32(np.nan))
    return ScenePixels(scene=scene, values=values, valid=valid, masked=masked, assets=assets)


def _physical(patch: Patch, asset: Asset, *, raw: bool) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Scale in double precision, keep single; what is no data becomes NaN."""
    if raw:
        return patch.values, patch.valid
    scaled = patch.values.astype(np.float64) * asset.scale + asset.offset
    return np.where(patch.valid, scaled, np.nan).astype(np.float32), patch.valid


def _mask(scene: Scene, wish: Wish, target: GeoBox, opener: Opener) -> NDArray[np.bool_] | None:
    layer = quality_layer(scene)
    if wish.words is None or layer is None or layer.band not in scene.bands:
        return None
    asset = scene.assets[layer.band]
    patch = opener.read(scene, asset, target, "nearest")
    return bad_pixels(layer, patch.values, wish.words) | ~patch.valid


def quality_layer(scene: Scene) -> QualityLayer | None:
    """Return how the quality layer of a scene's collection is read, or None if it has none."""
    known = COLLECTIONS.get(scene.collection)
    return QUALITY_LAYERS[known.quality] if known is not None and known.quality else None
